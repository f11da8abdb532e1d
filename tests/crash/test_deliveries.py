"""Jobs that come twice, late, in any order, or for a district that is gone, do no harm (REL-22)."""

import random
from concurrent.futures import Future

import pytest
from redis import Redis
from rq import Queue

from tests.crash.meaning import differences, meaning
from tests.crash.trial import VERSIONS, Outcome
from tests.crash.yard import Household, Yard
from webapp.jobs.queue import ALLOWED, FAST, SLOW

pytestmark = pytest.mark.xdist_group("crash")
TIMES = 3
GONE = "00000000-0000-7000-8000-00000000dead"


def _deliver(house: Household, seed: int) -> None:
    """Every kind of job that there is stands in the queues three times, and once for a district that is gone."""
    district, run, connection = (
        house.ask(f"select id::text from {name} order by id desc limit 1")
        for name in ("district", "sync_run", "connection")
    )
    jobs = [(name, args) for name in sorted(ALLOWED) for args in _argument_sets(name, run, connection, district)]
    dice = random.Random(seed)
    shuffled = dice.sample(jobs * TIMES, len(jobs) * TIMES)
    with Redis.from_url(house.queue_url) as store:
        for name, args in shuffled:
            queue = Queue(dice.choice([FAST, SLOW]), connection=store, serializer="json")
            queue.enqueue_call(name, args=args, result_ttl=0, failure_ttl=0)


def _argument_sets(name: str, run: str, connection: str, district: str) -> list[tuple[str, ...]]:
    about = {"run_sync": run, "look_for_changes": connection}.get(name.rpartition(".")[2])
    return [(about, district), (about, GONE), (GONE, GONE)] if about else [()]


@pytest.mark.parametrize("seed", range(2))
def test_REL_22_every_job_three_times_shuffled_to_two_workers_ends_as_once(
    seed: int, yard: Yard, wanted: dict[str, Future[Outcome]]
):
    with yard.house("imported", silent_seconds=30) as house:
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
