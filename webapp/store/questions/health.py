"""How much is waiting, over all districts? Asked by the directory's door."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.store.tables import OutboxLetter, SyncRun
from webapp.store.tables.syncing import OPEN_STATES


def open_runs(session: Session) -> dict[str, int]:
    """How many runs are in each unfinished state, with a zero where there are none."""
    counted = (
        select(SyncRun.state, func.count(SyncRun.id)).where(SyncRun.state.in_(OPEN_STATES)).group_by(SyncRun.state)
    )
    found = dict(session.execute(counted).all())
    return {state: found.get(state, 0) for state in OPEN_STATES}


def oldest_waiting_run(session: Session) -> datetime | None:
    """When the longest waiting run was requested."""
    return session.scalar(select(func.min(SyncRun.requested_at)).where(SyncRun.state == "requested"))


def unsent_letters(session: Session) -> int:
    """How many letters still have to leave."""
    return session.scalar(select(func.count(OutboxLetter.id)).where(OutboxLetter.sent_at.is_(None))) or 0
