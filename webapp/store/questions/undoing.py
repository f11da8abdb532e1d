"""What may be undone, and what was undone already?"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, text
from sqlalchemy.orm import Session

from webapp.store.tables import SyncRun
from webapp.store.tables.syncing import OPEN_STATES

UNDO_FOR = timedelta(days=30)
"""How long a run can be undone (safety.md REL-14)."""


def can_be_undone(run: SyncRun, now: datetime) -> bool:
    """True for a run that is over and not older than the undo window."""
    ended = run.finished_at or run.started_at
    return run.state not in OPEN_STATES and ended is not None and now - ended < UNDO_FOR


def changed_something(session: Session, run_id: UUID, class_id: UUID | None) -> bool:
    """True where the run changed classes, rosters or people, or this one class."""
    statement = """
select exists (select from change where run_id = :run and record in ('class', 'enrollment', 'account')
               and (cast(:class as uuid) is null or class_id = :class))
"""
    return bool(session.execute(text(statement), {"run": run_id, "class": class_id}).scalar())


def undo_of(session: Session, run_id: UUID, class_id: UUID | None) -> SyncRun | None:
    """The newest undo of this run, in whole or in this class, that did not fail and still stands."""
    standing = _standing(SyncRun.undoes_run_id == run_id, class_id)
    return session.scalars(standing.order_by(SyncRun.requested_at.desc()).limit(1)).one_or_none()


def stands(undo: str) -> str:
    """A condition in SQL on the row `undo`: nobody took it back, or that was taken back itself, and so on."""
    return f"""
(with recursive taken_back as (
    select {undo}.id as id, 0 as depth
    union all select newest.id, b.depth + 1 from taken_back b cross join lateral (
        select v.id from sync_run v where v.undoes_run_id = b.id and v.state = 'done'
        order by v.requested_at desc limit 1) newest)
 select max(depth) % 2 = 0 from taken_back)"""


def _standing(of: ColumnElement[bool], class_id: UUID | None) -> Select[SyncRun]:
    return select(SyncRun).where(
        of,
        or_(SyncRun.undo_class_id.is_(None), SyncRun.undo_class_id == class_id),
        SyncRun.state.in_((*OPEN_STATES, "done")),
        text(stands("sync_run")),
    )


def undo_states(session: Session, class_id: UUID, run_ids: Collection[UUID], now: datetime) -> dict[UUID, str]:
    """For each of these runs that ended lately: `undone` in this class, `undoing`, or `offered` to be undone."""
    runs = session.scalars(select(SyncRun).where(SyncRun.id.in_(run_ids)))
    states = {run.id: "offered" for run in runs if can_be_undone(run, now)}
    for undo in session.scalars(_standing(SyncRun.undoes_run_id.in_(list(states)), class_id)):
        assert undo.undoes_run_id is not None
        states[undo.undoes_run_id] = "undone" if undo.state == "done" else "undoing"
    return states


def left_alone(session: Session, class_id: UUID, run_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """The names of those in this class whom each undo left as they were: they were changed since."""
    rows = session.execute(text(_LEFT_ALONE), {"class": str(class_id), "runs": list(run_ids)})
    names: dict[UUID, list[str]] = {}
    for run_id, name in rows:
        names.setdefault(run_id, []).append(name)
    return names


_LEFT_ALONE = """
select r.id, trim(a.given_name || ' ' || a.family_name) from sync_run r
cross join lateral jsonb_array_elements(r.counts -> 'left_alone') one
join account a on a.id = cast(one ->> 'account_id' as uuid)
where r.id = any(:runs) and r.kind = 'undo' and one ->> 'class_id' = :class order by a.family_name, a.given_name
"""


def open_undo_of_class(session: Session, class_id: UUID) -> SyncRun | None:
    """The undo of this class that is asked for or worked on, if there is one."""
    return session.scalars(
        select(SyncRun)
        .where(SyncRun.kind == "undo", SyncRun.undo_class_id == class_id, SyncRun.state.in_(OPEN_STATES))
        .order_by(SyncRun.requested_at)
        .limit(1)
    ).one_or_none()
