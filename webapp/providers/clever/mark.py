"""Our own note of where we stand in Clever's change feed."""

from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.providers.answers import Text, text
from webapp.providers.clever.hints import EventRow


@dataclass(frozen=True)
class Mark:
    """A place in the feed, as our cursors write it."""

    event: str
    """The newest event then."""
    made: datetime
    """When that one was made."""
    looked: datetime
    """When we looked."""

    def __str__(self) -> str:
        return f"{self.event}|{self.made.isoformat()}|{self.looked.isoformat()}"

    @classmethod
    def read(cls, cursor: str) -> "Mark | None":
        """The mark that this cursor means; None where it is not one of ours."""
        event, *moments = cursor.rsplit("|", 2)
        made, looked = map(moment, moments) if len(moments) == 2 else (None, None)
        return cls(event, made, looked) if event and made and looked else None

    def moved_to(self, event: EventRow, now: datetime) -> "Mark":
        """The same at a later event."""
        return Mark(event.id, moment(event.created) or self.made, now)


def moment(value: Text) -> datetime | None:
    """The moment that this text means; None where it is none."""
    try:
        told = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
