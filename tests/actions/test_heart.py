"""A run at work shows that it lives and keeps its lease, however long a step takes; an outlived one stays outlived."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tests.factory import LATER, NOW, House, a_teacher, imported, roster, worked
from tests.shared_roster import SharedRoster
from webapp.actions import heart as heart_of_a_run
from webapp.actions import plan, sync_connection
from webapp.actions.heart import Heart
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.stopwatch import Stopwatch
from webapp.actions.turn import Turn
from webapp.providers.service import Service
from webapp.store import leases
from webapp.store.database import TenantConnection, tenant
from webapp.store.questions.runs import mark_alive
from webapp.store.tables import Lease, SyncRun

SHORT = timedelta(seconds=0.4)
A_WHILE = 3 * SHORT.total_seconds()


@pytest.fixture
def short_leases() -> Iterator[None]:
    leases.last(SHORT)
    yield
    leases.last(leases.LEASE_FOR)


def _run(house: House, *, began_at: datetime = NOW, state: str = "running") -> Turn:
    run = SyncRun(connection_id=house.connection_id, kind="sync", state=state, requested_at=NOW)
    run.district_id, run.started_at, run.alive_at = house.district_id, began_at, NOW
    with tenant(house.district_id) as session:
        session.add(run)
        session.flush()
        return Turn(run.id, house.district_id, house.connection_id, began_at)


def _taken(house: House, holder: UUID, now: datetime) -> int:
    with TenantConnection(house.district_id) as door, door.transaction() as connection:
        return leases.take(connection, house.connection_id, house.district_id, holder, now)


def _alive_at(turn: Turn) -> datetime | None:
    with tenant(turn.district_id) as session:
        return session.get_one(SyncRun, turn.run_id).alive_at


def _lease_ends(house: House) -> datetime:
    with tenant(house.district_id) as session:
        return session.scalars(select(Lease.expires_at)).one()


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.usefixtures("short_leases")
def test_REL_19_a_beating_heart_renews_the_lease_again_and_again(house: House):
    turn = _run(house)
    with Heart(turn, Stopwatch(NOW)) as heart:
        heart.fence = _taken(house, turn.run_id, NOW)
        _until(lambda: _lease_ends(house) > NOW + 3 * SHORT)
        assert (_alive_at(turn) or NOW) > NOW + SHORT
    assert not [thread for thread in threading.enumerate() if thread.name == "heart"]


@pytest.mark.usefixtures("short_leases")
def test_REL_19_a_heart_brings_no_lease_back_that_another_run_has_taken(house: House):
    turn, other = _run(house), uuid4()
    with Heart(turn, Stopwatch(NOW)) as heart:
        fence = _taken(house, turn.run_id, NOW)
        _taken(house, other, NOW + timedelta(hours=1))
        ends, heart.fence = _lease_ends(house), fence
        _until(lambda: (_alive_at(turn) or NOW) > NOW + 2 * SHORT)
        assert _lease_ends(house) == ends


@pytest.mark.usefixtures("short_leases")
@pytest.mark.parametrize("lost", [{"state": "requested"}, {"began_at": LATER}], ids=["swept up", "begun by another"])
def test_REL_19_a_heart_keeps_no_run_alive_that_is_another_workers_by_now(house: House, lost: dict[str, str]):
    turn = _run(house, **lost)  # type: ignore[arg-type]
    mine = Turn(turn.run_id, turn.district_id, turn.connection_id, NOW)
    with Heart(mine, Stopwatch(NOW)) as heart:
        heart.fence = _taken(house, turn.run_id, NOW)
        time.sleep(A_WHILE)
    assert _alive_at(turn) == NOW
    assert _lease_ends(house) == NOW + SHORT


@pytest.mark.usefixtures("short_leases")
def test_REL_19_a_missed_beat_ends_nothing(house: House, monkeypatch: pytest.MonkeyPatch):
    turn, failed = _run(house), list[bool]()

    def fails_once(session: Session, *args: Any) -> bool:
        if not failed:
            failed.append(True)
            session.execute(text("select 1 / 0"))
        return mark_alive(session, *args)

    monkeypatch.setattr(heart_of_a_run, "mark_alive", fails_once)
    with Heart(turn, Stopwatch(NOW)):
        _until(lambda: (_alive_at(turn) or NOW) > NOW)
    assert failed


@pytest.mark.usefixtures("short_leases")
def test_PRIV_3_a_beat_that_python_ends_is_one_line_that_names_nobody_and_ends_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    turn, failed = _run(house), list[bool]()

    def fails_once(session: Session, *args: Any) -> bool:
        if not failed:
            failed.append(True)
            raise ValueError("Canary Bird")
        return mark_alive(session, *args)

    monkeypatch.setattr(heart_of_a_run, "mark_alive", fails_once)
    with capture_logs() as told, Heart(turn, Stopwatch(NOW)):
        _until(lambda: (_alive_at(turn) or NOW) > NOW)
    [line] = told
    assert (line["run"], line["why"]) == (str(turn.run_id), "ValueError") and "webapp/actions/heart.py:" in line[
        "where"
    ]
    assert "Canary" not in f"{told} {capfd.readouterr()}"


@pytest.mark.usefixtures("short_leases")
@pytest.mark.parametrize("slow", ["compare", "look_again"])
def test_REL_19_a_step_that_outlasts_the_lease_lets_no_other_run_in(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    monkeypatch: pytest.MonkeyPatch,
    slow: str,
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.join("biology", "newcomer")
    shared.leave("chemistry", "s1")
    with tenant(house.district_id) as session:
        session.execute(text("""update connection set cursors = '{"whole_requests": 1}'"""))
    run_id = request_connection_sync(house.district_id, house.connection_id, now=LATER)
    room = plan if slow == "compare" else sync_connection
    real, waited = getattr(room, slow), []
    turn = Turn(run_id, house.district_id, house.connection_id, LATER)

    def takes_long(*args: object) -> object:
        _until(lambda: (_alive_at(turn) or LATER) > LATER + 2 * SHORT)
        if slow == "compare":
            _until(lambda: _lease_ends(house) > LATER + 3 * SHORT)
            with pytest.raises(leases.LeaseBusy):
                _taken(house, uuid4(), LATER + 2 * SHORT)
        waited.append(slow)
        return real(*args)

    monkeypatch.setattr(room, slow, takes_long)
    assert worked(house, run_id, services, LATER).state == "done" and waited
    assert "newcomer" in roster(house, "Biology")["student"] and "s1" not in roster(house, "Chemistry")["student"]


@pytest.mark.usefixtures("short_leases")
def test_REL_20_a_page_that_takes_long_is_no_silence(
    house: House, services: Mapping[str, Service], shared: SharedRoster, monkeypatch: pytest.MonkeyPatch
):
    imported(house, a_teacher(house), ["biology"], services)
    run_id = request_connection_sync(house.district_id, house.connection_id, now=LATER)
    alive = list[bool]()

    def reads_long(place: str) -> None:
        if place == "fetch.page_read" and not alive:
            _until(lambda: (_alive_at(Turn(run_id, house.district_id, house.connection_id, LATER)) or NOW) > LATER)
            alive.append(True)

    monkeypatch.setattr(sync_connection, "checkpoint", reads_long)
    assert worked(house, run_id, services, LATER).state == "done" and alive
