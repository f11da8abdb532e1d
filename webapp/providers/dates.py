"""Days as services write them."""

from datetime import date

from webapp.providers.answers import Text, text


def day(value: Text) -> date | None:
    """The day that begins this text (a plain date or a moment); None where it is none."""
    if not value:
        return None
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None
