"""Find the work that nobody is doing: dead workers' runs are requested again, or failed if they died too often."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.actions.call_for_attention import Cause, call_for_attention
from webapp.store.checkpoints import checkpoint
from webapp.store.database import directory, tenant
from webapp.store.questions.clockwork import RunHead, dead_runs, runs_to_nudge
from webapp.store.tables import Connection, SyncRun

SILENT_TOO_LONG = timedelta(seconds=90)
"""A living run's heart beats far more often (REL-20: found dead within 120 s)."""
TRIES = 5
BROKE_OFF = "It broke off several times on our side. Please tell support."


def sweep(now: datetime, *, silent_for: timedelta = SILENT_TOO_LONG) -> list[RunHead]:
    """Put dead runs back, and say which runs the queue must be nudged for."""
    with directory() as session:
        dead = dead_runs(session, now - silent_for)
    for head in dead:
        checkpoint("sweep.found")
        _put_back(head.run_id, head.district_id, now, silent_for)
    checkpoint("sweep.put_back")
    with directory() as session:
        return runs_to_nudge(session, now)


def _put_back(run_id: UUID, district_id: UUID, now: datetime, silent_for: timedelta) -> None:
    with tenant(district_id) as session:
        # Whose row is locked is being settled; and a sync that writes its journal only refers to the row.
        run = session.get(SyncRun, run_id, with_for_update={"key_share": True, "skip_locked": True})
        if run is None or run.state != "running" or (run.alive_at and run.alive_at > now - silent_for):
            return
        if run.attempts < TRIES:
            run.state = "requested"
        elif run.kind == "undo" or _connection_is_free(session, run.connection_id):
            run.state, run.finished_at, run.reason = "failed", now, BROKE_OFF
            call_for_attention(session, run, Cause.BROKE_OFF, now)
        checkpoint("sweep.before_commit")


def _connection_is_free(session: Session, connection_id: UUID) -> bool:
    """The connection's row is locked, for the letter; where somebody holds it, the next sweep gives the run up."""
    locked = {"key_share": True, "skip_locked": True}
    return session.get(Connection, connection_id, with_for_update=locked) is not None
