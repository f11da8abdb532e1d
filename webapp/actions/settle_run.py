"""How a run ends: done, held for a person, parked until the service answers, or failed; nothing is removed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.actions.call_for_attention import Cause, call_for_attention
from webapp.actions.look_for_changes import LOOK_EVERY
from webapp.actions.open_run import OpenRun
from webapp.actions.turn import still_mine
from webapp.providers.service import Condition
from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.outbox import put
from webapp.store.questions.clockwork import GIVE_UP_AFTER
from webapp.store.questions.deciders import deciders
from webapp.store.questions.runs import connection_by_id, supersede_held
from webapp.store.tables import Connection, SyncRun

RETRY_SYNC_AFTER = [timedelta(hours=hours) for hours in (2, 6, 12, 24, 48)]
"""Waits before the next tries of a parked sync; then daily (REL-24)."""
RETRY_IMPORT_AFTER = [timedelta(seconds=seconds) for seconds in (15, 60, 300, 1800, 7200)]
"""A teacher watches her import: it is tried again soon, and not for ever."""
DAILY = timedelta(days=1)
WE_STOP = "We tried for four weeks and no longer try by ourselves: please press Sync now once it works again."


@dataclass(frozen=True)
class Fetched:
    """What a run has asked of the service: how many requests, and whether for whole collections."""

    requests: int = 0
    whole_requests: int | None = None
    """Those of them that whole collections took; None where sections were asked for one by one."""
    condition: Condition = Condition()
    """How the service said that its data are, before the fetch."""
    cursor: str | None = None
    """Where the change feed stood before a fetch of everything; None where that was not asked, or not answered."""
    looked_again: bool = True
    """False where sections that lack somebody are still to be asked for by their own ids."""
    not_looked_up: Sequence[str] = ()
    """Those of them that were too many for that."""


@dataclass(frozen=True)
class Settled:
    """What a run has done when its last transaction commits."""

    counts: dict[str, int]
    held: int
    reason: str
    plan_hash: str
    nothing: bool = False
    """True where the whole plan waits, and nothing at all was applied."""


def finish(run: OpenRun, settled: Settled, fetched: Fetched, *, seconds: float) -> None:
    """The run is done, or held where something waits for a person; the connection has had a good sync."""
    with tenant(run.district_id) as session:
        row = still_mine(session, run.turn)
        if row is None:
            return
        checkpoint("finish.begun")
        told_before = _same_hold_before(session, row, settled)
        row.state, row.reason = _outcome(run, row, settled, fetched)
        row.approved_at = None
        row.counts = settled.counts | {"requests": fetched.requests, "seconds": round(seconds, 3), "held": settled.held}
        row.progress, row.finished_at = 100, _end(run, seconds)
        _note_condition(session, run, fetched, good=not settled.nothing)
        if fetched.condition.settled:
            row.plan_hash, row.whole_held = settled.plan_hash or None, settled.nothing
            supersede_held(session, row)
        if settled.held and not told_before:
            _tell_of_hold(session, row, row.finished_at)
        checkpoint("finish.before_commit")
    checkpoint("finish.after_commit")


def _outcome(run: OpenRun, row: SyncRun, settled: Settled, fetched: Fetched) -> tuple[str, str | None]:
    """How the run ends, and the sentence for it."""
    if fetched.condition.settled:
        return ("held", settled.reason) if settled.held else ("done", None)
    # What was approved could not be done now: it waits as before, and is asked again.
    return ("held", row.reason) if run.approved_run else ("done", fetched.condition.sentence)


def _tell_of_hold(session: Session, row: SyncRun, now: datetime) -> None:
    for account_id in deciders(session):
        put(session, "hold", district_id=row.district_id, now=now, run_id=row.id, account_id=account_id)


def _end(run: OpenRun, seconds: float) -> datetime:
    return run.as_of + timedelta(seconds=seconds)


def _same_hold_before(session: Session, row: SyncRun, settled: Settled) -> bool:
    """True where people were already told of exactly these removals (one letter for a hold, not one a night)."""
    same = select(SyncRun.id).where(
        SyncRun.connection_id == row.connection_id, SyncRun.state == "held", SyncRun.plan_hash == settled.plan_hash
    )
    return session.scalars(same.limit(1)).first() is not None


def _note_condition(session: Session, run: OpenRun, fetched: Fetched, *, good: bool) -> None:
    """The connection is as the service says; where all is settled and was followed, it has had a good sync."""
    if not run.sections:
        return  # Nothing was asked, so nothing is known of the service.
    connection = connection_by_id(session, run.connection_id)
    assert connection is not None
    if fetched.whole_requests is not None:
        connection.cursors = connection.cursors | {"whole_requests": fetched.whole_requests}
    if not fetched.condition.settled:
        _pause(connection, fetched.condition.sentence)
        return
    if run.scope is None and good:
        connection.last_good_sync_at = run.as_of
        _follow_feed(run, connection, fetched.cursor)
    if connection.state in ("attention", "paused"):
        connection.state, connection.state_reason = "connected", None
    connection.note = fetched.condition.sentence or None


def _follow_feed(run: OpenRun, connection: Connection, cursor: str | None) -> None:
    """The feed is followed from before the fetch, soon where there was none before."""
    if cursor and not connection.feed_cursor:
        connection.look_at = run.as_of + LOOK_EVERY
    connection.feed_cursor = connection.feed_cursor if cursor is None else cursor


def _pause(connection: Connection, sentence: str) -> None:
    """What the service does not stand by is no good sync, and its cursor stays: what was left out is told again."""
    if connection.state in ("connected", "attention", "paused"):
        connection.state, connection.state_reason, connection.note = "paused", sentence, None


def park(run: OpenRun, reason: str, now: datetime, *, retry_at: datetime | None) -> None:
    """The run waits until the service answers again, or has failed: an import after its tries, a sync after 28 days."""
    waits = RETRY_IMPORT_AFTER if run.kind == "import" else RETRY_SYNC_AFTER
    with tenant(run.district_id) as session:
        row = still_mine(session, run.turn)
        if row is None:
            return
        # A service that does not answer kills no worker: only those deaths count for the sweeper's patience.
        parked, row.attempts = row.counts.get("parked", 0) + 1, 0
        if now - row.requested_at > GIVE_UP_AFTER or (run.kind == "import" and parked > len(waits)):
            _give_up_asking(session, row, reason, now, says_when=retry_at is not None)
            return
        wait = waits[parked - 1] if parked <= len(waits) else DAILY
        row.state, row.reason, row.next_try_at = "parked", reason, retry_at or now + wait
        row.counts = row.counts | {"requests": run.reader.requests, "parked": parked}
        checkpoint("park.before_commit")


def _give_up_asking(session: Session, row: SyncRun, reason: str, now: datetime, *, says_when: bool) -> None:
    """The run has failed; a service that only asks us to wait is in order, so that is no trouble of the connection."""
    everything = row.scope is None
    row.state, row.finished_at, row.reason = "failed", now, f"{reason} {WE_STOP}" if everything else reason
    if everything:
        call_for_attention(session, row, Cause.SILENT, now)
    elif not says_when:
        call_for_attention(session, row, Cause.UNANSWERED, now)


def give_up(run: OpenRun, reason: str, now: datetime) -> None:
    """The run has failed for a reason that trying again does not mend."""
    with tenant(run.district_id) as session:
        if row := _failed(session, run, reason, now):
            call_for_attention(session, row, Cause.STUCK, now)


def withdraw(run: OpenRun, reason: str, now: datetime) -> None:
    """The service refuses us: the connection needs attention, its rosters stay, nobody is removed (REL-25)."""
    with tenant(run.district_id) as session:
        if row := _failed(session, run, reason, now):
            checkpoint("withdraw.given_up")
            call_for_attention(session, row, Cause.REFUSED, now)
        checkpoint("withdraw.before_commit")


def _failed(session: Session, run: OpenRun, reason: str, now: datetime) -> SyncRun | None:
    """The run, which has failed; None where it was another worker's by now."""
    row = still_mine(session, run.turn)
    if row is None:
        return None
    row.state, row.reason, row.finished_at = "failed", reason, now
    checkpoint("give_up.before_commit")
    return row
