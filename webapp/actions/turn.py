"""One worker's turn at a run: it may settle the run until another worker begins it anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.tables import SyncRun
from webapp.store.trouble import DATABASE_TROUBLE, passes, why

log = structlog.get_logger()

AGAIN_AFTER = 30
"""Seconds until a run is tried again that the database could not serve: full, restarted, or waiting for a lock."""


@dataclass(frozen=True)
class Turn:
    """Which run of which connection, and since when it is this worker's."""

    run_id: UUID
    district_id: UUID
    connection_id: UUID
    began_at: datetime


def begin(session: Session, run_id: UUID, now: datetime, *, undo: bool) -> SyncRun | None:
    """The run, `running` and this worker's from now on; None where another has begun it, or it is over or not due.

    None also where it is an undo and no sync, or the other way round: each has its own worker's part.
    """
    due = or_(SyncRun.next_try_at.is_(None), SyncRun.next_try_at <= now)
    waits = SyncRun.state.in_(("requested", "parked"))
    began = {"state": "running", "started_at": now, "alive_at": now, "next_try_at": None, "progress": 0}
    return session.scalars(
        update(SyncRun)
        .where(SyncRun.id == run_id, (SyncRun.kind == "undo") == undo, waits, due)
        .values(began | {"attempts": SyncRun.attempts + 1})
        .returning(SyncRun)
    ).one_or_none()


def still_mine(session: Session, turn: Turn) -> SyncRun | None:
    """The run's row, locked; None where this worker was taken for dead and the run is another's by now, or ended."""
    row = session.get_one(SyncRun, turn.run_id, with_for_update=True)
    return row if row.state == "running" and row.started_at == turn.began_at else None


def put_back(turn: Turn, now: datetime, *, seconds: int) -> None:
    """The run is requested again, and this turn does not count: nothing is wrong with the run."""
    with tenant(turn.district_id) as session:
        row = still_mine(session, turn)
        if row is None:
            return
        row.state, row.next_try_at, row.attempts = "requested", now + timedelta(seconds=seconds), row.attempts - 1
        checkpoint("put_back.before_commit")


def break_off(turn: Turn, error: Exception, now: datetime) -> None:
    """The database failed this turn: what was committed stays, and the run comes again by itself (REL-34).

    Where the same may do later the turn does not count. Otherwise the sweeper finds the run silent and counts it.
    """
    log.error("a run broke off", run=str(turn.run_id), why=why(error))
    if not passes(error):
        return
    try:
        put_back(turn, now, seconds=AGAIN_AFTER)
    except DATABASE_TROUBLE as another:
        log.error("the sweeper will find the run", run=str(turn.run_id), why=why(another))
