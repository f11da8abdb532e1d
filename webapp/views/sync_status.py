"""How fresh a class is, in the words of its page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.store.questions.class_runs import held_back_in_class, last_run_of_section
from webapp.store.questions.classes import ClassCard
from webapp.store.tables import SyncRun
from webapp.views.times import ago, clock, day, next_nightly

STOPPED = {
    "not_shared": "{service} no longer shares this class. Its roster stays as it was, and nobody is removed.",
    "disconnected": "{service} is disconnected from us. Its roster stays as it was, and nobody is removed.",
    "term_ended": "The term of this class has ended. Its roster stays as it was.",
}
"""Why a class stands still, by the reason that the sync left."""
FROZEN = "This class is not updated at the moment. Its roster stays as it was, and nobody is removed."
ARCHIVED = "This class is archived. Its roster stays as it was."


@dataclass(frozen=True)
class Freshness:
    """What a class page says about its last sync."""

    running: bool
    words: str
    trouble: str = ""
    """Why the last try brought nothing, and what happens next; empty where all is well."""
    paused: str = ""
    """Why nobody is removed at the moment, and since when; empty where the service is not paused."""
    held: int = 0
    """People whose leaving waits for a decision."""


@dataclass(frozen=True)
class Clock:
    """What words about time need: this moment, the district's zone, and the hour of its nightly sync."""

    now: datetime
    zone: str
    sync_hour: int


def freshness(session: Session, card: ClassCard, service: str, time: Clock) -> Freshness | None:
    """How fresh the class is; None where no rostering service feeds it."""
    if card.connection_id is None or card.section_source_id is None:
        return None
    run = last_run_of_section(session, card.connection_id, card.section_source_id)
    running = run is not None and run.state in ("requested", "running")
    return Freshness(
        running=running,
        words=f"Asking {service} for changes…" if running else _last_and_next(card, time),
        trouble=_trouble(run, service, time),
        paused=_paused(card, time),
        held=held_back_in_class(session, card.id),
    )


def standing_still(card: ClassCard, service: str) -> str:
    """Why the class is not updated; empty where it is."""
    if card.state == "active":
        return ""
    known = STOPPED.get(card.state_reason or "", FROZEN if card.state == "frozen" else ARCHIVED)
    return known.format(service=service)


def _last_and_next(card: ClassCard, time: Clock) -> str:
    last = f"Last synced {ago(card.synced_at, time.now)}" if card.synced_at else "Not synced yet"
    if card.state != "active":
        return last
    return f"{last} · next {next_nightly(time.now, time.zone, time.sync_hour)}"


def _paused(card: ClassCard, time: Clock) -> str:
    if card.connection_state != "paused" or card.state != "active":
        return ""
    last = f" The last good sync was on {day(card.connection_good_at, time.zone)}." if card.connection_good_at else ""
    return f"{card.connection_reason or ''} While that lasts nobody is removed from this class.{last}".strip()


def _trouble(run: SyncRun | None, service: str, time: Clock) -> str:
    if run is None or run.state not in ("parked", "failed"):
        return ""
    reason = run.reason or f"{service} did not give us a whole answer."
    if run.state == "parked" and run.next_try_at and run.next_try_at > time.now:
        return f"{reason} We try again at {clock(run.next_try_at, time.zone)}; until then the roster stays as it is."
    return f"{reason} The roster stays as it is, and we try again by ourselves."
