"""Asking for a sync: twice at the same moment, and while a worker begins what was asked for."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select, text

from tests.factory import LATER, NOW, House
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.sweep import SILENT_TOO_LONG, sweep
from webapp.store.database import engine, tenant
from webapp.store.tables import Connection, SyncRun

BLOCKED = """
select exists (select from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
               and wait_event_type = 'Lock')
"""


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    """Another thread, for what somebody else does at the same time."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def _ask(house: House, now: datetime = NOW) -> UUID:
    return request_connection_sync(house.district_id, house.connection_id, now=now)


def _runs(house: House) -> dict[UUID, str]:
    with tenant(house.district_id) as session:
        return {run.id: run.state for run in session.scalars(select(SyncRun))}


def _wait_until_blocked(asked: Future[UUID]) -> None:
    """Return once the other thread waits for a transaction that has not ended yet."""
    while True:
        with engine().connect() as connection:
            if connection.scalar(text(BLOCKED)):
                return
        assert not asked.done(), "it did not wait"
        time.sleep(0.01)


def test_two_who_ask_at_the_same_moment_get_the_same_run(house: House, elsewhere: ThreadPoolExecutor):
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id, with_for_update={"key_share": True})
        mine = SyncRun(district_id=house.district_id, connection_id=house.connection_id, kind="sync")
        mine.state, mine.requested_at = "requested", NOW
        session.add(mine)
        session.flush()
        asked = elsewhere.submit(_ask, house)
        _wait_until_blocked(asked)
    assert asked.result() == mine.id
    assert _runs(house) == {mine.id: "requested"}


def test_who_asks_while_a_worker_begins_the_waiting_run_gets_another(house: House, elsewhere: ThreadPoolExecutor):
    begun = _ask(house)
    with tenant(house.district_id) as session:
        session.get_one(SyncRun, begun).state = "running"
        session.flush()
        asked = elsewhere.submit(_ask, house)
        _wait_until_blocked(asked)
    another = asked.result()
    assert _runs(house) == {begun: "running", another: "requested"}


def test_asking_for_a_parked_sync_tries_it_at_once(house: House):
    parked = _ask(house)
    with tenant(house.district_id) as session:
        run = session.get_one(SyncRun, parked)
        run.state, run.next_try_at = "parked", LATER
    assert _ask(house) == parked
    with tenant(house.district_id) as session:
        run = session.get_one(SyncRun, parked)
        assert (run.state, run.next_try_at) == ("requested", None)


def test_REL_20_a_dead_run_comes_back_although_somebody_has_asked_again_meanwhile(house: House):
    begun = _ask(house)
    with tenant(house.district_id) as session:
        run = session.get_one(SyncRun, begun)
        run.state, run.alive_at = "running", NOW
    again = _ask(house)
    heads = sweep(NOW + 2 * SILENT_TOO_LONG)
    assert {head.run_id for head in heads} == {begun, again}
