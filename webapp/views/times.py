"""Times in words, as people in the district say them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, format_timedelta

SMALL_HOURS = 6
"""An hour before this one counts as the night of the day before."""


def ago(when: datetime, now: datetime) -> str:
    """How long ago that was: `2 minutes ago`."""
    if now - when < timedelta(minutes=1):
        return "just now"
    return str(format_timedelta(when - now, add_direction=True, locale="en_US"))


def day(when: datetime, zone: str) -> str:
    """Which day that was there: `Monday, September 14`."""
    return str(format_date(when.astimezone(ZoneInfo(zone)).date(), "EEEE, MMMM d", locale="en_US"))


def short_day(when: date) -> str:
    """A day without its weekday: `September 14`."""
    return str(format_date(when, "MMMM d", locale="en_US"))


def clock(when: datetime, zone: str) -> str:
    """What the clock showed there: `2:05 PM`."""
    return str(format_time(when.astimezone(ZoneInfo(zone)), "h:mm a", locale="en_US"))


def next_nightly(now: datetime, zone: str, hour: int) -> str:
    """When the next nightly sync begins there: `tonight about 2 AM`."""
    local = now.astimezone(ZoneInfo(zone))
    start = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if start <= local:
        start += timedelta(days=1)
    by_day = "today" if start.date() == local.date() else "tomorrow"
    which = "tonight" if hour < SMALL_HOURS else by_day
    return f"{which} about {format_time(start, 'h a', locale='en_US')}"
