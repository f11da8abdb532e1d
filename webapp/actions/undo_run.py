"""Take back what was asked for: under the connection's lease and fence, in bounded transactions, journalled, marked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from webapp.actions import take_lease
from webapp.actions.heart import Heart
from webapp.actions.stopwatch import Stopwatch
from webapp.actions.turn import Turn, begin, break_off, put_back, still_mine
from webapp.store import leases
from webapp.store.applying import CLASSES_AT_ONCE, PEOPLE_AT_ONCE
from webapp.store.checkpoints import checkpoint
from webapp.store.database import TenantConnection, tenant
from webapp.store.questions.runs import district_today, run_by_id
from webapp.store.trouble import DATABASE_TROUBLE
from webapp.store.undo_plan import Undo
from webapp.store.undoing import (
    LeftAlone,
    classes_concerned,
    people_concerned,
    undo_classes,
    undo_people,
    undone_counts,
)

TOLD_AT_MOST = 500
"""So many records that were left alone are listed one by one; all of them are counted."""


@dataclass(frozen=True)
class _Begun:
    """An undo that this worker has begun."""

    undo: Undo
    turn: Turn
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
    with tenant(district_id) as session:
        run = begin(session, run_id, now, undo=True)
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
        turn = Turn(run_id, district_id, run.connection_id, now)
        return _Begun(undo, turn, run.requested_by_id)


def _work(begun: _Begun, watch: Stopwatch) -> None:
    turn = begun.turn
    try:
        with (
            TenantConnection(turn.district_id) as own,
            Heart(turn, watch) as heart,
            take_lease.leased(own, turn, heart, watch) as fence,
        ):
            _finish(begun, *_take_back(_Worker(begun, own, fence, heart, watch)), watch)
    except (leases.LeaseBusy, leases.LeaseLost):
        put_back(turn, watch.now(), seconds=take_lease.BUSY_AGAIN_AFTER)
    except DATABASE_TROUBLE as error:
        break_off(turn, error, watch.now())


@dataclass(frozen=True)
class _Worker:
    """One undo under its lease."""

    begun: _Begun
    own: TenantConnection
    fence: int
    heart: Heart
    watch: Stopwatch

    @contextmanager
    def transaction(self, progress: int) -> Iterator[Connection]:
        self.heart.progress = progress
        with self.own.transaction() as connection:
            leases.hold(connection, self.begun.turn.connection_id, self.fence, self.watch.now())
            yield connection
            checkpoint("undo.before_commit")
        checkpoint("undo.after_commit")


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
    with tenant(begun.turn.district_id) as session:
        run = still_mine(session, begun.turn)
        if run is None:
            return
        told = [{name: value and str(value) for name, value in asdict(one).items()} for one in left[:TOLD_AT_MOST]]
        run.state, run.progress, run.finished_at = "done", 100, watch.now()
        run.reason = _sentence(len(left)) if left else None
        run.counts = counts | {"skipped": len(left), "left_alone": told, "seconds": round(watch.seconds(), 3)}


def _sentence(left: int) -> str:
    return f"{left} record{'s' if left > 1 else ''} stayed, because somebody or a later sync changed them since."
