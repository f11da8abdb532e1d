"""The worker: it runs our functions, from JSON, and nothing else."""

import pickle
import time

import pytest
from redis import Redis
from rq import Queue
from rq.callbacks import Callback
from rq.exceptions import DeserializationError
from rq.job import Job, JobStatus
from rq.registry import StartedJobRegistry

from webapp.commands.worker import ForkingWorker, NotAllowed, OwnJob
from webapp.jobs.queue import ALLOWED


def _as_the_worker_sees_it(job: Job) -> Job:
    return OwnJob.fetch(job.id, connection=job.connection, serializer="json")


@pytest.mark.parametrize("name", ["os.getcwd", "webapp.jobs.work.prepare", "webapp.commands.worker.worker"])
def test_SEC_28_a_function_that_is_not_on_the_list_is_refused(queue_url: str, name: str) -> None:
    with Redis.from_url(queue_url) as connection:
        job = _as_the_worker_sees_it(Queue("fast", connection=connection, serializer="json").enqueue(name))
        with pytest.raises(NotAllowed):
            job.perform()


def test_SEC_28_a_pickled_job_is_refused(queue_url: str) -> None:
    with Redis.from_url(queue_url) as connection:
        job = Queue("fast", connection=connection).enqueue("webapp.jobs.work.deliver_letters")
        assert pickle.loads(job.data)
        with pytest.raises(DeserializationError):
            _as_the_worker_sees_it(job).perform()


def test_SEC_28_a_jobs_callbacks_are_never_called(queue_url: str) -> None:
    with Redis.from_url(queue_url) as connection:
        queue = Queue("fast", connection=connection, serializer="json")
        queued = queue.enqueue("webapp.jobs.work.deliver_letters", on_failure=Callback("os.getcwd"))
        job = _as_the_worker_sees_it(queued)
        assert (job.success_callback, job.failure_callback, job.stopped_callback) == (None, None, None)


def test_every_function_on_the_list_can_be_found(queue_url: str) -> None:
    with Redis.from_url(queue_url) as connection:
        queue = Queue("fast", connection=connection, serializer="json")
        assert [callable(_as_the_worker_sees_it(queue.enqueue(name)).func) for name in sorted(ALLOWED)] == [True] * len(
            ALLOWED
        )


def test_REL_34_a_worker_forgets_the_job_of_a_killed_one_and_lives(queue_url: str) -> None:
    with Redis.from_url(queue_url) as connection:
        queue = Queue("sync", connection=connection, serializer="json")
        job = queue.enqueue_call("webapp.jobs.work.deliver_letters", result_ttl=0, failure_ttl=0)
        worker = ForkingWorker(["sync"], connection=connection, serializer="json")
        execution = worker.prepare_execution(job)
        job.set_status(JobStatus.STARTED)
        # Its heartbeats stopped long ago, and what they kept alive has expired.
        connection.delete(execution.key)
        started = StartedJobRegistry(queue=queue).key
        connection.zadd(started, {execution.composite_key: time.time() - 60})
        worker.clean_registries()
        assert connection.zcard(started) == 0
