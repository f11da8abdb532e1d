"""Days and moments as services write them."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from webapp.providers.answers import Text, text


def day(value: Text) -> date | None:
    """The day that begins this text (a plain date or a moment); None where it is none."""
    if not value:
        return None
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None


def moment(header: str) -> datetime | None:
    """The moment that an HTTP header names; None where it is none."""
    try:
        told = parsedate_to_datetime(header)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
