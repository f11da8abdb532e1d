"""Find the work that nobody is doing: dead workers' runs are requested again, or failed if they died too often."""

from datetime import datetime, timedelta
from uuid import UUID

from webapp.store.checkpoints import checkpoint
from webapp.store.database import directory, tenant
from webapp.store.questions.clockwork import RunHead, dead_runs, runs_to_nudge
from webapp.store.tables import SyncRun

SILENT_TOO_LONG = timedelta(seconds=90)
"""A living run shows itself more often: no page of any provider may take longer than 60 s (REL-20: within 120 s)."""
TRIES = 5


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
        run = session.get(SyncRun, run_id, with_for_update=True)
        if run is None or run.state != "running" or (run.alive_at and run.alive_at > now - silent_for):
            return
        if run.attempts >= TRIES:
            run.state, run.finished_at = "failed", now
            run.reason = "It broke off several times on our side. Please tell support."
            return
        run.state = "requested"
        checkpoint("sweep.before_commit")
