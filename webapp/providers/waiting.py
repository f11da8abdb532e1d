"""When a service that is tired of us says it will answer again."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(minutes=15)
"""No service's word keeps us away for longer; after that it is asked again."""


def told_to_return(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The moment named by `X-Ratelimit-Reset` (Clever, unix seconds) or `Retry-After` (seconds or a date), if any."""
    reset = headers.get("X-Ratelimit-Reset", "").strip()
    if reset.isdecimal() and len(reset) < 12:
        return datetime.fromtimestamp(int(reset), UTC)
    after = headers.get("Retry-After", "").strip()
    if after.isdecimal() and len(after) < 9:
        return now + timedelta(seconds=int(after))
    return _date(after)


def capped(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, but never before now nor later than the longest wait."""
    return moment and min(max(moment, now), now + LONGEST)


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
