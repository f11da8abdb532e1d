"""The queue only says "look at run N": everything true about a run stands in PostgreSQL (safety.md REL-20)."""

from uuid import UUID

from redis import Redis, RedisError
from rq import Queue

from webapp.store.checkpoints import checkpoint

FAST = "fast"
"""Where a person waits for the result."""
SLOW = "sync"
RUN, LETTERS = "webapp.jobs.work.run_sync", "webapp.jobs.work.deliver_letters"
POLL, LOOK = "webapp.jobs.work.poll_services", "webapp.jobs.work.look_for_changes"
ALLOWED = frozenset({RUN, LETTERS, POLL, LOOK})
"""The only functions that a worker runs, whatever stands in the queue (SEC-28)."""
LONGEST_RUN = 3600
"""Seconds after which a job is taken for stuck; the run itself is swept up long before if it shows no life."""

_redis: Redis | None = None


def connect(url: str) -> Redis:
    """Open the queue's connection, replacing any earlier one."""
    global _redis
    _redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)
    return _redis


def nudge(run_id: UUID, district_id: UUID, *, fast: bool) -> None:
    """A worker will look at this run soon. If the queue is down, the sweeper does it a little later."""
    _enqueue(FAST if fast else SLOW, RUN, str(run_id), str(district_id))


def nudge_letters() -> None:
    """A worker will send the letters that wait in the outbox soon."""
    _enqueue(FAST, LETTERS)


def nudge_poll() -> None:
    """A worker will read the services' tables of districts soon. If the queue is down, the next poll does it."""
    _enqueue(SLOW, POLL)


def nudge_look(connection_id: UUID, district_id: UUID) -> None:
    """A worker will look at this connection's change feed soon. If the queue is down, the next look does it."""
    _enqueue(SLOW, LOOK, str(connection_id), str(district_id))


def depth() -> dict[str, int] | None:
    """How many jobs wait in each queue; None where the queue does not answer."""
    if _redis is None:
        return None
    try:
        return {name: Queue(name, connection=_redis, serializer="json").count for name in (FAST, SLOW)}
    except RedisError:
        return None


def _enqueue(name: str, function: str, *ids: str) -> None:
    if _redis is None:
        return
    checkpoint("nudge.before")
    try:
        # Nothing is kept of a job: our own tables have its history, and a trace in the queue's store could hold data.
        Queue(name, connection=_redis, serializer="json").enqueue_call(
            function, args=ids, timeout=LONGEST_RUN, result_ttl=0, failure_ttl=0, description=function
        )
    except RedisError:
        return
    checkpoint("nudge.after")
