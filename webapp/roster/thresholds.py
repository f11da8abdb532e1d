"""A district's own threshold for removals: its bounds, and when a raised one falls back (safety.md REL-3, REL-10)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from webapp.roster.guard import DEFAULT, Limits

LOWEST, HIGHEST = 2, 50
"""Percent. Lower would hold every night, higher would hold hardly anything."""
RAISED_FOR = timedelta(hours=2)
"""Long enough for the one sync that it was raised for."""


def limits_in_force(kept: Mapping[str, Any], until: datetime | None, now: datetime) -> Limits:
    """The limits that hold now, of what is kept with a connection: `share` in percent, `least` records, `before`."""
    share = int(kept.get("share", DEFAULT.share))
    if until is not None and now >= until:
        share = int(kept.get("before", DEFAULT.share))
    least = int(kept.get("least", DEFAULT.least))
    return Limits(share, least, max(share, DEFAULT.small_share), min(least, DEFAULT.small_least))


def kept_with(
    kept: Mapping[str, Any], until: datetime | None, share: int, now: datetime
) -> tuple[dict[str, Any], datetime | None]:
    """What to keep where this share is wanted, and until when: more than the usual tenth is for two hours only."""
    if share <= DEFAULT.share:
        return {name: value for name, value in kept.items() if name != "before"} | {"share": share}, None
    standing = kept.get("before") if until is not None else kept.get("share")
    return {**kept, "share": share, "before": standing or DEFAULT.share}, now + RAISED_FOR
