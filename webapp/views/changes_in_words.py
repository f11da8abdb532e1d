"""The journal of a class as sentences, grouped by day and by what caused them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from webapp.providers.service import Service
from webapp.store.questions.class_changes import ClassChange
from webapp.views.times import clock, day

STATES = {
    "frozen": "The class was frozen: it is no longer shared.",
    "archived": "The class was archived: its term is over.",
    "active": "The class is updated again.",
}


@dataclass(frozen=True)
class Line:
    """One sentence, and the people it is about."""

    icon: str
    words: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """What one run or one person did at one time."""

    at: str
    cause: str
    lines: list[Line]


@dataclass(frozen=True)
class Day:
    """A day, and what happened on it, newest first."""

    name: str
    events: list[Event]


def in_words(changes: list[ClassChange], *, zone: str, services: Mapping[str, Service]) -> list[Day]:
    """The changes (newest first) as days of events, in the district's own time."""
    return [
        Day(name, [_event(list(rows), zone, services) for _, rows in groupby(group, _cause_key)])
        for name, group in groupby(changes, lambda change: day(change.at, zone))
    ]


def _cause_key(change: ClassChange) -> str:
    return str(change.run_id or change.id)


def _event(rows: list[ClassChange], zone: str, services: Mapping[str, Service]) -> Event:
    return Event(clock(rows[0].at, zone), _cause(rows[0], services), list(_lines(rows, services)))


def _cause(change: ClassChange, services: Mapping[str, Service]) -> str:
    if change.run_id is None:
        return f"By {change.actor or 'the district'}"
    who = f" by {change.run_asked_by}" if change.run_asked_by else ""
    if change.run_kind == "import":
        return f"Imported{who} from {_label(change, services)}"
    if change.run_kind == "undo":
        return f"Undone{who}"
    return f"Synced{who} with {_label(change, services)}" if who else f"Automatic sync with {_label(change, services)}"


def _label(change: ClassChange, services: Mapping[str, Service]) -> str:
    service = services.get(change.provider or "")
    return service.label if service else "the rostering service"


def _lines(rows: list[ClassChange], services: Mapping[str, Service]) -> Iterable[Line]:
    for change in rows:
        if change.record == "class":
            yield from _class_lines(change, services)
    # One line for all who share a fate, so that an import of thirty reads as one sentence.
    fates: dict[tuple[str, str], list[str]] = {}
    for change in rows:
        if change.record == "enrollment" and (fate := _fate(change)):
            fates.setdefault(fate, []).append(change.person or "Somebody")
    for (icon, words), names in fates.items():
        yield Line(icon, words, tuple(names))


def _class_lines(change: ClassChange, services: Mapping[str, Service]) -> Iterable[Line]:
    before, after = change.before, change.after
    if change.what == "added":
        yield Line("plus-lg", "The class was made.")
    elif "name" in after:
        yield Line("pencil", f"Renamed from “{before.get('name', '')}” to “{after['name']}”.")
    elif "provider_name" in after:
        service = _label(change, services)
        yield Line(
            "pencil", f"{service} renamed it from “{before.get('provider_name', '')}” to “{after['provider_name']}”."
        )
    elif after.get("state") in STATES:
        yield Line("snow2" if after["state"] == "frozen" else "archive", STATES[after["state"]])


def _fate(change: ClassChange) -> tuple[str, str] | None:
    """An icon and the words for what became of one person; None where nothing that a reader would notice."""
    was, now = change.before.get("state"), change.after.get("state")
    role = change.after.get("role") or change.before.get("role") or "student"
    as_teacher = " as a teacher" if role == "teacher" else ""
    if change.what == "removed" or now == "ended":
        return "person-dash", f"Left{as_teacher}"
    if was == "waiting" and now == "active":
        return "person-plus", "Got a seat"
    if now == "waiting":
        return "hourglass-split", "Waits for a seat"
    if change.what == "added" or (was == "ended" and now == "active"):
        return "person-plus", f"Joined{as_teacher}"
    return None
