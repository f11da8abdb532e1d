"""The one place where the front doors look at the clock; from here on `now` is passed in."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
