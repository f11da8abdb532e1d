"""The queue and the workers of the soak: jobs come late, twice, in any order or never, and some workers are killed."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from redis import Redis
from rq import Queue

from tests.crash.points import POINTS
from webapp.jobs import work
from webapp.jobs.queue import ALLOWED, FAST, RUN, SLOW
from webapp.store.checkpoints import VARIABLE
from webapp.store.database import forget_connections

PLACES_TO_DIE = [point.name for point in POINTS if point.who == "worker"]
FORGOTTEN, LATE, TWICE, KILLED = 0.01, 0.05, 0.1, 0.03
"""How likely, each time."""

Job = tuple[str, tuple[str, ...]]


@dataclass
class Workers:
    """They do what stands in a real queue, with the job's own functions, at the virtual time."""

    store: Redis
    dice: Random
    order: Callable[[Job], int]
    """Jobs are told apart by their district, so that a seed deals the same to each each time."""
    pace: float
    """So many times likelier is every misfortune."""
    seen: Counter[str] = field(default_factory=Counter)
    now: datetime = datetime.min

    def __post_init__(self) -> None:
        # Nothing in the workers asks another clock than this one.
        work.utc_now = lambda: self.now

    def work(self, now: datetime, *, kindly: bool) -> None:
        """What is queued is done; unless kindly, with every misfortune that a queue and its workers can have."""
        self.now = now
        if not kindly and self._strikes(FORGOTTEN):
            self.store.flushall()
            self.seen["queue forgot everything"] += 1
        if kindly or not self._strikes(LATE):
            for job in self._shuffled(kindly=kindly):
                self._do(job, kindly=kindly)

    def _strikes(self, likelihood: float) -> bool:
        return self.dice.random() < self.pace * likelihood

    def _shuffled(self, *, kindly: bool) -> list[Job]:
        jobs = sorted(self._taken(), key=self.order)
        if kindly:
            return jobs
        again = [job for job in jobs if self._strikes(TWICE)]
        self.seen["delivered twice"] += len(again)
        return self.dice.sample(jobs + again, len(jobs + again))

    def _taken(self) -> list[Job]:
        jobs: list[Job] = []
        for name in (FAST, SLOW):
            queue = Queue(name, connection=self.store, serializer="json")
            jobs += [(str(job.func_name), tuple(job.args)) for job in queue.get_jobs()]
            queue.empty()
        return jobs

    def _do(self, job: Job, *, kindly: bool) -> None:
        name, args = job
        assert name in ALLOWED
        self.seen[name.rpartition(".")[2]] += 1
        if not kindly and name == RUN and self._strikes(KILLED):
            self._in_a_child_that_dies(args)
        else:
            getattr(work, name.rpartition(".")[2])(*args)

    def _in_a_child_that_dies(self, args: tuple[str, ...]) -> None:
        """A fork does the run, and is killed by signal 9 at a checkpoint, if it comes there."""
        place = f"{self.dice.choice(PLACES_TO_DIE)} kill {self.dice.randint(1, 2)}"
        child = os.fork()
        if child == 0:
            with suppress(BaseException):
                os.environ[VARIABLE] = place
                forget_connections()
                work.run_sync(*args)
                os._exit(0)
            os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code in (0, -signal.SIGKILL), f"a worker failed by itself, at {place}"
        self.seen["killed"] += code != 0
