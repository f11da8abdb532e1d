"""Same person: one account with the new id, everything in one transaction, and nothing deleted (REL-30)."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from tests.actions.proposal_steps import (
    account_of_live,
    admin_of,
    comes_anew,
    decide,
    how_many,
    join_them,
    numbered,
    places,
    proposals,
    seated,
    stands,
    the_proposal,
)
from tests.actions.roster_rows import roster_rows
from tests.actions.undo_steps import account_of, call, class_of, later, marks, students
from tests.factory import House, a_house, a_teacher, imported, synced
from tests.machine.proofs import replay
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.decide_proposal import CannotDecide, ProposalChanged, different_people, same_person, take_back
from webapp.actions.hand_roster import remove_by_hand
from webapp.actions.sign_ins import Somebody, begin_sign_in, recognize
from webapp.providers.service import Service
from webapp.store import leases
from webapp.store.database import tenant
from webapp.store.questions.proposals import count_open
from webapp.store.tables import Account, Enrollment, Identity


@pytest.fixture
def teacher(house: House, services: Mapping[str, Service], shared: SharedRoster) -> UUID:
    """A teacher who has imported Biology and Chemistry; then s1 came anew, and was asked about."""
    numbered(shared)
    teacher = a_teacher(house)
    imported(house, teacher, ["biology", "chemistry"], services)
    comes_anew(shared, "s1", "s1-new")
    synced(house, services, later(1))
    return teacher


@pytest.fixture
def admin(house: House) -> UUID:
    """Somebody who decides."""
    return admin_of(house)


def test_REL_30_the_same_person_keeps_the_account_and_every_place_and_syncs_leave_it_so(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    asked = join_them(house, admin, later(2))
    assert account_of_live(house, "s1-new") == asked.known_account_id
    assert places(house, "s1-new") == {"Biology": "active", "Chemistry": "active"}
    assert students(house) == sorted({*PUPILS, "s1-new"} - {"s1"})
    before = roster_rows("identity_proposal")
    run = synced(house, services, later(3))
    assert (run.counts["added"], run.counts["updated"], run.counts["removed"]) == (0, 0, 0)
    assert roster_rows("identity_proposal") == before
    assert replay(house.district_id) == [] and marks(house) == {}


def test_REL_30_the_new_account_is_closed_and_nothing_is_deleted(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    counted = [how_many(house, table) for table in ("account", "identity")]
    asked = join_them(house, admin, later(2))
    assert [how_many(house, table) for table in ("account", "identity")] == counted
    with tenant(house.district_id) as session:
        assert session.get_one(Account, asked.new_account_id).merged_into_id == asked.known_account_id
        old = session.scalars(select(Identity).where(Identity.subject == "s1")).one()
        assert old.valid_to == later(2) and old.account_id == asked.known_account_id
        of_new = select(Enrollment.state).where(Enrollment.account_id == asked.new_account_id)
        assert set(session.scalars(of_new)) == {"ended"}
        assert count_open(session) == 0


def test_REL_30_who_never_left_keeps_the_day_on_which_they_came(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    asked = join_them(house, admin, later(24 * 5))
    with tenant(house.district_id) as session:
        of_known = select(Enrollment).where(Enrollment.account_id == asked.known_account_id)
        for one in session.scalars(of_known):
            assert (one.began_on, one.ended_on) == (later(0).date(), None)


def test_REL_30_an_id_that_is_still_shared_stays_and_both_lead_to_one_person(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    comes_anew(shared, "s2", "s2-new", stays=True)
    synced(house, services, later(2))
    asked = proposals(house)[1]
    decide(house, asked.id, admin)
    assert account_of_live(house, "s2") == account_of_live(house, "s2-new") == asked.known_account_id
    before = roster_rows()
    synced(house, services, later(4))
    assert roster_rows() == before
    take_back(house.district_id, asked.id, account_id=admin, now=later(5))
    assert places(house, "s2") == places(house, "s2-new") == {"Biology": "active", "Chemistry": "active"}
    assert replay(house.district_id) == []


def test_REL_30_SEC_21_two_who_become_one_need_one_seat_and_the_other_goes_to_who_waits(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    numbered(shared)
    house = a_house(seats=20)
    imported(house, a_teacher(house), ["biology"], services)
    comes_anew(shared, "s1", "s1-new", stays=True)
    shared.join("biology", "late")
    synced(house, services, later(1))
    assert places(house, "s1-new") == places(house, "late") == {"Biology": "waiting"}
    admin = admin_of(house)
    asked = join_them(house, admin, later(2))
    assert seated(house) == 20 and places(house, "late") == {"Biology": "waiting"}
    take_back(house.district_id, asked.id, account_id=admin, now=later(3))
    assert seated(house) == 20 and places(house, "s1-new") == {"Biology": "waiting"}


def test_REL_30_SEC_21_the_seat_of_the_new_id_is_not_given_to_somebody_else(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    numbered(shared)
    house = a_house(seats=20)
    imported(house, a_teacher(house), ["biology"], services)
    comes_anew(shared, "s1", "s1-new")
    synced(house, services, later(1))
    shared.join("biology", "late")
    synced(house, services, later(1.5))
    admin = admin_of(house)
    asked = join_them(house, admin, later(2))
    assert places(house, "s1-new") == {"Biology": "active"} and places(house, "late") == {"Biology": "waiting"}
    take_back(house.district_id, asked.id, account_id=admin, now=later(3))
    assert places(house, "s1-new") == {"Biology": "active"} and places(house, "late") == {"Biology": "waiting"}
    assert seated(house) == 20


@pytest.mark.parametrize("which", ["known", "new"])
def test_REL_30_REL_16_whom_a_hand_took_out_under_either_id_stays_out(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID, which: str
):
    klass = class_of(house, "Chemistry").id
    if which == "known":
        remove_by_hand(house.district_id, klass, account_of(house, "s2"), "student", teacher, now=later(1.2))
    comes_anew(shared, "s2", "s2-new", stays=which == "known")
    synced(house, services, later(1.4))
    if which == "new":
        remove_by_hand(house.district_id, klass, account_of(house, "s2-new"), "student", teacher, now=later(1.6))
    asked = proposals(house)[1]
    decide(house, asked.id, admin)
    for hours in (4, 5):
        assert places(house, "s2-new") == {"Biology": "active", "Chemistry": "ended"}
        synced(house, services, later(hours))
    take_back(house.district_id, asked.id, account_id=admin, now=later(6))
    assert places(house, "s2-new")["Chemistry"] == ("active" if which == "known" else "ended")
    assert replay(house.district_id) == []


def test_REL_30_SEC_12_both_are_signed_out_and_the_closed_account_can_never_sign_in(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    asked = the_proposal(house)
    both = (asked.known_account_id, asked.new_account_id)
    cookies = [begin_sign_in(Somebody(one, house.district_id), "clever", now=later(1.9)) for one in both]
    join_them(house, admin, later(2))
    assert [recognize(cookie, now=later(2)) for cookie in cookies] == [None, None]
    again = begin_sign_in(Somebody(asked.new_account_id, house.district_id), "clever", now=later(2.1))
    assert recognize(again, now=later(2.1)) is None


def test_REL_30_different_people_stay_two_and_are_not_asked_about_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    asked = the_proposal(house)
    different_people(house.district_id, asked.id, account_id=admin, now=later(2))
    shared.leave("biology", "s1-new")
    synced(house, services, later(3))
    shared.join("biology", "s1-new")
    synced(house, services, later(4))
    assert [one.state for one in proposals(house)] == ["declined"]
    assert account_of_live(house, "s1-new") == asked.new_account_id


def test_REL_30_what_is_decided_twice_or_was_changed_since_is_refused_with_a_sentence(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    asked, shown = the_proposal(house), stands(house)
    call(shared, "s1-new", "Renamed")
    synced(house, services, later(1.5))
    with pytest.raises(ProposalChanged, match="has changed since"):
        same_person(house.district_id, asked.id, account_id=admin, seen=shown, now=later(2))
    assert the_proposal(house).state == "open"
    join_them(house, admin, later(2))
    for act in (
        lambda: same_person(house.district_id, asked.id, account_id=admin, seen=stands(house), now=later(2)),
        lambda: different_people(house.district_id, asked.id, account_id=admin, now=later(2)),
    ):
        with pytest.raises(ProposalChanged, match="already joined"):
            act()


def test_REL_30_REL_19_while_a_sync_applies_nothing_is_joined(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    asked = the_proposal(house)
    with tenant(house.district_id) as session:
        leases.take(session.connection(), house.connection_id, house.district_id, asked.id.__class__(int=7), later(2))
    before = roster_rows("identity_proposal")
    with pytest.raises(CannotDecide, match="sync is working"):
        join_them(house, admin, later(2))
    assert roster_rows("identity_proposal") == before


def test_REL_30_SEC_17_another_districts_question_is_not_there(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    asked, other = the_proposal(house), a_house()
    with pytest.raises(NoResultFound):
        different_people(other.district_id, asked.id, account_id=admin, now=later(2))
    with pytest.raises(NoResultFound):
        same_person(other.district_id, asked.id, account_id=admin, seen="", now=later(2))
