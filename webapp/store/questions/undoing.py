"""What may be undone, what was undone already, and what an undo would do to one class."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, text
from sqlalchemy.orm import Session

from webapp.store.tables import SyncRun
from webapp.store.tables.syncing import OPEN_STATES
from webapp.store.undo_plan import CLASS_PLAN, ENROLLMENT_PLAN, Undo

UNDO_FOR = timedelta(days=30)
"""How long a run can be undone (safety.md REL-14)."""


@dataclass(frozen=True)
class Moved:
    """A person whom an undo would bring back, take out, or leave alone."""

    name: str
    role: str
    back: bool
    why: str | None


@dataclass(frozen=True)
class Preview:
    """What an undo would do to one class."""

    people: list[Moved]
    state: str | None
    """The state that the class would have; empty where it stays."""
    name: str | None
    """The name that the class would have; empty where it stays."""
    left_alone: str | None
    """Why the state of the class would stay although it was changed; empty otherwise."""
    section: str | None = None
    """The name of the section that the class would have again; empty where it keeps its own."""

    @property
    def nothing(self) -> bool:
        """True where nothing would change."""
        return not (self.state or self.name or self.section or any(one.why is None for one in self.people))


_PEOPLE = f"""
select trim(a.given_name || ' ' || a.family_name) as name, p.role, p.what = 'resumed' as back, p.why
from ({ENROLLMENT_PLAN}) p join account a on a.id = p.account_id order by a.family_name, a.given_name, a.id
"""


def preview(session: Session, undo: Undo, class_id: UUID) -> Preview:
    """What this undo would do to this class now."""
    parameters = undo.parameters() | {"classes": [class_id]}
    people = [Moved(*row) for row in session.execute(text(_PEOPLE), parameters)]
    goal = session.execute(text(CLASS_PLAN), parameters).one_or_none()
    if goal is None:
        return Preview(people, None, None, None)
    name = goal.new_given or goal.new_provider_name
    state, named = goal.new_state if goal.moves else None, name if name != goal.name else None
    return Preview(people, state, named, goal.why, goal.section if goal.refollows else None)


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
