"""Work that breaks down is told of by ids, kind and place, and names nobody, whoever prints it (PRIV-3)."""

import logging
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from redis import Redis
from rq import Queue, SimpleWorker
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.factory import LATER, NOW, House, a_house, a_teacher, imported
from tests.shared_roster import SharedRoster, SharedService
from webapp.actions.request_sync import request_connection_sync
from webapp.commands.worker import OwnJob
from webapp.jobs import queue, work
from webapp.jobs.breakdown import JobBrokeDown, without_names
from webapp.jobs.clock import Periodic, send_letters, tick
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import directory, engine
from webapp.store.outbox import put

SETTINGS = Settings(_env_file=None)
CANARY = "Canary Bird"
FAILS = """
create or replace function quote_a_row() returns trigger language plpgsql as $$
begin raise exception 'Canary Bird is no good' using errcode = '{state}', detail = 'Failing row has (Canary Bird).';
end $$;
create trigger quote_a_row before update on {table} for each row execute function quote_a_row()
"""


class SameProcess(SimpleWorker):
    """A worker that does our jobs in this process, so that the test sees everything it logs."""

    job_class = OwnJob


@pytest.fixture
def shared() -> SharedRoster:
    shared = SharedRoster()
    shared.add_section("Biology", students=["s1"])
    return shared


@pytest.fixture
def house(database_url: str, settings: Settings, shared: SharedRoster, monkeypatch: pytest.MonkeyPatch) -> House:
    """A district with one class, in a process that can work."""
    work.prepare(settings)
    seal.use_keys(Fernet.generate_key().decode())
    services = {"clever": SharedService(shared)}
    monkeypatch.setattr(work, "_services", services)
    house = a_house()
    imported(house, a_teacher(house), ["biology"], services)
    return house


@pytest.fixture
def mended(database_url: str) -> Iterator[None]:
    """No table fails any more at the end."""
    yield
    with engine().begin() as connection:
        for table in ("sync_run", "outbox"):
            connection.execute(text(f"drop trigger if exists quote_a_row on {table}"))


@pytest.fixture
def run_id(house: House) -> UUID:
    """A sync that is requested and queued."""
    run_id = request_connection_sync(house.district_id, house.connection_id, now=LATER)
    queue.nudge(run_id, house.district_id, fast=False)
    return run_id


def _break(table: str, state: str = "23514") -> None:
    with engine().begin() as connection:
        connection.execute(text(FAILS.format(table=table, state=state)))


def _logged_by_a_worker(queue_url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> str:
    """Everything that a worker tells while it empties the slow queue, and that it leaves in the queue's store."""
    logging.getLogger("rq.worker").propagate = True
    with Redis.from_url(queue_url) as valkey, caplog.at_level(logging.DEBUG), capture_logs() as told:
        SameProcess([Queue("sync", connection=valkey, serializer="json")], connection=valkey, serializer="json").work(
            burst=True, logging_level="DEBUG"
        )
        kept = [valkey.dump(key) for key in valkey.scan_iter()]
    printed = capfd.readouterr()
    return f"{told} {caplog.text} {printed.out} {printed.err} {kept}"


def test_PRIV_3_a_job_that_the_database_refuses_names_nobody_and_tells_kind_and_place(
    house: House,
    run_id: UUID,
    queue_url: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    mended: None,
):
    _break("sync_run")
    logged = _logged_by_a_worker(queue_url, caplog, capfd)
    assert CANARY not in logged and "exception raised while executing" in logged
    for told in (str(run_id), "23514", "JobBrokeDown", "webapp/actions/open_run.py:", "'job': 'run_sync'"):
        assert told in logged


def test_PRIV_3_a_job_that_python_ends_names_nobody_and_tells_kind_and_place(
    shared: SharedRoster,
    run_id: UUID,
    queue_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    monkeypatch.setattr(shared, "trouble", ValueError(CANARY))
    logged = _logged_by_a_worker(queue_url, caplog, capfd)
    assert CANARY not in logged and "exception raised while executing" in logged
    for told in (str(run_id), "ValueError", "webapp/actions/sync_connection.py:", "'job': 'run_sync'"):
        assert told in logged


def test_PRIV_3_what_a_broken_job_raises_has_no_cause_that_could_be_printed():
    @without_names
    def job() -> None:
        raise KeyError(CANARY)

    with pytest.raises(JobBrokeDown, match=r"^KeyError$") as caught:
        job()
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_job_within_a_job_is_told_of_once():
    @without_names
    def inner() -> None:
        raise KeyError(CANARY)

    with capture_logs() as told, pytest.raises(JobBrokeDown):
        without_names(inner)()
    assert [line["event"] for line in told] == ["a job broke down"]


@pytest.mark.parametrize(("state", "level"), [("23514", "error"), ("53100", "warning")])
def test_PRIV_3_a_line_of_the_clock_that_the_database_refuses_names_nobody(
    house: House, state: str, level: str, caplog: pytest.LogCaptureFixture, mended: None
):
    with directory() as session:
        put(session, "linked", district_id=house.district_id, now=NOW, account_id=house.district_id)
    _break("outbox", state)
    with caplog.at_level(logging.DEBUG), capture_logs() as told:
        tick(Periodic("letters", 15, send_letters), SETTINGS, LATER)
    [line] = told
    assert (line["line"], line["log_level"]) == ("letters", level) and state in line["why"]
    assert CANARY not in str(told) + caplog.text
    assert level == "warning" or "webapp/actions/deliver_letters.py:" in line["where"]


def test_PRIV_3_a_line_of_the_clock_that_python_ends_names_nobody_and_stops_no_other(caplog: pytest.LogCaptureFixture):
    def broken(_settings: Settings, _now: datetime) -> None:
        raise ValueError(CANARY)

    with caplog.at_level(logging.DEBUG), capture_logs() as told:
        tick(Periodic("purge", 3600, broken), SETTINGS, LATER)
    [line] = told
    assert (line["line"], line["why"]) == ("purge", "ValueError") and "webapp/jobs/clock.py:" in line["where"]
    assert CANARY not in str(told) + caplog.text
