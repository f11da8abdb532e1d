"""Bring a connection's classes up to date with its rostering service: fetch, stage, compare, guard, apply, journal."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from webapp.actions.open_run import OpenRun, open_run
from webapp.actions.settle_run import Fetched, Settled, finish, give_up, park, put_back, withdraw
from webapp.actions.stopwatch import Stopwatch
from webapp.providers.errors import AccessWithdrawn, ProviderError, Unreachable
from webapp.providers.service import Condition, Service
from webapp.roster.guard import DEFAULT, Verdict, guard_all
from webapp.store import leases
from webapp.store.absences import leave_absences_out
from webapp.store.applying import (
    Applier,
    apply_classes,
    apply_people,
    apply_records,
    class_batches,
    people_batches,
    plan_counts,
    refresh_statistics,
)
from webapp.store.comparison import compare
from webapp.store.database import tenant
from webapp.store.holding import mark_held, remember_held
from webapp.store.questions.runs import mark_alive
from webapp.store.removals import removal_counts
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
    with Stage(run.district_id) as stage:
        fetched = _fetch(run, stage, watch) if run.sections else Fetched()
        with _lease(run, stage, watch) as fence:
            plan = _Plan(run, stage, fence, watch)
            verdict = plan.make(fetched.condition)
            plan.apply()
            finish(run, plan.settle(verdict), fetched, seconds=watch.seconds())


def _fetch(run: OpenRun, stage: Stage, watch: Stopwatch) -> Fetched:
    """Stage everything that the run needs. Raises ProviderError; then nothing is compared."""
    beat = _Heartbeat(run, watch)
    condition, cursor = run.reader.condition(), _cursor(run)
    whole = _whole_is_cheaper(run)
    for page in run.reader.whole(on_restart=stage.clear) if whole else run.reader.sections(run.sections):
        stage.put(page)
        beat.beat()
    return Fetched(run.reader.requests, whole, condition, cursor)


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


@contextmanager
def _lease(run: OpenRun, stage: Stage, watch: Stopwatch) -> Iterator[int]:
    fence = _take_lease(run, stage, watch)
    try:
        yield fence
    finally:
        with stage.transaction() as connection:
            leases.give_back(connection, run.connection_id, fence, watch.now())


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


class _Plan:
    """One run's plan, from making it to its last transaction, each under the fence."""

    def __init__(self, run: OpenRun, stage: Stage, fence: int, watch: Stopwatch) -> None:
        self._run, self._stage, self._fence, self._watch = run, stage, fence, watch
        self._question = run.question()
        self._held = 0

    def make(self, condition: Condition) -> Verdict:
        """Compare, leave out what an unsettled service can't be believed, and mark what the guard holds."""
        with self._stage.transaction() as connection:
            compare(connection, self._question)
            if not condition.settled:
                leave_absences_out(connection, self._question)
            verdict = guard_all(*removal_counts(connection, self._question), DEFAULT)
            self._held = mark_held(connection, verdict, self._run.approved_run)
        return verdict

    def apply(self) -> None:
        """Execute the plan but for what is held, in bounded transactions."""
        applier = Applier(self._question, self._run.run_id, self._run.actor_id, self._watch.now())
        with self._transaction(65) as connection:
            apply_records(connection, applier)
            offsets, batches = people_batches(connection), class_batches(connection, applier)
        for offset in offsets:
            with self._transaction(75) as connection:
                apply_people(connection, applier, offset)
        for number, classes in enumerate(batches):
            with self._transaction(80 + 19 * number // len(batches)) as connection:
                if number <= 1 < len(batches):  # the planner has met the people, then the first of their enrollments
                    refresh_statistics(connection)
                apply_classes(connection, applier, classes)
        if len(batches) > 1:
            with self._transaction(99) as connection:
                refresh_statistics(connection)

    def settle(self, verdict: Verdict) -> Settled:
        """Remember what is held and count what was done."""
        with self._transaction(99) as connection:
            plan_hash = ""
            if self._held:
                plan_hash = remember_held(connection, self._run.district_id, self._run.run_id, verdict)
            return Settled(plan_counts(connection), self._held, verdict.reason if self._held else "", plan_hash)

    @contextmanager
    def _transaction(self, progress: int) -> Iterator[Connection]:
        with self._stage.transaction() as connection:
            leases.hold(connection, self._run.connection_id, self._fence, self._watch.now())
            mark_alive(connection, self._run.run_id, progress, self._watch.now())
            yield connection
