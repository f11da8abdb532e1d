"""Bring a connection's classes up to date with its rostering service: fetch, stage, compare, guard, apply, journal."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from webapp.actions.look_again import look_again
from webapp.actions.open_run import OpenRun, open_run
from webapp.actions.plan import Plan
from webapp.actions.settle_run import Fetched, finish, give_up, park, put_back, withdraw
from webapp.actions.stopwatch import Stopwatch
from webapp.providers.errors import AccessWithdrawn, ProviderError, Unreachable
from webapp.providers.service import Service
from webapp.store import leases
from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.questions.runs import mark_alive
from webapp.store.staging import Stage

SECTION_COSTS = 3
"""Requests that reading one section takes, about."""
IMPORT_AT_ONCE = 40
"""A teacher who waits for so many sections or fewer does not wait for her whole district."""
ALIVE_EVERY = 2.0
"""Seconds between two signs of life, which also move the progress bar."""
BUSY_PATIENCE = 10.0
"""Seconds for which a run that has fetched waits for the lease, before it goes back and fetches anew later."""
BUSY_AGAIN_AFTER = 2
"""Seconds until a run that found the lease taken is tried again."""


def sync_connection(run_id: UUID, district_id: UUID, *, services: Mapping[str, Service], now: datetime) -> None:
    """Make the classes of this run equal to what the service shares, or hold what is dangerous for a person.

    Safe to call twice, and at once: a run that is being worked on, or done, is left alone.
    """
    run = open_run(run_id, district_id, services, now)
    if run is None:
        return
    watch = Stopwatch(now)
    try:
        _work(run, watch)
    except leases.LeaseBusy:
        put_back(run, watch.now(), seconds=BUSY_AGAIN_AFTER)
    except leases.LeaseLost:
        put_back(run, watch.now(), seconds=0)
    except AccessWithdrawn as error:
        withdraw(run, str(error), watch.now())
    except Unreachable as error:
        park(run, str(error), watch.now(), retry_at=error.retry_at)
    except ProviderError as error:
        give_up(run, str(error), watch.now())


def _work(run: OpenRun, watch: Stopwatch) -> None:
    beat = _Heartbeat(run, watch)
    with Stage(run.district_id) as stage:
        fetched = _fetch(run, stage, beat) if run.sections else Fetched()
        losing = _attempt(run, stage, fetched, watch)
        if losing:  # never over the network while the lease is held: it was given back, and is taken anew
            _attempt(run, stage, look_again(run, stage, fetched, losing, beat.beat), watch)


def _attempt(run: OpenRun, stage: Stage, fetched: Fetched, watch: Stopwatch) -> Sequence[str]:
    """The run has ended. Or nothing was done, and these sections are to be looked up once more before."""
    with _lease(run, stage, watch) as fence:
        plan = Plan(run, stage, fence, watch)
        losing = plan.make(fetched)
        if not losing:
            plan.apply()
            finish(run, plan.settle(fetched), fetched, seconds=watch.seconds())
        return losing


def _fetch(run: OpenRun, stage: Stage, beat: "_Heartbeat") -> Fetched:
    """Stage everything that the run needs. Raises ProviderError; then nothing is compared."""
    checkpoint("fetch.begin")
    condition, cursor = run.blackout or run.reader.condition(), _cursor(run)
    whole = _whole_is_cheaper(run)
    for page in run.reader.whole(on_restart=stage.clear) if whole else run.reader.sections(run.sections):
        checkpoint("fetch.page_read")
        stage.put(page)
        beat.beat()
        checkpoint("fetch.page_staged")
    checkpoint("fetch.complete")
    # Section by section, each class was asked for by its own id: that was the second look already. And while an absence
    # proves nothing, nobody would go by it.
    looked = not whole or not condition.settled
    spent = run.reader.requests
    return Fetched(spent, spent if whole else None, condition, cursor, looked_again=looked)


def _cursor(run: OpenRun) -> str | None:
    """Where the change feed stands before everything is fetched; its trouble is not the sync's."""
    if run.scope is not None:
        return None
    try:
        return run.reader.cursor()
    except ProviderError:
        return None


def _whole_is_cheaper(run: OpenRun) -> bool:
    """Section by section while they are few, whole collections where that takes fewer requests."""
    awaited = run.kind == "import" and len(run.sections) <= IMPORT_AT_ONCE
    return not awaited and len(run.sections) * SECTION_COSTS > run.whole_requests


class _Heartbeat:
    """Says now and then that the run is alive, and guesses how far it is: nobody knows how many pages will come."""

    def __init__(self, run: OpenRun, watch: Stopwatch) -> None:
        self._run, self._watch, self._last, self._pages = run, watch, -ALIVE_EVERY, 0

    def beat(self) -> None:
        self._pages += 1
        if self._watch.seconds() - self._last >= ALIVE_EVERY:
            self._last = self._watch.seconds()
            with tenant(self._run.district_id) as session:
                mark_alive(session, self._run.run_id, 60 * self._pages // (self._pages + 5), self._watch.now())
                checkpoint("fetch.alive")


@contextmanager
def _lease(run: OpenRun, stage: Stage, watch: Stopwatch) -> Iterator[int]:
    checkpoint("lease.wanted")
    fence = _take_lease(run, stage, watch)
    checkpoint("lease.committed")
    try:
        yield fence
    finally:
        with stage.transaction() as connection:
            leases.give_back(connection, run.connection_id, fence, watch.now())
        checkpoint("lease.after_give_back")


def _take_lease(run: OpenRun, stage: Stage, watch: Stopwatch) -> int:
    """The lease, waited for a little: most others are done within a second. Raises LeaseBusy."""
    patience_ends = watch.seconds() + BUSY_PATIENCE
    while True:
        try:
            with stage.transaction() as connection:
                return leases.take(connection, run.connection_id, run.district_id, run.run_id, watch.now())
        except leases.LeaseBusy:
            if watch.seconds() > patience_ends:
                raise
            time.sleep(0.1)
