"""`rollbook worker`: one process that does queued work, each job in a fork of it."""

import gc
import time
from pathlib import Path
from typing import Any

import click
from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.utils import now

from webapp.commands.answers import verb
from webapp.commands.opening import open_house
from webapp.jobs.queue import ALLOWED
from webapp.store.database import forget_connections

QUEUES = ("fast", "sync")
"""In this order: what a person waits for overtakes what the night needs."""
SWEEP_SECONDS = 60
"""How often jobs of killed workers are looked for; RQ's own 600 is too long for REL-20."""


class NotAllowed(Exception):
    """A job names a function that is none of ours."""


class OwnJob(Job):
    """A job that runs only functions of our list; RQ itself runs any name that can be imported (SEC-28, STACK-4)."""

    @property
    def func(self) -> Any:
        """The function to call. Raises NotAllowed for a name that is not in our list."""
        if self.func_name not in ALLOWED or self.instance is not None:
            raise NotAllowed
        return super().func

    # Callbacks are names to import as well, and we use none.
    success_callback = failure_callback = stopped_callback = property(lambda self: None)


class ForkingWorker(Worker):
    """RQ's worker with our jobs, and with a fresh database pool in each fork."""

    job_class = OwnJob

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do one job in this fork, which ends with it."""
        forget_connections()
        super().main_work_horse(job, queue)

    def clean_registries(self) -> None:
        """Forget the jobs of dead workers: the sweeper finds their runs in PostgreSQL and does them again (STACK-3).

        RQ's own cleaning keeps a failure of each; where a job keeps none, as ours do, it raises and ends the worker.
        """
        for queue in self.queues:
            self.connection.zremrangebyscore(StartedJobRegistry(queue=queue).key, 0, time.time())
        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ declares it None


@click.command()
@verb
def worker(data_dir: Path) -> None:
    """Do queued work, in front."""
    settings = open_house(data_dir)  # which imports every action, so that a fork begins its job in 20 ms, not 100
    gc.collect()
    gc.freeze()  # forks share these pages only while the collector does not touch them
    ForkingWorker(
        QUEUES,
        connection=Redis.from_url(settings.queue_url),
        serializer="json",
        maintenance_interval=SWEEP_SECONDS,
        log_job_description=False,
    ).work(logging_level=settings.log_level)
