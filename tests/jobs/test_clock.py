"""The clock and the sweeper: what is due, what was missed, what died."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from redis import Redis
from rq import Queue
from sqlalchemy import text

from tests.factory import NOW, House, a_house, a_teacher
from tests.shared_roster import SharedRoster, SharedService
from webapp.actions.request_import import request_import
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.sweep import SILENT_TOO_LONG, TRIES, sweep
from webapp.jobs import queue
from webapp.jobs.clock import request_nightly, sweep_up
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import tenant
from webapp.store.tables import SyncRun

SETTINGS = Settings(_env_file=None)


@pytest.fixture
def house(database_url: str) -> House:
    return a_house()


@pytest.fixture
def valkey(queue_url: str) -> Iterator[Redis]:
    connection = queue.connect(queue_url)
    yield connection
    connection.close()


def _import(house: House) -> UUID:
    seal.use_keys(Fernet.generate_key().decode())
    shared = SharedRoster()
    shared.add_section("Biology", students=["s1"])
    services = {"clever": SharedService(shared)}
    return request_import(house.district_id, a_teacher(house), ["biology"], services=services, now=NOW)


def _set(house: House, run_id: UUID, **values: object) -> None:
    with tenant(house.district_id) as session:
        run = session.get_one(SyncRun, run_id)
        for name, value in values.items():
            setattr(run, name, value)


def _state(house: House, run_id: UUID) -> str:
    with tenant(house.district_id) as session:
        return session.get_one(SyncRun, run_id).state


def _syncs(house: House) -> int:
    with tenant(house.district_id) as session:
        return int(session.scalar(text("select count(*) from sync_run where kind = 'sync'")) or 0)


def test_REL_20_a_flushed_queue_is_nudged_again_for_every_requested_run(house: House, valkey: Redis):
    run_id = _import(house)
    queue.nudge(run_id, house.district_id, fast=True)
    valkey.flushdb()
    sweep_up(SETTINGS, NOW)
    jobs = Queue("fast", connection=valkey, serializer="json").get_jobs()
    assert [job.args for job in jobs] == [[str(run_id), str(house.district_id)]]


def test_SEC_28_the_queue_holds_json_and_ids_only(house: House, valkey: Redis):
    run_id = _import(house)
    queue.nudge(run_id, house.district_id, fast=False)
    [job] = Queue("sync", connection=valkey, serializer="json").get_jobs()
    stored = valkey.hgetall(job.key)
    assert "Biology" not in str(stored) and job.func_name in queue.ALLOWED
    assert json.loads(job.serializer.dumps(job.args)) == [str(run_id), str(house.district_id)]


def test_REL_20_a_run_whose_worker_died_is_requested_again(house: House):
    run_id = _import(house)
    _set(house, run_id, state="running", alive_at=NOW, attempts=1)
    assert sweep(NOW + SILENT_TOO_LONG) == []
    heads = sweep(NOW + SILENT_TOO_LONG + timedelta(seconds=1))
    assert [head.run_id for head in heads] == [run_id] and _state(house, run_id) == "requested"


def test_a_run_that_kills_its_worker_each_time_fails_in_the_end(house: House):
    run_id = _import(house)
    _set(house, run_id, state="running", alive_at=NOW, attempts=TRIES)
    assert sweep(NOW + timedelta(hours=1)) == []
    assert _state(house, run_id) == "failed"


def test_a_parked_run_waits_for_its_time(house: House):
    run_id = _import(house)
    _set(house, run_id, state="parked", next_try_at=NOW + timedelta(minutes=5))
    assert sweep(NOW + timedelta(minutes=4)) == []
    assert [head.run_id for head in sweep(NOW + timedelta(minutes=6))] == [run_id]


def test_the_nightly_sync_comes_once_at_the_districts_own_hour(house: House):
    _import(house)  # on Monday at 10:00 in New York
    tuesday_at_two = datetime(2026, 10, 6, 6, 0, tzinfo=UTC)  # 02:00 in New York
    request_nightly(SETTINGS, NOW)
    request_nightly(SETTINGS, tuesday_at_two - timedelta(minutes=1))
    assert _syncs(house) == 0
    request_nightly(SETTINGS, tuesday_at_two)
    request_nightly(SETTINGS, tuesday_at_two + timedelta(hours=1))
    assert _syncs(house) == 1


def test_asking_for_a_sync_twice_asks_once(house: House):
    one = request_connection_sync(house.district_id, house.connection_id, now=NOW)
    assert request_connection_sync(house.district_id, house.connection_id, now=NOW) == one
