"""Days on which a district wants its classes left as they are (REL-32)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, MUCH_LATER, NOW, House, a_house, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.connection_setting import SettingRefused
from webapp.actions.decide_hold import approve_hold
from webapp.actions.set_blackout import LONGEST, set_blackout
from webapp.providers.service import Service
from webapp.roster.records import Term
from webapp.store.database import tenant
from webapp.store.tables import Connection

TODAY = date(2026, 10, 5)
FALL = Term("fall", "Fall", date(2026, 8, 1), date(2026, 9, 30))
SENTENCE = "The district wants its classes left as they are until October 12."


def _blackout(house: House, first: date = TODAY, last: date = date(2026, 10, 12)) -> None:
    set_blackout(house.district_id, house.connection_id, first, last, now=NOW)


def test_REL_32_in_a_blackout_nobody_is_removed_and_no_class_frozen_or_archived(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.terms = [FALL]
    shared.sections = [replace(one, term_source_ids=("fall",)) for one in shared.sections[:1]] + shared.sections[1:]
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    imported(house, _drama_teacher(house), ["drama"], services)
    shared.leave("chemistry", "s1")
    shared.withdraw("drama")
    _blackout(house, last=date(2026, 11, 30))
    run = synced(house, services, NOW + timedelta(days=20))  # Biology's grace is over, too
    assert (run.state, run.counts["removed"]) == ("done", 0)
    assert classes(house) == {"Biology": "active", "Chemistry": "active", "Drama": "active"}
    assert roster(house, "Chemistry")["student"] == PUPILS[:5]
    run = synced(house, services, NOW + timedelta(days=60))
    assert classes(house) == {"Biology": "archived", "Chemistry": "active", "Drama": "frozen"}
    assert roster(house, "Chemistry")["student"] == PUPILS[1:5]


def _drama_teacher(house: House):
    with tenant(house.district_id) as session:
        t2 = session.execute(text("select account_id from identity where subject = 't2'")).scalar_one()
        session.execute(
            text("""insert into license_member (district_id, license_id, account_id, role, joined_at)
                    values (:d, :l, :a, 'teacher', now())"""),
            {"d": house.district_id, "l": house.license_id, "a": t2},
        )
    return t2


def test_REL_32_the_run_and_the_connection_say_until_when(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _blackout(house)
    assert synced(house, services, LATER).reason == SENTENCE
    with tenant(house.district_id) as session:
        connection = session.get_one(Connection, house.connection_id)
        assert (connection.state, connection.state_reason, connection.last_good_sync_at) == ("paused", SENTENCE, None)


def test_REL_32_who_is_new_comes_in_and_teachers_import(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _blackout(house)
    assert imported(house, a_teacher(house), ["biology"], services).state == "done"
    shared.join("biology", "newcomer")
    synced(house, services, LATER)
    assert roster(house, "Biology")["student"] == sorted([*PUPILS, "newcomer"])


@pytest.mark.parametrize(("day", "left_alone"), [(4, False), (5, True), (12, True), (13, False)])
def test_REL_32_it_lasts_from_its_first_day_to_its_last_in_the_districts_own_time(
    house: House, services: Mapping[str, Service], shared: SharedRoster, day: int, left_alone: bool
):
    imported(house, a_teacher(house), ["biology"], services, datetime(2026, 10, 1, tzinfo=UTC))
    _blackout(house)
    shared.leave("biology", "s1")
    synced(house, services, datetime(2026, 10, day + 1, 3, 30, tzinfo=UTC))  # half past eleven in the evening
    assert ("s1" in roster(house, "Biology")["student"]) is left_alone


def test_REL_32_a_hold_that_is_approved_in_a_blackout_waits_for_its_end(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    _blackout(house)
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    before = roster_rows()
    assert worked(house, held.id, services, MUCH_LATER).state == "held"
    assert roster_rows() == before


def test_REL_32_it_can_be_taken_back(house: House, services: Mapping[str, Service], shared: SharedRoster):
    imported(house, a_teacher(house), ["biology"], services)
    _blackout(house)
    set_blackout(house.district_id, house.connection_id, None, None, now=NOW)
    shared.leave("biology", "s1")
    assert synced(house, services, LATER).counts["removed"] == 1


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (TODAY, None, "both"),
        (None, TODAY, "both"),
        (TODAY, TODAY - timedelta(days=1), "before the first"),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=1), "over"),
        (TODAY, TODAY + LONGEST + timedelta(days=1), "180"),
    ],
)
def test_REL_32_impossible_days_are_refused(house: House, first: date | None, last: date | None, why: str):
    with pytest.raises(SettingRefused, match=why):
        set_blackout(house.district_id, house.connection_id, first, last, now=NOW)


@pytest.mark.parametrize("days", [0, LONGEST.days - 1, LONGEST.days])
def test_REL_32_from_one_day_to_half_a_year_is_possible(house: House, days: int):
    _blackout(house, last=TODAY + timedelta(days=days))
    with tenant(house.district_id) as session:
        assert session.scalar(text("select count(*) from audit where action = 'connection.blackout'")) == 1


def test_SEC_17_another_districts_blackout_can_not_be_set(house: House):
    with pytest.raises(SettingRefused):
        set_blackout(a_house().district_id, house.connection_id, TODAY, TODAY, now=NOW)
