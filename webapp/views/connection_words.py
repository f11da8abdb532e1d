"""The health of a connection in words: how it is, how fresh, and what to do if it is not well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.providers.service import Service
from webapp.store.questions.class_runs import last_whole_run
from webapp.store.questions.health import LATE
from webapp.store.questions.licensing import connections_here
from webapp.store.questions.runs import held_runs
from webapp.store.tables import Connection, SyncRun
from webapp.views.sync_status import BLACKOUT, Clock, Line, blackout_end, line_of, trouble_of
from webapp.views.times import short_day

STATES = {
    "connected": ("good", "Connected", ""),
    "paused": (
        "cool",
        "Paused",
        "While that lasts nobody is removed from a class. Whoever is new still comes in, and teachers can add classes.",
    ),
    "attention": ("bad", "Needs attention", "Support can see why."),
    "frozen": (
        "bad",
        "Disconnected",
        "Classes can be read but no longer follow the service. Your district has to switch us on there again.",
    ),
    "unclaimed": ("warn", "Not set up yet", "Support has to finish setting this connection up."),
}
"""State -> kind of badge, its word, what to do."""
HOLDS = (
    "warn",
    "A change waits",
    "The service shares so much less than before that nobody was removed yet. If that is a mistake, mend it there.",
)
LATE_WORDS = ("warn", "Late", "The last good sync is more than a day and a half ago. Support can see why.")


@dataclass(frozen=True)
class Health:
    """One connection's health as the page shows it."""

    connection_id: UUID
    service: str
    kind: str
    word: str
    advice: str
    line: Line
    """When it was last synced, and what comes next."""
    archiving: str
    """When its classes go to the archive."""


def healths(session: Session, services: Mapping[str, Service], time: Clock) -> list[Health]:
    """The health of each of the district's connections."""
    holding = {run.connection_id for run in held_runs(session)}
    return [
        _health(connection, last_whole_run(session, connection.id), connection.id in holding, services, time)
        for connection in connections_here(session)
    ]


def label_of(provider: str, services: Mapping[str, Service]) -> str:
    """What people call this service."""
    return services[provider].label if provider in services else "CSV files"


def _health(
    connection: Connection, run: SyncRun | None, holds: bool, services: Mapping[str, Service], time: Clock
) -> Health:
    label, last = label_of(connection.provider, services), connection.last_good_sync_at
    kind, word, advice = STATES[connection.state]
    if connection.state == "connected":
        kind, word, advice = _in_service(connection, run, holds, label, time)
    line = line_of(connection, label, time, synced_at=last, run=run, held=False, never="No full sync yet")
    return Health(connection.id, label, kind, word, _advice(connection, advice), line, _archiving(connection))


def _in_service(
    connection: Connection, run: SyncRun | None, holds: bool, label: str, time: Clock
) -> tuple[str, str, str]:
    """How a connection is that lets us in: the worst thing first."""
    if until := blackout_end(connection.blackout_from, connection.blackout_until, time.today):
        return "cool", "Paused", BLACKOUT.format(until=short_day(until))
    if _late(connection.last_good_sync_at, time.now):
        return LATE_WORDS
    if trouble := trouble_of(run, label, time):
        return "warn", "Trouble", trouble
    return HOLDS if holds else STATES["connected"]


def _archiving(connection: Connection) -> str:
    days = connection.archive_after_days
    if not days:
        return "Classes go to the archive as soon as their term is over. Support can give them up to 60 days more."
    span = "1 day" if days == 1 else f"{days} days"
    return f"Classes go to the archive {span} after their term's end. Support can change that to 0 to 60 days."


def _late(last: datetime | None, now: datetime) -> bool:
    return last is not None and now - last > LATE


def _advice(connection: Connection, advice: str) -> str:
    """Why it is as it is, and what that means; of one that is well, what its service wants people to know."""
    if connection.state in ("paused", "frozen"):
        return f"{connection.state_reason or ''} {advice}".strip()
    return connection.state_reason or advice or connection.note or ""
