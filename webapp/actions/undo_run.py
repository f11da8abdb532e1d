"""Take back what was asked for: under the connection's lease and fence, in bounded transactions, journalled, marked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, or_, update

from webapp.actions.stopwatch import Stopwatch
from webapp.store import leases
from webapp.store.applying import CLASSES_AT_ONCE, PEOPLE_AT_ONCE
from webapp.store.database import TenantConnection, tenant
from webapp.store.questions.runs import district_today, mark_alive, run_by_id
from webapp.store.tables import SyncRun
from webapp.store.undo_plan import Undo
from webapp.store.undoing import (
    LeftAlone,
    classes_concerned,
    people_concerned,
    undo_classes,
    undo_people,
    undone_counts,
)

BUSY_PATIENCE = 10.0
"""Seconds for which an undo waits for a sync to end, before it goes back and is tried again."""
BUSY_AGAIN_AFTER = timedelta(seconds=2)
TOLD_AT_MOST = 500
"""So many records that were left alone are listed one by one; all of them are counted."""


@dataclass(frozen=True)
class _Begun:
    """An undo that this worker has begun."""

    undo: Undo
    began_at: datetime
    actor_id: UUID | None


def undo_run(run_id: UUID, district_id: UUID, *, now: datetime) -> bool:
    """The undo is done, or waits for the connection's lease; False where this run is no undo, and nothing was done.

    Safe to call twice: what is as it was already needs nothing.
    """
    with tenant(district_id) as session:
        run = run_by_id(session, run_id)
    if run is None or run.kind != "undo":
        return False
    begun = _begin(run_id, district_id, now)
    if begun is not None:
        _work(begun, Stopwatch(now))
    return True


def _begin(run_id: UUID, district_id: UUID, now: datetime) -> _Begun | None:
    """The run, now `running`; None where another worker began it, or it is done or not due."""
    due = or_(SyncRun.next_try_at.is_(None), SyncRun.next_try_at <= now)
    with tenant(district_id) as session:
        run = session.scalars(
            update(SyncRun)
            .where(SyncRun.id == run_id, SyncRun.state == "requested", due)
            .values(state="running", started_at=now, alive_at=now, attempts=SyncRun.attempts + 1, next_try_at=None)
            .returning(SyncRun)
        ).one_or_none()
        if run is None:
            return None
        undo = Undo(
            district_id=district_id,
            connection_id=run.connection_id,
            today=district_today(session, district_id, now),
            undoes=run.undoes_run_id,
            class_id=run.undo_class_id,
            to=run.undo_to,
            run_id=run_id,
        )
        return _Begun(undo, now, run.requested_by_id)


def _work(begun: _Begun, watch: Stopwatch) -> None:
    try:
        with TenantConnection(begun.undo.district_id) as own, _lease(begun, own, watch) as fence:
            _finish(begun, *_take_back(_Worker(begun, own, fence, watch)), watch)
    except (leases.LeaseBusy, leases.LeaseLost):
        _put_back(begun, watch.now())


@contextmanager
def _lease(begun: _Begun, own: TenantConnection, watch: Stopwatch) -> Iterator[int]:
    fence = _take_lease(begun.undo, own, watch)
    try:
        yield fence
    finally:
        with own.transaction() as connection:
            leases.give_back(connection, begun.undo.connection_id, fence, watch.now())


def _take_lease(undo: Undo, own: TenantConnection, watch: Stopwatch) -> int:
    patience_ends = watch.seconds() + BUSY_PATIENCE
    while True:
        try:
            with own.transaction() as connection:
                return leases.take(connection, undo.connection_id, undo.district_id, undo.run_id, watch.now())
        except leases.LeaseBusy:
            if watch.seconds() > patience_ends:
                raise
            time.sleep(0.1)


@dataclass(frozen=True)
class _Worker:
    """One undo under its lease."""

    begun: _Begun
    own: TenantConnection
    fence: int
    watch: Stopwatch

    @contextmanager
    def transaction(self, progress: int) -> Iterator[Connection]:
        undo = self.begun.undo
        with self.own.transaction() as connection:
            leases.hold(connection, undo.connection_id, self.fence, self.watch.now())
            mark_alive(connection, undo.run_id, progress, self.watch.now())
            yield connection


def _take_back(worker: _Worker) -> tuple[dict[str, int], list[LeftAlone]]:
    """Everything is as before, but for what was left alone; how many records that were, and which stayed."""
    undo, actor, now = worker.begun.undo, worker.begun.actor_id, worker.watch.now()
    with worker.transaction(5) as connection:
        classes, people = classes_concerned(connection, undo), people_concerned(connection, undo)
    left: list[LeftAlone] = []
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        with worker.transaction(10) as connection:
            left += undo_people(connection, undo, people[start : start + PEOPLE_AT_ONCE], actor_id=actor, now=now)
    for start in range(0, len(classes), CLASSES_AT_ONCE):
        with worker.transaction(20 + 79 * start // len(classes)) as connection:
            left += undo_classes(connection, undo, classes[start : start + CLASSES_AT_ONCE], actor_id=actor, now=now)
    with worker.transaction(99) as connection:
        return undone_counts(connection, undo.run_id), left


def _finish(begun: _Begun, counts: dict[str, int], left: list[LeftAlone], watch: Stopwatch) -> None:
    with tenant(begun.undo.district_id) as session:
        run = session.get_one(SyncRun, begun.undo.run_id, with_for_update=True)
        if run.state != "running" or run.started_at != begun.began_at:
            return  # This worker was taken for dead, and the run is another's by now.
        told = [{name: value and str(value) for name, value in asdict(one).items()} for one in left[:TOLD_AT_MOST]]
        run.state, run.progress, run.finished_at = "done", 100, watch.now()
        run.reason = _sentence(len(left)) if left else None
        run.counts = counts | {"skipped": len(left), "left_alone": told, "seconds": round(watch.seconds(), 3)}


def _sentence(left: int) -> str:
    return f"{left} record{'s' if left > 1 else ''} stayed, because somebody or a later sync changed them since."


def _put_back(begun: _Begun, now: datetime) -> None:
    with tenant(begun.undo.district_id) as session:
        run = session.get_one(SyncRun, begun.undo.run_id, with_for_update=True)
        if run.state == "running" and run.started_at == begun.began_at:
            run.state, run.next_try_at, run.attempts = "requested", now + BUSY_AGAIN_AFTER, run.attempts - 1
