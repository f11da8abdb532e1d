"""Ask for an undo: of a run, of what a run did to one class, or of everything since a moment in one class."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.audit import NOBODY, Actor, note
from webapp.store.database import tenant
from webapp.store.questions.undoing import UNDO_FOR, can_be_undone, changed_something, open_undo_of_class, undo_of
from webapp.store.tables import ClassSource, SchoolClass, SyncRun

NO_SECTIONS: list[str] = []
"""An undo asks nothing of a service; an empty scope also keeps it out of "last synced"."""


class CannotUndo(Exception):
    """There is nothing to undo; the message is a plain sentence."""


def request_undo(
    district_id: UUID,
    run_id: UUID,
    *,
    now: datetime,
    by: Actor = NOBODY,
    class_id: UUID | None = None,
) -> UUID:
    """There is a requested undo of this run, or of what it did to this class; its id. Raises CannotUndo."""
    with tenant(district_id) as session:
        run = session.get(SyncRun, run_id, with_for_update=True)
        if run is None:
            raise CannotUndo("There is no such sync.")
        if why := why_not(session, run, now=now, class_id=class_id):
            raise CannotUndo(why)
        if under_way := undo_of(session, run_id, class_id):
            return under_way.id
        return _request(session, run, now, by, undoes_run_id=run_id, undo_class_id=class_id)


def why_not(session: Session, run: SyncRun, *, now: datetime, class_id: UUID | None = None) -> str:
    """Why this run, or what it did to this class, cannot be undone, as a sentence; empty where it can."""
    if not can_be_undone(run, now):
        return f"Only a sync that ended within the last {UNDO_FOR.days} days can be undone."
    if not changed_something(session, run.id, class_id):
        return "That sync changed nothing here, so there is nothing to undo."
    before = undo_of(session, run.id, class_id)
    return "That was undone already." if before is not None and before.state == "done" else ""


def request_put_back(district_id: UUID, class_id: UUID, moment: datetime, *, account_id: UUID, now: datetime) -> UUID:
    """There is a requested undo of all that happened to this class since the moment; its id. Raises CannotUndo."""
    with tenant(district_id) as session:
        school_class = session.get_one(SchoolClass, class_id, with_for_update=True)
        if not now - UNDO_FOR < moment < now:
            raise CannotUndo(f"A class can be put back to a moment of the last {UNDO_FOR.days} days.")
        if moment < school_class.made_at:
            raise CannotUndo("The class did not exist yet at that moment.")
        waiting = open_undo_of_class(session, class_id)
        if waiting is not None:
            raise CannotUndo("Something is just being undone in this class. Please look again in a moment.")
        source = session.scalars(
            select(ClassSource).where(ClassSource.class_id == class_id).order_by(ClassSource.from_at.desc()).limit(1)
        ).one_or_none()
        if source is None:
            raise CannotUndo("This class was made by hand, so no sync has changed it.")
        return _request(session, source, now, Actor(account_id), undo_class_id=class_id, undo_to=moment)


def _request(
    session: Session,
    of: SyncRun | ClassSource,
    now: datetime,
    by: Actor,
    **what: UUID | datetime | None,
) -> UUID:
    run = SyncRun(
        district_id=of.district_id,
        connection_id=of.connection_id,
        kind="undo",
        scope=NO_SECTIONS,
        state="requested",
        requested_at=now,
        requested_by_id=by.account_id,
        **what,
    )
    session.add(run)
    session.flush()
    note(session, "undo", at=now, district_id=of.district_id, about=("sync_run", run.id), **by._asdict())
    return run.id
