"""How the whole house is: the operator's page and the numbers for machines say the same (safety.md REL-33)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from tests.factory import House, a_house
from tests.views.deciders import operators_tab
from tests.views.school import meanwhile, now
from tests.views.test_teacher_classes import words
from webapp.jobs import queue
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Connection, SyncRun


@pytest.fixture
def house(app: Flask) -> House:
    """A connected district that nobody has imported from."""
    return a_house()


def a_run(house: House, state: str, minutes: int = 5, **values: object) -> SyncRun:
    """A run of this district that was asked for so many minutes ago."""
    with tenant(house.district_id) as session:
        run = SyncRun(
            district_id=house.district_id,
            connection_id=house.connection_id,
            kind="sync",
            state=state,
            requested_at=now() - timedelta(minutes=minutes),
            **values,
        )
        session.add(run)
        session.flush()
        return run


def last_good_sync(house: House, hours: float) -> None:
    """The connection had its last good sync so many hours ago."""
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).last_good_sync_at = now() - timedelta(hours=hours)


def metrics(app: Flask) -> dict[str, float]:
    """The numbers by name and labels."""
    told = app.test_client().get("/metrics", base_url="http://localhost:8000").text
    lines = [line.rsplit(" ", 1) for line in told.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def page(app: Flask) -> str:
    """The operator's page in words."""
    return words(operators_tab(app).get("/operator").text)


def test_REL_33_a_quiet_house_says_so(app: Flask, house: House) -> None:
    told = page(app)
    assert "Without a good sync for 36 hours none" in told and "Oldest waiting sync none waits" in told
    assert "0 waiting, 0 running, 0 parked, 0 held" in told and "Queue 0 jobs" in told
    numbers = metrics(app)
    assert numbers["rollbook_holds"] == numbers["rollbook_letters_failed"] == numbers["rollbook_connections_late"] == 0


def test_REL_33_runs_that_wait_are_parked_or_held_are_counted_and_named_by_district(app: Flask, house: House) -> None:
    a_run(house, "requested", minutes=7)
    a_run(house, "parked", next_try_at=now() + timedelta(hours=2))
    held = a_run(house, "held")
    told = page(app)
    assert "asked for 7 minutes ago" in told and "1 waiting, 0 running, 1 parked, 1 held" in told
    assert "Waiting for a decision" in told and "Parked until the service answers" in told
    assert f'href="/holds/{held.id}"' in operators_tab(app).get("/operator").text
    numbers = metrics(app)
    assert numbers["rollbook_holds"] == 1 and numbers['rollbook_sync_runs_open{state="parked"}'] == 1
    assert 420 <= numbers["rollbook_oldest_waiting_seconds"] < 480


def test_REL_33_the_last_good_sync_of_each_connection_and_the_late_ones(app: Flask, house: House) -> None:
    last_good_sync(house, 35)
    assert metrics(app)["rollbook_connections_late"] == 0
    last_good_sync(house, 37)
    numbers = metrics(app)
    assert numbers["rollbook_connections_late"] == 1
    stamp = numbers[f'rollbook_last_good_sync_timestamp_seconds{{connection="{house.connection_id}"}}']
    assert abs(stamp - (now() - timedelta(hours=37)).timestamp()) < 60
    told = page(app)
    assert "Without a good sync for 36 hours 1 connection" in told and re.search(r"ago Late", told)


def test_REL_33_the_depth_of_the_queue(app: Flask, settings: Settings, house: House) -> None:
    queue.connect(settings.queue_url)
    queue.nudge(uuid4(), house.district_id, fast=True)
    queue.nudge_letters()
    queue.nudge(uuid4(), house.district_id, fast=False)
    assert "Queue 3 jobs" in page(app)
    numbers = metrics(app)
    assert numbers['rollbook_queue_depth{queue="fast"}'] == 2 and numbers['rollbook_queue_depth{queue="sync"}'] == 1


def test_REL_33_a_queue_that_does_not_answer_is_told_and_breaks_nothing(app: Flask, house: House) -> None:
    queue.connect("redis://127.0.0.1:1/0")
    assert "Queue does not answer" in page(app)
    assert metrics(app)['rollbook_queue_depth{queue="fast"}'] == -1


def test_REL_33_letters_that_failed_are_told_apart_from_those_on_their_way(app: Flask, house: House) -> None:
    for attempts, minutes in ((0, None), (1, 1), (1, -1), (3, 60)):
        due = "null" if minutes is None else f"now() + interval '{minutes} minutes'"
        meanwhile(
            "insert into outbox (kind, ids, written_at, attempts, next_try_at) "
            f"values ('linked', '{{}}', now(), {attempts}, {due})"
        )
    numbers = metrics(app)
    assert (numbers["rollbook_letters_unsent"], numbers["rollbook_letters_failed"]) == (4, 2)
    assert "5 to leave, 2 failed so far" in page(app)  # the operator who looks has a letter, too


def test_PRIV_3_the_numbers_name_nobody(app: Flask, house: House) -> None:
    last_good_sync(house, 1)
    with tenant(house.district_id) as session:
        name = session.execute(text("select name from district")).scalar_one()
    assert name not in app.test_client().get("/metrics", base_url="http://localhost:8000").text
