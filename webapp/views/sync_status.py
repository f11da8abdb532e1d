"""How fresh a class or a connection is, in one quiet and exact line."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.store.questions.class_runs import held_back_in_class, last_run_of_section
from webapp.store.questions.classes import ClassCard
from webapp.store.questions.clockwork import GIVE_UP_AFTER
from webapp.store.questions.health import LATE
from webapp.store.questions.runs import connection_by_id
from webapp.store.tables import Connection, SyncRun
from webapp.views.times import ago, clock, day, moment, next_nightly, short_day

STOPPED = {
    "not_shared": "{service} no longer shares this class. Its roster stays as it was, and nobody is removed.",
    "disconnected": "{service} is disconnected from us. Its roster stays as it was, and nobody is removed.",
    "term_ended": "The term of this class has ended. Its roster stays as it was.",
}
"""Why a class stands still, by the reason that the sync left."""
FROZEN = "This class is not updated at the moment. Its roster stays as it was, and nobody is removed."
NEVER = "Not synced yet"
WHOLE_WAITS = (
    "So many of the people whom {service} shares look exchanged for others that nothing of the last sync was followed. "
    "The roster stays as it is until your district's administrator decides."
)
BLACKOUT = "Your district wants its classes left as they are until {until}: whoever is new comes in, nobody is removed."
ARCHIVED = "This class is archived. Its roster stays as it was."


@dataclass(frozen=True)
class Clock:
    """What words about time need: this moment, the district's zone, and the hour of its nightly sync."""

    now: datetime
    zone: str
    sync_hour: int

    @property
    def today(self) -> date:
        """The calendar day it is there."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Line:
    """The one line: its words, the exact time behind them, and how well all is."""

    words: str
    exact: str
    tone: str
    """`good`, `quiet` (stands still on purpose) or `warn`; only the first may look green."""


@dataclass(frozen=True)
class Freshness:
    """What a class page says about its last sync."""

    running: bool
    words: str
    exact: str = ""
    """Day and clock of the last sync; empty where there was none."""
    tone: str = "good"
    trouble: str = ""
    """Why the last try brought nothing, and what happens next; empty where all is well."""
    paused: str = ""
    """Why nobody is removed at the moment, and since when; empty where nothing is paused."""
    held: int = 0
    """People whose leaving waits for a decision."""


def freshness(session: Session, card: ClassCard, service: str, time: Clock) -> Freshness | None:
    """How fresh the class is; None where no rostering service feeds it."""
    if card.connection_id is None or card.section_source_id is None:
        return None
    run = last_run_of_section(session, card.connection_id, card.section_source_id)
    connection = connection_by_id(session, card.connection_id)
    assert connection is not None
    if run is not None and run.state in ("requested", "running"):
        return Freshness(running=True, words=f"Asking {service} for changes…", tone="quiet")
    held, whole = held_back_in_class(session, card.id), _whole_waits(run)
    if card.state == "active":
        line = line_of(connection, service, time, synced_at=card.synced_at, run=run, held=held > 0 or whole)
    else:
        line = Line(_last(card.synced_at, time), _exact(card.synced_at, time), "quiet")
    return Freshness(
        running=False,
        words=line.words,
        exact=line.exact,
        tone=line.tone,
        trouble=WHOLE_WAITS.format(service=service) if whole else trouble_of(run, service, time),
        paused=_paused(connection, time) if card.state == "active" else "",
        held=held,
    )


def standing_still(card: ClassCard, service: str) -> str:
    """Why the class is not updated; empty where it is."""
    if card.state == "active":
        return ""
    known = STOPPED.get(card.state_reason or "", FROZEN if card.state == "frozen" else ARCHIVED)
    return known.format(service=service)


def line_of(
    connection: Connection,
    service: str,
    time: Clock,
    *,
    synced_at: datetime | None,
    run: SyncRun | None,
    held: bool,
    never: str = NEVER,
) -> Line:
    """`Last synced 3 minutes ago · next tonight at 2:00 AM`, or what stands in the way of that."""
    tone, then = _then(connection, service, time, run)
    if tone == "good" and (held or (synced_at and time.now - synced_at > LATE)):
        tone = "warn"
    exact = _exact(synced_at, time)
    # Where something is the matter people want the date itself.
    last = _last(synced_at, time, never) + (f", on {exact}" if exact and tone != "good" else "")
    parts = [last, then, "a change waits for a decision" if held else ""]
    return Line(" · ".join(filter(None, parts)), exact, tone)


def _whole_waits(run: SyncRun | None) -> bool:
    return run is not None and run.state == "held" and run.whole_held


def blackout_end(begins: date | None, until: date | None, today: date) -> date | None:
    """Until when the district itself wants its classes left as they are; None on a day that is no such day."""
    return until if until and today <= until and (begins is None or begins <= today) else None


def _then(connection: Connection, service: str, time: Clock, run: SyncRun | None) -> tuple[str, str]:
    """How well it stands, and what comes next."""
    if connection.state == "frozen":
        return "warn", f"{service} is disconnected"
    tonight = f"next {next_nightly(time.now, time.zone, time.sync_hour)}"
    if until := blackout_end(connection.blackout_from, connection.blackout_until, time.today):
        return "quiet", f"your district wants nobody removed until {short_day(until)} · {tonight}"
    if connection.state == "attention":
        needs = f"the connection to {service} needs attention"
        return "warn", needs if given_up(run) else f"{needs} · {tonight}"
    if connection.state == "paused":
        return "quiet", f"{service} is paused · {tonight}"
    if run is not None and run.state == "parked" and run.next_try_at and run.next_try_at > time.now:
        return "warn", f"next try {_when(run.next_try_at, time)}"
    return ("warn" if run is not None and run.state in ("parked", "failed") else "good"), tonight


def _last(synced_at: datetime | None, time: Clock, never: str = NEVER) -> str:
    return f"Last synced {ago(synced_at, time.now)}" if synced_at else never


def _exact(synced_at: datetime | None, time: Clock) -> str:
    return moment(synced_at, time.zone) if synced_at else ""


def _when(when: datetime, time: Clock) -> str:
    """`at 4:05 PM` today, with the day on any other."""
    same = when.astimezone(ZoneInfo(time.zone)).date() == time.today
    return f"at {clock(when, time.zone)}" if same else f"on {moment(when, time.zone)}"


def _paused(connection: Connection, time: Clock) -> str:
    last = connection.last_good_sync_at
    when = f" The last good sync was on {day(last, time.zone)}." if last else ""
    if until := blackout_end(connection.blackout_from, connection.blackout_until, time.today):
        return BLACKOUT.format(until=short_day(until)) + when
    if connection.state != "paused":
        return ""
    return f"{connection.state_reason or ''} While that lasts nobody is removed from this class.{when}".strip()


def trouble_of(run: SyncRun | None, service: str, time: Clock) -> str:
    """Why the last try brought nothing, and what happens next; empty where it did, or is still at it."""
    if run is None or run.state not in ("parked", "failed"):
        return ""
    reason = run.reason or f"{service} did not give us a whole answer."
    if run.state == "parked" and run.next_try_at and run.next_try_at > time.now:
        return f"{reason} We try again {_when(run.next_try_at, time)}; until then the roster stays as it is."
    return f"{reason} The roster stays as it is" + ("." if given_up(run) else ", and we try again by ourselves.")


def given_up(run: SyncRun | None) -> bool:
    """True where this was a sync of everything that found nobody for weeks: no night asks for another one."""
    if run is None or run.state != "failed" or run.kind != "sync" or run.scope is not None or not run.finished_at:
        return False
    return run.finished_at - run.requested_at > GIVE_UP_AFTER
