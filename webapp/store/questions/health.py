"""How much is waiting, and who has had no good sync, over all districts? Asked by the directory's door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from webapp.store.tables import Connection, District, OutboxLetter, SyncRun
from webapp.store.tables.syncing import OPEN_STATES

LATE = timedelta(hours=36)
"""Every night brings a sync; this much later something is wrong (safety.md REL-33)."""

# A sync that had nothing to ask for is no trouble: over the summer every class may be archived.
_LATE = """
select c.id, c.district_id, d.name, c.provider, c.last_good_sync_at from connection c
join district d on d.id = c.district_id
where c.state in ('connected', 'attention')
  and exists (select from license l where l.district_id = c.district_id and (l.ends_on is null or l.ends_on >= :today))
  and (c.last_good_sync_at < :before or c.last_good_sync_at is null and exists (
       select from sync_run r where r.connection_id = c.id and r.kind = 'import' and r.requested_at < :before))
  and not exists (
       select from sync_run r where r.connection_id = c.id and r.kind = 'sync' and r.scope is null
       and r.state in ('done', 'held', 'discarded', 'superseded') and r.started_at >= :before)
order by d.name, c.provider, c.id
"""


@dataclass(frozen=True)
class RunLine:
    """An unfinished run, as the operator sees it."""

    run_id: UUID
    district_name: str
    provider: str
    kind: str
    since: datetime
    next_try_at: datetime | None


@dataclass(frozen=True)
class LateConnection:
    """A connection that should have had a good sync and has not."""

    connection_id: UUID
    district_id: UUID
    district_name: str
    provider: str
    last_good_sync_at: datetime | None


def open_runs(session: Session) -> dict[str, int]:
    """How many runs are in each unfinished state, with a zero where there are none."""
    counted = (
        select(SyncRun.state, func.count(SyncRun.id)).where(SyncRun.state.in_(OPEN_STATES)).group_by(SyncRun.state)
    )
    found = dict(session.execute(counted).all())
    return {state: found.get(state, 0) for state in OPEN_STATES}


def runs_in_state(session: Session, state: str) -> Sequence[RunLine]:
    """The runs in this state, longest first."""
    since = func.coalesce(SyncRun.finished_at, SyncRun.requested_at)
    rows = session.execute(
        select(SyncRun.id, District.name, Connection.provider, SyncRun.kind, since, SyncRun.next_try_at)
        .join(Connection, Connection.id == SyncRun.connection_id)
        .join(District, District.id == SyncRun.district_id)
        .where(SyncRun.state == state)
        .order_by(since, SyncRun.id)
    )
    return [RunLine(*row) for row in rows]


def oldest_waiting_run(session: Session) -> datetime | None:
    """When the longest waiting run was requested."""
    return session.scalar(select(func.min(SyncRun.requested_at)).where(SyncRun.state == "requested"))


def unsent_letters(session: Session) -> int:
    """How many letters still have to leave."""
    return session.scalar(select(func.count(OutboxLetter.id)).where(OutboxLetter.sent_at.is_(None))) or 0


def failed_letters(session: Session, now: datetime) -> int:
    """How many letters were tried and did not leave; one that is being sent this minute is none of them."""
    tried = (OutboxLetter.sent_at.is_(None), OutboxLetter.attempts > 0)
    again = (OutboxLetter.attempts > 1) | (OutboxLetter.next_try_at <= now)
    return session.scalar(select(func.count(OutboxLetter.id)).where(*tried, again)) or 0


def last_good_syncs(session: Session) -> dict[UUID, datetime]:
    """When each connection that is not closed had its last good sync, for those that had one."""
    live = select(Connection.id, Connection.last_good_sync_at).where(
        Connection.state != "closed", Connection.last_good_sync_at.is_not(None)
    )
    return {row.id: row.last_good_sync_at for row in session.execute(live)}


def late_connections(session: Session, now: datetime) -> list[LateConnection]:
    """Connections that are to be synced every night and have had no good sync for too long."""
    # An ended license may still run somewhere on this globe; a day more or less decides nothing here.
    today: date = now.date()
    rows = session.execute(text(_LATE), {"before": now - LATE, "today": today})
    return [LateConnection(*row) for row in rows]
