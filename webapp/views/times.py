"""Times in words, as people in the district say them."""

from datetime import UTC, date, datetime, timedelta
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


def moment(when: datetime, zone: str) -> str:
    """Day and clock there: `Monday, September 14 at 2:05 PM`."""
    return f"{day(when, zone)} at {clock(when, zone)}"


def next_nightly(now: datetime, zone: str, hour: int) -> str:
    """When the next nightly sync begins there: `tonight at 2:00 AM`."""
    local = now.astimezone(ZoneInfo(zone))
    start = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if start <= local:
        start += timedelta(days=1)
    by_day = "today" if start.date() == local.date() else "tomorrow"
    which = "tonight" if hour < SMALL_HOURS else by_day
    return f"{which} at {format_time(start, 'h:mm a', locale='en_US')}"


def local_minute(when: datetime, zone: str) -> str:
    """The minute that it was there, as a date-and-time field has it: `2026-10-05T14:00`."""
    return when.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def from_local_minute(typed: str, zone: str) -> datetime | None:
    """The moment that was typed into a date-and-time field there; None where that is none."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return None
