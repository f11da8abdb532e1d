"""Somebody whom the roster says may not sign in: kept in their classes, refused by that service alone."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from tests.factory import LATER, MUCH_LATER, NOW, House, a_teacher, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.sign_ins import Somebody, begin_sign_in, recognize
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.questions.people import refused_by_roster, usable_account
from webapp.store.tables import Change, Identity


def _switch(shared: SharedRoster, person: str, *, enabled: bool) -> None:
    shared.people = [replace(one, enabled=enabled) if one.source_id == person else one for one in shared.people]


def _account(house: House, subject: str) -> UUID:
    with tenant(house.district_id) as session:
        return session.scalars(select(Identity.account_id).where(Identity.subject == subject)).one()


def _refused(house: House, subject: str, provider: str = "clever") -> bool:
    with tenant(house.district_id) as session:
        return refused_by_roster(session, _account(house, subject), provider, house.authority)


def test_who_is_switched_off_may_not_sign_in_by_that_service_and_stays_in_class(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _switch(shared, "s1", enabled=False)
    synced(house, services, LATER)
    assert _refused(house, "s1") and not _refused(house, "s2") and not _refused(house, "s1", "classlink")
    assert roster(house, "Biology")["student"] == sorted(PUPILS)
    with tenant(house.district_id) as session:
        assert usable_account(session, _account(house, "s1"))
    _switch(shared, "s1", enabled=True)
    synced(house, services, MUCH_LATER)
    assert not _refused(house, "s1")


def test_who_comes_switched_off_is_imported_so(house: House, services: Mapping[str, Service], shared: SharedRoster):
    _switch(shared, "s1", enabled=False)
    imported(house, a_teacher(house), ["biology"], services)
    assert _refused(house, "s1")
    counts = synced(house, services, LATER).counts
    assert (counts["added"], counts["updated"]) == (0, 0)


def test_REL_15_the_journal_tells_of_the_switch(house: House, services: Mapping[str, Service], shared: SharedRoster):
    imported(house, a_teacher(house), ["biology"], services)
    _switch(shared, "s1", enabled=False)
    synced(house, services, LATER)
    with tenant(house.district_id) as session:
        told = session.execute(select(Change.before, Change.after).order_by(Change.id.desc())).first()
    assert told and tuple(told) == ({"enabled": True}, {"enabled": False})


def test_SEC_12_sign_ins_by_that_service_end_at_once_and_those_by_password_do_not(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    who = Somebody(account_id=teacher, district_id=house.district_id)
    by_service, by_password = (begin_sign_in(who, provider, now=NOW) for provider in ("clever", "password"))
    assert recognize(by_service, now=NOW)
    _switch(shared, "t1", enabled=False)
    synced(house, services, LATER)
    assert recognize(by_service, now=NOW) is None
    assert recognize(by_password, now=NOW)


def test_of_two_records_of_one_account_the_newest_ones_word_counts(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _switch(shared, "s1", enabled=False)
    synced(house, services, LATER)
    with tenant(house.district_id) as session:
        newer = Identity(provider="clever", authority=house.authority, kind="user_id", subject="s1-new")
        newer.district_id, newer.account_id, newer.valid_from = house.district_id, _account(house, "s1"), MUCH_LATER
        session.add(newer)
    assert not _refused(house, "s1")
