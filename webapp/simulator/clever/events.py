"""Clever's events as its API tells them: what was recorded, filtered, and no older than it is kept."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from werkzeug.wrappers import Response

from webapp.simulator.clever.dress import Dress
from webapp.simulator.clever.envelope import envelope, not_found
from webapp.simulator.clever.log import Event, Json
from webapp.simulator.clever.paging import Query, links_of, page_of
from webapp.simulator.clever.versions import in_version
from webapp.simulator.world import District

DAY = 86_400


class EventReader:
    """Answers `/events` for one district in one version."""

    def __init__(self, district: District, version: str, *, now: float) -> None:
        self.district = district
        self.doors = district.doors.clever
        self.version = version
        self.now = now
        self.dress = Dress(self.doors)

    def answer(self, parts: list[str], query: Query) -> Response:
        """The list, or one event."""
        known = {event.id: event for event in self.kept()}
        if not parts:
            wanted = {key: event for key, event in known.items() if fits(event, query)}
            return self.page(wanted, query)
        if len(parts) > 1 or parts[0] not in known:
            return not_found(self.doors)
        itself = [{"rel": "self", "uri": f"/{self.version}/events/{parts[0]}"}]
        return envelope(msgspec.json.encode(self.shown(known[parts[0]])), itself)

    def kept(self) -> Iterator[Event]:
        """The events that are still there, oldest first, as far as this version knows what changed."""
        if not self.doors.clever_feed:
            return
        oldest = datetime.fromtimestamp(self.now - self.doors.clever_feed_days * DAY, UTC).isoformat()
        for event in self.district.log.events[-self.doors.clever_feed_keeps :]:
            if event.created >= oldest and (event.before is None or self.known_part(event, event.before)):
                yield event

    def page(self, events: dict[str, Event], query: Query) -> Response:
        """One page, which is told apart from the documents by a question mark even where nothing was asked."""
        path = f"/{self.version}/events"
        page = page_of(list(events), query, self.doors.clever_page_cap)
        times = 2 if self.doors.clever_feed_doubles == "the same id" else 1
        rows = [{"data": self.shown(events[one]), "uri": f"{path}/{one}"} for one in page.ids for _ in range(times)]
        links = links_of(page, path, query, with_more=self.doors.clever_next_with_more)
        if not query:
            links[0]["uri"] = f"{path}?"
        return envelope(msgspec.json.encode(rows), links)

    def shown(self, event: Event) -> Json:
        """One event; what was before stands beside the object, one level deeper than the documents say."""
        collection = event.type.partition(".")[0]
        data: dict[str, Any] = {"object": self.dress.record(collection, self.known_part(event, event.about))}
        if event.before is not None:
            data["previous_attributes"] = self.known_part(event, event.before)
        return {"type": event.type, "id": event.id, "created": event.created, "data": data}

    def known_part(self, event: Event, record: Json) -> Json:
        """A record, or what changed of it, as this version knows it; a part of which nothing is left is left out."""
        part = in_version(self.version, event.type.partition(".")[0], record)
        return {key: value for key, value in part.items() if not hollow(value) or record is event.about}


def hollow(value: Any) -> bool:
    """Whether a value is an object with nothing in it but such objects."""
    return isinstance(value, dict) and all(map(hollow, value.values()))


def fits(event: Event, query: Query) -> bool:
    """Whether an event is of the kinds asked for, and about the school asked for."""
    kinds, school = query.getlist("record_type"), query.get("school", "")
    kind = event.type.partition(".")[0]
    return (not kinds or kind in kinds) and (not school or school in schools_of(kind, event.about))


def schools_of(kind: str, record: Json) -> list[str]:
    """The ids of the schools that a record belongs to."""
    if kind == "users":
        return [school for role in record["roles"].values() for school in role.get("schools", [])]
    return [record["id"]] if kind == "schools" else [record.get("school", "")]
