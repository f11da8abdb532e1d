"""Notices what has changed in a district, and records it as Clever's events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from webapp.simulator.clever.log import Event, Json
from webapp.simulator.clever.shelf import COLLECTIONS, PlainShelf
from webapp.simulator.clever.view import freeze
from webapp.simulator.world import District, utc_stamp


@dataclass(frozen=True)
class Change:
    """What became of one record."""

    type: str
    about: Json
    before: Json | None = None


def catch_up(district: District) -> PlainShelf:
    """The district's records as they are now; what has changed since the last time is recorded as one batch."""
    log = district.log
    last = log.shelf
    if isinstance(last, PlainShelf) and last.revision == district.revision:
        return last
    paused = district.doors.clever.clever_state == "paused"
    district.frozen = (district.frozen or freeze(district)) if paused else None
    shelf = log.shelf = PlainShelf(district)
    if isinstance(last, PlainShelf):
        record(district, last, shelf)
    return shelf


def record(district: District, before: PlainShelf, after: PlainShelf) -> None:
    """Record a batch of events; the district's own, with the new time of its sync, heads it."""
    changes = list(differences(before, after))
    if not changes:
        return
    district.log.last_sync = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    after.data["districts"] = after.written("districts")
    if not district.doors.clever.clever_feed:
        return
    now = utc_stamp()
    others = [one for one in changes if not one.type.startswith("districts.")]
    twice = 2 if district.doors.clever.clever_feed_doubles == "two ids" else 1
    for change in [*changes_of("districts", before, after), *others]:
        for _ in range(twice):
            put(district, change, now)


def put(district: District, change: Change, now: str) -> None:
    """Give one change its place in the log."""
    log = district.log
    log.given += 1
    event = Event(
        id=f"{0x6E000000 + district.number:08x}{log.given:016x}",
        type=change.type,
        created=now,
        about=change.about,
        before=change.before,
    )
    log.events.append(event)


def differences(before: PlainShelf, after: PlainShelf) -> Iterator[Change]:
    """What has come or changed, in an order in which references are known; then what is gone, the other way round."""
    for collection in COLLECTIONS:
        yield from changes_of(collection, before, after)
    for collection in reversed(COLLECTIONS):
        now = after.sourced[collection]
        gone = (old for key, old in before.data[collection].items() if key not in now)
        yield from (Change(f"{collection}.deleted", msgspec.json.decode(old)) for old in gone)


def changes_of(collection: str, before: PlainShelf, after: PlainShelf) -> Iterator[Change]:
    """What has come to a collection, or changed in it."""
    known = before.data[collection]
    for key, new in after.data[collection].items():
        old = known.get(key)
        if old is None:
            yield Change(f"{collection}.created", msgspec.json.decode(new))
        elif old != new:
            about = msgspec.json.decode(new)
            yield Change(f"{collection}.updated", about, changed_leaves(msgspec.json.decode(old), about))


def changed_leaves(before: Json, after: Json) -> Json:
    """The changed leaves as they were, nested like the record; an array is a leaf, and what is new was null."""
    leaves: Json = {}
    for key in before | after:
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            if inner := changed_leaves(old, new):
                leaves[key] = inner
        elif old != new:
            leaves[key] = old
    return leaves
