"""How a run ends: done, held for a person, parked until the service answers, or failed; nothing is removed here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.actions.open_run import OpenRun
from webapp.store.database import tenant
from webapp.store.outbox import put
from webapp.store.questions.deciders import deciders
from webapp.store.questions.runs import connection_by_id, supersede_held
from webapp.store.tables import OutboxLetter, SyncRun

RETRY_SYNC_AFTER = [timedelta(hours=hours) for hours in (2, 6, 12, 24, 48)]
"""Waits before the next tries of a parked sync; then daily (REL-24)."""
RETRY_IMPORT_AFTER = [timedelta(seconds=seconds) for seconds in (15, 60, 300, 1800, 7200)]
"""A teacher watches her import: it is tried again soon, and not for ever."""
DAILY = timedelta(days=1)
GIVE_UP_AFTER = timedelta(days=28)


@dataclass(frozen=True)
class Fetched:
    """What a run has asked of the service: how many requests, and whether for whole collections."""

    requests: int = 0
    whole: bool = False


@dataclass(frozen=True)
class Settled:
    """What a run has done when its last transaction commits."""

    counts: dict[str, int]
    held: int
    reason: str
    plan_hash: str


def _still_mine(session: Session, run: OpenRun) -> SyncRun | None:
    """The run's row, locked; None where this worker was taken for dead and the run is another's by now, or ended."""
    row = session.get_one(SyncRun, run.run_id, with_for_update=True)
    return row if row.state == "running" and row.started_at == run.as_of else None


def finish(run: OpenRun, settled: Settled, fetched: Fetched, *, seconds: float) -> None:
    """The run is done, or held where something waits for a person; the connection has had a good sync."""
    with tenant(run.district_id) as session:
        row = _still_mine(session, run)
        if row is None:
            return
        told_before = _same_hold_before(session, row, settled)
        supersede_held(session, row)
        row.state = "held" if settled.held else "done"
        row.reason = settled.reason or None
        row.plan_hash = settled.plan_hash or None
        row.approved_at = None
        row.counts = settled.counts | {"requests": fetched.requests, "seconds": round(seconds, 3), "held": settled.held}
        row.progress, row.finished_at = 100, _end(run, seconds)
        _note_good_sync(session, run, fetched)
        if settled.held and not told_before:
            for account_id in deciders(session):
                put(
                    session,
                    "hold",
                    district_id=run.district_id,
                    now=row.finished_at,
                    run_id=row.id,
                    account_id=account_id,
                )


def _end(run: OpenRun, seconds: float) -> datetime:
    return run.as_of + timedelta(seconds=seconds)


def _same_hold_before(session: Session, row: SyncRun, settled: Settled) -> bool:
    """True where people were already told of exactly these removals (one letter for a hold, not one a night)."""
    same = select(SyncRun.id).where(
        SyncRun.connection_id == row.connection_id, SyncRun.state == "held", SyncRun.plan_hash == settled.plan_hash
    )
    return session.scalars(same.limit(1)).first() is not None


def _note_good_sync(session: Session, run: OpenRun, fetched: Fetched) -> None:
    if not run.sections:
        return  # Nothing was asked, so nothing is known of the service.
    connection = connection_by_id(session, run.connection_id)
    assert connection is not None
    if run.scope is None:
        connection.last_good_sync_at = run.as_of
    if fetched.whole:
        connection.cursors = connection.cursors | {"whole_requests": fetched.requests}
    if connection.state == "attention":
        connection.state, connection.state_reason = "connected", None


def put_back(run: OpenRun, now: datetime, *, seconds: int) -> None:
    """The run is requested again: another one applied at the time."""
    with tenant(run.district_id) as session:
        row = _still_mine(session, run)
        if row is None:
            return
        row.state, row.next_try_at, row.attempts = "requested", now + timedelta(seconds=seconds), run.attempts - 1


def park(run: OpenRun, reason: str, now: datetime, *, retry_at: datetime | None) -> None:
    """The run waits until the service answers again, or has failed: an import after its tries, a sync after 28 days."""
    waits = RETRY_IMPORT_AFTER if run.kind == "import" else RETRY_SYNC_AFTER
    with tenant(run.district_id) as session:
        row = _still_mine(session, run)
        if row is None:
            return
        tired = run.kind == "import" and run.attempts > len(waits)
        if tired or now - row.requested_at > GIVE_UP_AFTER:
            row.state, row.finished_at, row.reason = "failed", now, reason
            return
        wait = waits[run.attempts - 1] if run.attempts <= len(waits) else DAILY
        row.state, row.reason, row.next_try_at = "parked", reason, retry_at or now + wait
        row.counts = row.counts | {"requests": run.reader.requests}


def give_up(run: OpenRun, reason: str, now: datetime) -> None:
    """The run has failed for a reason that trying again does not mend."""
    with tenant(run.district_id) as session:
        row = _still_mine(session, run)
        if row is not None:
            row.state, row.reason, row.finished_at = "failed", reason, now


def withdraw(run: OpenRun, reason: str, now: datetime) -> None:
    """The service refuses us: the connection needs attention, its rosters stay, nobody is removed (REL-25)."""
    give_up(run, reason, now)
    with tenant(run.district_id) as session:
        connection = connection_by_id(session, run.connection_id)
        assert connection is not None
        if connection.state not in ("connected", "attention", "frozen"):
            return  # Paused or closed by a person: nothing is expected of the service.
        if connection.state == "connected" and not _told_lately(session, run, now):
            for account_id in deciders(session):
                put(
                    session,
                    "attention",
                    district_id=run.district_id,
                    now=now,
                    connection_id=connection.id,
                    account_id=account_id,
                )
        connection.state, connection.state_reason = "attention", reason


def _told_lately(session: Session, run: OpenRun, now: datetime) -> bool:
    """True where a letter about this connection was written within a day: one that comes and goes is told of once."""
    lately = select(OutboxLetter.id).where(
        OutboxLetter.kind == "attention",
        OutboxLetter.ids["connection_id"].astext == str(run.connection_id),
        OutboxLetter.written_at > now - DAILY,
    )
    return session.scalars(lately.limit(1)).first() is not None
