"""Jobs that come twice, late, in any order, or for a district that is gone, do no harm (REL-22)."""

import inspect
import random
from concurrent.futures import Future

import pytest
from redis import Redis
from rq import Queue

from tests.crash.meaning import differences, meaning, replay_differs
from tests.crash.starts import put_rows, rows_of
from tests.crash.trial import VERSIONS, Outcome
from tests.crash.yard import PATIENT, Household, Yard
from webapp.jobs import work
from webapp.jobs.queue import ALLOWED, FAST, SLOW

SERVICES = ("service_poll", "unclaimed_district")
DONE_TWICE = """
select count(*) from (select from change c join sync_run r on r.id = c.run_id where r.kind = 'undo'
                      group by c.run_id, c.record, c.record_id having count(*) > 1) twice
"""
pytestmark = pytest.mark.xdist_group("crash")
TIMES = 3
NO_JOBS = {"prepare", "utc_now"}
GONE = "00000000-0000-7000-8000-00000000dead"


ABOUT: dict[str, str] = {
    "run_sync": "sync_run",
    "look_for_changes": "connection",
    "poll_services": "",
    "deliver_letters": "",
}
"""Job -> the table whose id it is about, beside its district's; "" where it is told nothing."""


def _deliver(house: Household, seed: int) -> None:
    """Every kind of job that there is stands in the queues three times, and once for a district that is gone."""
    jobs = [(name, args) for name in sorted(ALLOWED) for args in _argument_sets(house, name)]
    dice = random.Random(seed)
    shuffled = dice.sample(jobs * TIMES, len(jobs) * TIMES)
    with Redis.from_url(house.queue_url) as store:
        for name, args in shuffled:
            queue = Queue(dice.choice([FAST, SLOW]), connection=store, serializer="json")
            queue.enqueue_call(name, args=args, result_ttl=0, failure_ttl=0)


def _argument_sets(house: Household, name: str) -> list[tuple[str, ...]]:
    """About everything that there is, for its own district, for one that is gone, and about what is gone."""
    table = ABOUT[name.rpartition(".")[2]]
    if not table:
        return [()]
    district, ids = house.ask("select id::text from district"), house.ask(f"select array_agg(id::text) from {table}")
    about = [(str(one), str(whose)) for one in ids for whose in (district, GONE)]
    return [*about, (GONE, GONE)]


def test_REL_22_every_job_that_a_worker_may_run_is_delivered_here():
    in_the_room = {
        name for name, one in vars(work).items() if inspect.isfunction(one) and one.__module__ == work.__name__
    }
    assert {name.rpartition(".")[2] for name in ALLOWED} == set(ABOUT)
    assert in_the_room - NO_JOBS == set(ABOUT)


@pytest.mark.parametrize("seed", range(2))
def test_REL_22_every_job_three_times_shuffled_to_two_workers_ends_as_once(
    seed: int, yard: Yard, wanted: dict[str, Future[Outcome]]
):
    with yard.house("imported", **PATIENT) as house:
        house.done("press")
        _deliver(house, seed)
        workers = [house.start("labour", burst=True) for _ in range(2)]
        assert [worker.wait() for worker in workers] == [0, 0]
        house.recover()
        assert differences(meaning(house.database_url), wanted["night"].result().left) == {}


def test_REL_22_late_deliveries_of_a_finished_run_write_nothing(yard: Yard):
    with yard.house("imported") as house:
        before = house.ask(VERSIONS)
        _deliver(house, seed=7)
        house.done("labour", burst=True)
        assert house.ask(VERSIONS) == before


def test_REL_22_jobs_of_a_district_that_was_deleted_meanwhile_write_nothing(yard: Yard):
    with yard.house("held") as house:
        house.done("press")
        _deliver(house, seed=8)
        put_rows(house.database_url, yard.starts["empty"])
        worker = house.start("labour", burst=True)
        assert worker.wait() == 0
        assert "Traceback" not in worker.log.read_text()
        # What the services' own table tells of belongs to no district.
        left = {name: rows for name, rows in rows_of(house.database_url).tables.items() if name not in SERVICES}
        assert left == {name: rows for name, rows in yard.starts["empty"].tables.items() if name not in SERVICES}


def test_REL_22_an_undo_that_is_delivered_three_times_is_done_once(yard: Yard):
    with yard.house("imported") as house:
        house.done("press")
        house.recover()
        house.done("take_back")
        _deliver(house, seed=9)
        assert [house.start("labour", burst=True).wait() for _ in range(2)] == [0, 0]
        house.recover()
        assert house.ask("select array_agg(state) from sync_run where kind = 'undo'") == ["done"]
        assert house.ask(DONE_TWICE) == 0
        assert replay_differs(house.database_url) == []
