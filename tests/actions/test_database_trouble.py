"""PostgreSQL fails in the middle of a run: what was committed stays, the run comes again, and no log names anybody."""

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, House, a_teacher, imported, roster, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.request_undo import request_undo
from webapp.actions.sweep import SILENT_TOO_LONG, TRIES, sweep
from webapp.actions.turn import AGAIN_AFTER
from webapp.providers.service import Service
from webapp.store.database import engine, tenant
from webapp.store.tables import SyncRun

AGAIN = LATER + timedelta(seconds=AGAIN_AFTER + 30)
NO_ROOM, SHUT_DOWN, LOCKED, BROKEN_RULE = "53100", "57P01", "55P03", "23514"
FAILS = """
create or replace function fail_now() returns trigger language plpgsql as $$
begin raise exception 'no such luck' using errcode = '{state}', detail = 'Failing row contains (Canary Bird).'; end $$;
create trigger fail_now before insert on {table} for each row execute function fail_now()
"""


@pytest.fixture
def mended() -> Iterator[None]:
    """No table fails any more at the end."""
    yield
    _mend()


def _fail(table: str, state: str) -> None:
    with engine().begin() as connection:
        connection.execute(text(FAILS.format(table=table, state=state)))


def _mend() -> None:
    with engine().begin() as connection:
        for table in ("account", "school_class", "enrollment", "change", "section"):
            connection.execute(text(f"drop trigger if exists fail_now on {table}"))


def _run_now(house: House, run_id: UUID) -> SyncRun:
    with tenant(house.district_id) as session:
        return session.get_one(SyncRun, run_id)


@pytest.fixture
def changed(house: House, services: Mapping[str, Service], shared: SharedRoster, mended: None) -> UUID:
    """A run that is to be done: newcomers, a new name, somebody who left; its id."""
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.join("biology", "newcomer")
    shared.leave("chemistry", "s1")
    return request_connection_sync(house.district_id, house.connection_id, now=LATER)


@pytest.mark.parametrize(("table", "state"), [("account", NO_ROOM), ("enrollment", SHUT_DOWN), ("change", LOCKED)])
def test_REL_34_a_run_that_met_no_room_comes_again_by_itself_and_nothing_is_lost(
    house: House, services: Mapping[str, Service], changed: UUID, table: str, state: str
):
    _fail(table, state)
    now = LATER
    for _ in range(TRIES + 1):
        run = worked(house, changed, services, now)
        assert (run.state, run.attempts) == ("requested", 0)
        assert run.next_try_at and run.next_try_at >= now + timedelta(seconds=AGAIN_AFTER)
        now = run.next_try_at
    _mend()
    assert [head.run_id for head in sweep(now)] == [changed]
    run = worked(house, changed, services, now)
    assert (run.state, run.counts["removed"]) == ("done", 1)
    assert roster(house, "Biology")["student"] == sorted([*PUPILS, "newcomer"])


def test_REL_34_nothing_of_a_transaction_that_met_no_room_is_there(
    house: House, services: Mapping[str, Service], changed: UUID
):
    before = roster_rows()
    _fail("account", NO_ROOM)
    worked(house, changed, services, LATER)
    assert roster_rows() == before


def test_REL_34_a_run_that_the_database_refuses_each_time_is_found_by_the_sweeper_and_fails_in_the_end(
    house: House, services: Mapping[str, Service], changed: UUID
):
    _fail("enrollment", BROKEN_RULE)
    now = LATER
    for tries in range(1, TRIES + 1):
        run = worked(house, changed, services, now)
        assert (run.state, run.attempts) == ("running", tries)
        now += 2 * SILENT_TOO_LONG
        sweep(now)
    assert _run_now(house, changed).state == "failed"


@pytest.mark.parametrize("state", [NO_ROOM, BROKEN_RULE])
def test_REL_34_PRIV_3_what_the_database_quotes_of_a_row_is_in_no_log(
    house: House,
    services: Mapping[str, Service],
    changed: UUID,
    state: str,
    caplog: pytest.LogCaptureFixture,
):
    _fail("enrollment", state)
    with caplog.at_level(logging.DEBUG), capture_logs() as told:
        worked(house, changed, services, LATER)
    assert state in str(told) and "Canary" not in str(told) + caplog.text


def test_REL_34_an_undo_that_met_no_room_comes_again_by_itself(
    house: House, services: Mapping[str, Service], changed: UUID
):
    assert worked(house, changed, services, LATER).state == "done"
    undo = request_undo(house.district_id, changed, now=AGAIN)
    _fail("change", NO_ROOM)
    run = worked(house, undo, services, AGAIN)
    assert (run.state, run.attempts) == ("requested", 0)
    _mend()
    assert worked(house, undo, services, AGAIN + timedelta(minutes=5)).state == "done"
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_a_run_that_broke_off_and_came_again_tells_what_it_did_in_all(
    house: House, services: Mapping[str, Service], changed: UUID
):
    _fail("enrollment", NO_ROOM)
    worked(house, changed, services, LATER)  # the newcomer's account is there, her enrollment is not
    _mend()
    run = worked(house, changed, services, LATER + timedelta(hours=1))
    told = {name: run.counts[name] for name in ("added", "updated", "removed")}
    assert told == {"added": 2, "updated": 0, "removed": 1}
    assert run.counts["unchanged"] > 40
