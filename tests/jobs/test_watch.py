"""What the clock asks workers to watch: the services' tables of districts, and the change feeds."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from redis import Redis
from rq import Queue
from sqlalchemy import text

from tests.factory import LATER, NOW, House, a_house, a_teacher, imported
from tests.shared_roster import SharedRoster, SharedService
from webapp.jobs import clock, queue, work
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import directory

SETTINGS = Settings(_env_file=None)


@pytest.fixture
def valkey(queue_url: str) -> Iterator[Redis]:
    connection = queue.connect(queue_url)
    yield connection
    connection.close()


@pytest.fixture
def house(database_url: str) -> House:
    """A district with one class."""
    seal.use_keys(Fernet.generate_key().decode())
    shared = SharedRoster()
    shared.add_section("Biology", students=["s1"])
    house = a_house()
    imported(house, a_teacher(house), ["biology"], {"clever": SharedService(shared)})
    return house


def _waiting(valkey: Redis) -> list[tuple[str, list[str]]]:
    jobs = Queue("sync", connection=valkey, serializer="json").get_jobs()
    return [(str(job.func_name), list(job.args)) for job in jobs]


def test_SEC_28_a_look_is_a_job_of_two_ids_on_the_slow_queue_and_two_clocks_make_one(house: House, valkey: Redis):
    clock.look(SETTINGS, LATER)
    clock.look(SETTINGS, LATER)
    assert _waiting(valkey) == [(queue.LOOK, [str(house.connection_id), str(house.district_id)])]
    assert queue.LOOK in queue.ALLOWED


def test_SEC_28_a_poll_is_a_job_without_arguments_on_the_slow_queue(database_url: str, valkey: Redis):
    clock.poll(SETTINGS, NOW)
    assert _waiting(valkey) == [(queue.POLL, [])]
    assert queue.POLL in queue.ALLOWED


def test_the_clock_polls_every_ten_minutes_and_asks_every_minute_who_is_due_for_a_look():
    assert {one.name: one.every for one in clock.TABLE if one.name in ("poll", "look")} == {"poll": 600, "look": 60}


def test_both_jobs_do_their_work_in_a_prepared_process(settings: Settings, house: House):
    work.prepare(settings)
    work.look_for_changes(str(house.connection_id), str(house.district_id))
    work.poll_services()
    with directory() as session:
        polled = session.execute(text("select provider from service_poll where trouble is null order by 1")).scalars()
        assert list(polled) == ["classlink", "clever"]
