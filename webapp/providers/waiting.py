"""When a service that is tired of us says it will answer again, and how not to tire it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(minutes=15)
"""No service's word keeps us away for longer; after that it is asked again."""


def told_to_return(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The moment named by `X-Ratelimit-Reset` (Clever, unix seconds) or `Retry-After` (seconds or a date), if any.

    A moment that is over says nothing about when to come again, and asking at once would only tire the service more.
    """
    moment = _reset(headers) or _after(headers.get("Retry-After", "").strip(), now)
    return moment if moment and moment > now else None


def capped(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, but not later than the longest wait."""
    return moment and min(moment, now + LONGEST)


@dataclass(frozen=True)
class Allowance:
    """How many requests a token had left when the service last told."""

    left: int
    limit: int
    resets: datetime


class Budget:
    """What each token may still ask. Clever tells it with every answer; services that don't are never paused."""

    def __init__(self) -> None:
        self._told: dict[str, Allowance] = {}

    def note(self, token: str, headers: Mapping[str, str], now: datetime) -> None:
        """Remember what an answer tells; one that tells nothing changes nothing."""
        left = headers.get("X-Ratelimit-Remaining", "").strip()
        resets = capped(_reset(headers), now)
        if left.isdecimal() and len(left) < 12 and resets:
            limit = headers.get("X-Ratelimit-Limit", "").strip()
            self._told[token] = Allowance(int(left), int(limit) if limit.isdecimal() else 0, resets)

    def rest_until(self, token: str, share: float, now: datetime) -> datetime | None:
        """Until when to rest, where one more request would eat into this share, which is left to others."""
        told = self._told.get(token)
        if told is None or told.resets <= now or told.left > int(told.limit * share):
            return None
        return told.resets


def _reset(headers: Mapping[str, str]) -> datetime | None:
    reset = headers.get("X-Ratelimit-Reset", "").strip()
    return datetime.fromtimestamp(int(reset), UTC) if reset.isdecimal() and len(reset) < 12 else None


def _after(text: str, now: datetime) -> datetime | None:
    if text.isdecimal() and len(text) < 9:
        return now + timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
