"""What a sync does while its service does not stand by its own data: whoever is new comes in, nobody goes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from tests.factory import LATER, MUCH_LATER, NOW, House, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.decide_hold import approve_hold
from webapp.actions.request_sync import request_connection_sync
from webapp.jobs.clock import request_nightly
from webapp.providers.errors import AccessWithdrawn
from webapp.providers.service import Condition, Service
from webapp.roster.records import Term
from webapp.settings import Settings
from webapp.store.database import engine, tenant
from webapp.store.tables import Connection, SyncRun

PAUSED = Condition(settled=False, sentence="Clever itself is paused until August 12.", until=date(2027, 8, 12))
FALL = Term("fall", "Fall", date(2026, 8, 1), date(2026, 12, 18))
SPRING = Term("spring", "Spring", date(2027, 1, 5), date(2027, 6, 10))


def _connection(house: House) -> Connection:
    with tenant(house.district_id) as session:
        return session.get_one(Connection, house.connection_id)


def _letters() -> int:
    with engine().connect() as connection:
        return int(connection.execute(text("select count(*) from outbox")).scalar_one())


def _set_cursor(house: House, cursor: str) -> None:
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).feed_cursor = cursor


def test_REL_1_while_a_service_is_paused_nobody_is_removed_and_no_class_frozen(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.leave("biology", *PUPILS[:3])
    shared.withdraw("chemistry")
    shared.condition = PAUSED
    run = synced(house, services, LATER)
    assert (run.state, run.reason, run.counts["removed"]) == ("done", PAUSED.sentence, 0)
    assert roster(house, "Biology")["student"] == sorted(PUPILS)
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}
    assert (_connection(house).state, _connection(house).state_reason) == ("paused", PAUSED.sentence)


def test_REL_7_while_a_service_is_paused_who_is_new_comes_in_and_names_are_followed(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.condition = PAUSED
    shared.join("biology", "newcomer")
    shared.rename("biology", "Biology II")
    synced(house, services, LATER)
    assert "newcomer" in roster(house, "Biology II")["student"]


def test_a_teacher_imports_while_her_service_is_paused(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.condition = PAUSED
    assert imported(house, a_teacher(house), ["biology"], services).state == "done"
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_what_a_pause_hides_is_no_hold_and_writes_no_letter(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:18])
    shared.condition = PAUSED
    assert synced(house, services, LATER).state == "done"
    assert _letters() == 0


def test_a_pause_is_no_good_sync_and_leaves_the_feeds_cursor(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.feed_stands_at = "c1"
    synced(house, services, NOW)
    shared.condition, shared.feed_stands_at = PAUSED, "c2"
    synced(house, services, LATER)
    assert (_connection(house).last_good_sync_at, _connection(house).feed_cursor) == (NOW, "c1")


def test_after_the_pause_the_next_sync_does_what_was_left_out(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", "s1")
    shared.condition = PAUSED
    synced(house, services, LATER)
    shared.condition = Condition()
    assert synced(house, services, MUCH_LATER).counts["removed"] == 1
    assert (_connection(house).state, _connection(house).state_reason) == ("connected", None)


def test_a_paused_connection_has_its_nights(house: House, services: Mapping[str, Service], shared: SharedRoster):
    imported(house, a_teacher(house), ["biology"], services)
    shared.condition = PAUSED
    synced(house, services, LATER)
    request_nightly(Settings(_env_file=None), datetime(2026, 10, 6, 6, 0, tzinfo=UTC))
    with tenant(house.district_id) as session:
        assert session.scalar(text("select count(*) from sync_run where state = 'requested'")) == 1
    assert request_connection_sync(house.district_id, house.connection_id, now=MUCH_LATER)


def test_a_hold_is_still_to_be_decided_after_a_sync_that_could_not_look(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    shared.condition = PAUSED
    synced(house, services, MUCH_LATER)
    with tenant(house.district_id) as session:
        assert session.get_one(SyncRun, held.id).state == "held"


def test_an_approved_hold_that_meets_a_pause_waits_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    shared.condition = PAUSED
    again = worked(house, held.id, services, MUCH_LATER)
    assert (again.state, again.reason, again.approved_at) == ("held", held.reason, None)
    assert roster(house, "Biology")["student"] == sorted(PUPILS)
    shared.condition = Condition()
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    assert worked(house, held.id, services, MUCH_LATER).counts["removed"] == 15


def test_a_settled_sentence_is_a_note_and_nothing_else(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", "s1")
    shared.condition = Condition(sentence="Students can sign in from September 1.")
    run = synced(house, services, LATER)
    assert (run.state, run.reason, run.counts["removed"]) == ("done", None, 1)
    assert (_connection(house).state, _connection(house).note) == ("connected", shared.condition.sentence)
    shared.condition = Condition()
    synced(house, services, MUCH_LATER)
    assert _connection(house).note is None


def test_REL_25_access_withdrawn_during_a_pause_asks_for_attention(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.condition = PAUSED
    synced(house, services, LATER)
    shared.trouble = AccessWithdrawn("Clever says no.")
    synced(house, services, MUCH_LATER)
    assert _connection(house).state == "attention"


@pytest.mark.parametrize(("known", "state"), [((FALL,), "archived"), ((FALL, SPRING), "active")])
def test_a_pause_archives_only_what_was_known_to_be_over_before(
    house: House, services: Mapping[str, Service], shared: SharedRoster, known: tuple[Term, ...], state: str
):
    """The summer's pause outlasts the terms; but a half-read section that lacks its spring term is not over."""
    shared.terms = [FALL, SPRING]
    own = tuple(term.source_id for term in known)
    shared.sections = [replace(one, term_source_ids=own) for one in shared.sections]
    imported(house, a_teacher(house), ["biology"], services)
    shared.sections = [replace(one, term_source_ids=("fall",)) for one in shared.sections]
    shared.condition = PAUSED
    synced(house, services, datetime(2027, 1, 12, 12, tzinfo=UTC))
    assert classes(house) == {"Biology": state}
