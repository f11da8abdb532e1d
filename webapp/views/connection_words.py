"""The health of a connection in words: how it is, and what to do if it is not well."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from webapp.providers.service import Service
from webapp.store.tables import Connection

LATE = timedelta(hours=36)
"""Every night brings a sync; this much later something is wrong."""

STATES = {
    "connected": ("good", "Connected", ""),
    "paused": (
        "cool",
        "Paused",
        "While that lasts nobody is removed from a class. Whoever is new still comes in, and teachers can add classes.",
    ),
    "attention": ("bad", "Needs attention", "Ask your district to check that it still shares its data with us."),
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
    "The service shares so much less than before that nobody was removed yet. If that is a mistake, mend it there; if "
    "it is right, ask support to apply it.",
)


@dataclass(frozen=True)
class Health:
    """One connection's health as the page shows it."""

    service: str
    kind: str
    word: str
    advice: str
    last_good_sync_at: datetime | None


def healths(
    connections: Sequence[Connection], holding: Collection[UUID], services: dict[str, Service], now: datetime
) -> list[Health]:
    """The health of each connection; `holding` are those of which something waits for a person."""
    return [_health(connection, connection.id in holding, services, now) for connection in connections]


def _health(connection: Connection, holds: bool, services: dict[str, Service], now: datetime) -> Health:
    kind, word, advice = STATES[connection.state]
    last = connection.last_good_sync_at
    if connection.state == "connected" and last and now - last > LATE:
        kind, word, advice = (
            "warn",
            "Late",
            "The last good sync is more than a day and a half ago. Support can see why.",
        )
    elif connection.state == "connected" and holds:
        kind, word, advice = HOLDS
    service = services.get(connection.provider)
    label = service.label if service else "CSV files"
    return Health(label, kind, word, _advice(connection, advice), last)


def _advice(connection: Connection, advice: str) -> str:
    """Why it is as it is, and what that means; of one that is well, what its service wants people to know."""
    if connection.state in ("paused", "frozen"):
        return f"{connection.state_reason or ''} {advice}".strip()
    return connection.state_reason or advice or connection.note or ""
