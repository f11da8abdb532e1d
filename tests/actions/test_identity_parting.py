"""Two accounts that were joined are two again, and what an undo does about people who were joined (REL-30)."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from tests.actions.proposal_steps import (
    admin_of,
    assert_closed_accounts_are_in_no_class,
    comes_anew,
    decide,
    everything,
    join_them,
    numbered,
    places,
    proposals,
    the_proposal,
)
from tests.actions.undo_steps import call, class_of, later, students, undone
from tests.factory import House, a_teacher, imported, synced, worked
from tests.machine.proofs import replay
from tests.shared_roster import SharedRoster
from webapp.actions.decide_proposal import CannotDecide, take_back
from webapp.actions.request_undo import request_put_back
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.questions.proposals import count_open


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


def test_REL_30_joining_is_taken_back_with_every_place_and_the_next_sync_agrees(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    was = everything(house)
    asked = join_them(house, admin, later(2))
    call(shared, "s1-new", "Renamed")
    synced(house, services, later(3))
    assert take_back(house.district_id, asked.id, account_id=admin, now=later(4)) == 0
    assert everything(house) == was
    assert replay(house.district_id) == []
    with pytest.raises(CannotDecide, match="not joined"):
        take_back(house.district_id, asked.id, account_id=admin, now=later(4))
    synced(house, services, later(5))
    assert places(house, "s1-new") == {"Biology": "active", "Chemistry": "active"}
    assert synced(house, services, later(6)).counts["updated"] == 0 and the_proposal(house).state == "undone"


def test_REL_30_what_was_changed_since_stays_and_is_counted_when_it_is_taken_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    asked = join_them(house, admin, later(2))
    shared.leave("chemistry", "s1-new")
    synced(house, services, later(3))
    assert take_back(house.district_id, asked.id, account_id=admin, now=later(4)) == 1
    assert places(house, "s1-new") == {"Biology": "active", "Chemistry": "ended"}


def test_REL_30_joining_can_be_taken_back_for_thirty_days(
    house: House, services: Mapping[str, Service], teacher: UUID, admin: UUID
):
    asked = join_them(house, admin, later(2))
    with pytest.raises(CannotDecide, match="30 days"):
        take_back(house.district_id, asked.id, account_id=admin, now=later(2) + timedelta(days=30))
    take_back(house.district_id, asked.id, account_id=admin, now=later(2) + timedelta(days=29, hours=23))


def test_REL_30_a_question_is_moot_while_one_of_the_two_is_joined_with_a_third(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    first = join_them(house, admin, later(2))
    comes_anew(shared, "s1-new", "s1-third")
    synced(house, services, later(3))
    second = proposals(house)[1]
    assert second.known_account_id == first.known_account_id
    decide(house, second.id, admin)
    with tenant(house.district_id) as session:
        assert count_open(session) == 0
    take_back(house.district_id, second.id, account_id=admin, now=later(5))
    take_back(house.district_id, first.id, account_id=admin, now=later(6))
    assert places(house, "s1-third") == {"Biology": "active", "Chemistry": "active"}


def test_REL_30_REL_14_an_undo_of_an_older_sync_leaves_people_who_were_joined_since_alone(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    shared.leave("biology", "s2")
    run = synced(house, services, later(1.5))
    comes_anew(shared, "s3", "s3-new")
    moved = synced(house, services, later(2))
    decide(house, proposals(house)[1].id, admin)
    assert undone(house, run.id, later(4)).counts["skipped"] == 0 and "s2" in students(house)
    undo = undone(house, moved.id, later(5))
    assert "s3-new" in students(house) and undo.counts["removed"] == 0
    assert_closed_accounts_are_in_no_class(house)


def test_REL_30_REL_14_a_class_put_back_to_before_they_were_joined_keeps_the_one_person(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    join_them(house, admin, later(2))
    run_id = request_put_back(house.district_id, class_of(house).id, later(1.5), account_id=teacher, now=later(3))
    run = worked(house, run_id, services, later(3))
    assert "s1-new" in students(house)
    assert {one["why"] for one in run.counts["left_alone"]} == {"edited"}
    assert_closed_accounts_are_in_no_class(house)


def test_REL_30_REL_14_an_undo_never_brings_a_closed_account_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, admin: UUID
):
    shared.leave("chemistry", "s1-new")
    run = synced(house, services, later(1.5))
    asked = join_them(house, admin, later(2))
    assert [one["account_id"] for one in undone(house, run.id, later(3)).counts["left_alone"]] == [
        str(asked.new_account_id)
    ]
    assert_closed_accounts_are_in_no_class(house)
