"""A person decides what the guard held: approve exactly that, or drop it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.store.audit import NOBODY, Actor, note
from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.tables import SyncRun


class NothingHeld(Exception):
    """This run does not wait for a decision (any more); nothing was changed."""


class PlanChanged(NothingHeld):
    """What waits is no longer what was shown: it must be looked at again; nothing was changed."""


def approve_hold(
    district_id: UUID,
    run_id: UUID,
    *,
    now: datetime,
    by: Actor = NOBODY,
    plan_hash: str | None = None,
) -> SyncRun:
    """The held run is requested again, and may then make the removals it held; anything beyond them is held anew.

    `plan_hash` is that of the list that was shown. Raises PlanChanged where another list waits by now (REL-9).
    """
    with tenant(district_id) as session:
        run = _held(session, run_id, plan_hash)
        checkpoint("approve.begun")
        run.state, run.approved_at, run.approved_by_id, run.attempts = "requested", now, by.account_id, 0
        _note(session, "hold.approve", run, now, by)
        checkpoint("approve.before_commit")
        return run


def discard_hold(
    district_id: UUID,
    run_id: UUID,
    *,
    now: datetime,
    by: Actor = NOBODY,
    plan_hash: str | None = None,
) -> SyncRun:
    """The held removals are dropped: everything stays as it is until a later sync finds the same again.

    `plan_hash` is that of the list that was shown. Raises PlanChanged where another list waits by now (REL-9).
    """
    with tenant(district_id) as session:
        run = _held(session, run_id, plan_hash)
        checkpoint("discard.begun")
        run.state, run.finished_at = "discarded", now
        _note(session, "hold.discard", run, now, by)
        checkpoint("discard.before_commit")
        return run


def _held(session: Session, run_id: UUID, plan_hash: str | None) -> SyncRun:
    """The run, locked, with the list that was shown still waiting in it."""
    run = session.get(SyncRun, run_id, with_for_update=True)
    if run is None or run.state != "held":
        raise NothingHeld("This run is not waiting for a decision.")
    if plan_hash is not None and plan_hash != (run.plan_hash or ""):
        raise PlanChanged("What waits has changed since you looked at it. Look at the new list before you decide.")
    return run


def _note(session: Session, what: str, run: SyncRun, now: datetime, by: Actor) -> None:
    note(session, what, at=now, district_id=run.district_id, about=("sync_run", run.id), **by._asdict())
