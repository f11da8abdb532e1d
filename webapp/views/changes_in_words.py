"""The journal of a class as sentences, grouped by day and by what caused them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from webapp.providers.service import Service
from webapp.store.questions.class_changes import ClassChange
from webapp.store.questions.class_moves import OtherClass
from webapp.views.times import clock, day

STATES = {
    "frozen": "The class was frozen: it is no longer shared.",
    "archived": "The class was archived: its term is over.",
    "active": "The class is updated again.",
}
UNDONE_STATES = {
    "frozen": "The class is frozen again.",
    "archived": "The class is in the archive again.",
    "active": "The class is active again.",
}
FOLLOWS_ANOTHER = "The class goes on with another section, and keeps its history."
FOLLOWS_BEFORE = "The class has the section again that it had before."
DISCONNECTED = "The class was frozen. Its roster stays as it was."


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
    run_id: UUID | None
    undo: str
    """`offered`, `undoing` or `undone`; empty where nothing can be undone (any more)."""


@dataclass(frozen=True)
class Day:
    """A day, and what happened on it, newest first."""

    name: str
    events: list[Event]


@dataclass(frozen=True)
class Around:
    """What the words need besides the changes."""

    zone: str
    services: Mapping[str, Service]
    service: str
    """What people call the service that this class follows."""
    undo: Mapping[UUID, str] = field(default_factory=dict)
    """For each run that ended lately: `offered`, `undoing` or `undone`."""
    left_alone: Mapping[UUID, list[str]] = field(default_factory=dict)
    """For each undo: whom it left as they were."""
    moves: Mapping[tuple[UUID, UUID], OtherClass] = field(default_factory=dict)
    """For each run and student that moved in it: the other class."""
    name: str = ""
    """What this class is called."""

    def other_class(self, change: ClassChange) -> OtherClass | None:
        """Where the person of this change went, or came from; None where they simply left or joined."""
        if change.run_id is None or change.account_id is None or change.what not in ("added", "removed"):
            return None
        return self.moves.get((change.run_id, change.account_id))


def in_words(changes: list[ClassChange], around: Around) -> list[Day]:
    """The changes (newest first) as days of events, in the district's own time."""
    return [
        Day(name, [_event(list(rows), around) for _, rows in groupby(group, _cause_key)])
        for name, group in groupby(changes, lambda change: day(change.at, around.zone))
    ]


def _cause_key(change: ClassChange) -> str:
    return str(change.run_id or change.id)


def _event(rows: list[ClassChange], around: Around) -> Event:
    newest = rows[0]
    return Event(
        at=clock(newest.at, around.zone),
        cause=_cause(newest, around),
        lines=list(_lines(rows, around)),
        run_id=newest.run_id,
        undo=around.undo.get(newest.run_id, "") if newest.run_id else "",
    )


def _cause(change: ClassChange, around: Around) -> str:
    if _is_disconnection(change):
        return f"{around.service} was disconnected"
    if change.run_id is None:
        return f"By {change.actor or 'the district'}"
    who = f" by {change.run_asked_by}" if change.run_asked_by else ""
    label = _label(change, around.services)
    if change.run_kind == "import":
        return f"Imported{who} from {label}"
    if change.run_kind == "undo":
        return f"Undone{who}"
    return f"Synced{who} with {label}" if who else f"Automatic sync with {label}"


def _is_disconnection(change: ClassChange) -> bool:
    """True for the one change that neither run nor person makes: the class froze as its service was cut off."""
    return change.run_id is None and change.actor is None and change.after.get("state") == "frozen"


def _label(change: ClassChange, services: Mapping[str, Service]) -> str:
    service = services.get(change.provider or "")
    return service.label if service else "the rostering service"


def _lines(rows: list[ClassChange], around: Around) -> Iterable[Line]:
    for change in rows:
        if change.record == "class":
            yield from _class_lines(change, around)
    # One line for all who share a fate, so that an import of thirty reads as one sentence.
    fates: dict[tuple[str, str], list[str]] = {}
    for change in rows:
        if change.record == "enrollment" and (fate := _move(change, around) or _fate(change, around.service)):
            fates.setdefault(fate, []).append(change.person or "Somebody")
    for (icon, words), names in fates.items():
        yield Line(icon, words, tuple(names))
    if stayed := around.left_alone.get(rows[0].run_id or UUID(int=0)):
        yield Line("info-circle", "Left as they were, because they were changed since", tuple(stayed))


def _class_lines(change: ClassChange, around: Around) -> Iterable[Line]:
    before, after = change.before, change.after
    if after.get("follows") and before.get("follows"):
        yield Line("arrow-repeat", FOLLOWS_BEFORE if change.run_kind == "undo" else FOLLOWS_ANOTHER)
        return
    if change.what == "added":
        yield Line("plus-lg", "The class was made.")
    elif after.get("name", before.get("name")) != before.get("name"):
        yield Line("pencil", f"Renamed from “{before.get('name', '')}” to “{after['name']}”.")
    elif "provider_name" in after:
        service = _label(change, around.services)
        yield Line(
            "pencil", f"{service} renamed it from “{before.get('provider_name', '')}” to “{after['provider_name']}”."
        )
    if after.get("state") in STATES:
        yield Line("snow2" if after["state"] == "frozen" else "archive", _state_words(change))
    if change.run_id is None and after.get("hand") is False:
        yield Line("link-45deg", f"The class follows {around.service} again.")


def _state_words(change: ClassChange) -> str:
    if change.run_kind == "undo":
        return UNDONE_STATES[change.after["state"]]
    return DISCONNECTED if _is_disconnection(change) else STATES[change.after["state"]]


def _move(change: ClassChange, around: Around) -> tuple[str, str] | None:
    """The words for who went to another class, or came from one; None where there is none."""
    other = around.other_class(change)
    if other is None or other.away != (change.what == "removed"):
        return None
    if other.away:
        return "arrow-right", f"Moved to {_called(other, around.name)}"
    waits = ", and waits for a seat" if change.after.get("state") == "waiting" else ""
    return "arrow-left", f"Moved here from {_called(other, around.name)}{waits}"


def _called(other: OtherClass, name: str) -> str:
    """Another class as a reader of this one tells it from this one."""
    if not other.name:
        return "another class"
    period = f"period {other.period}" if other.period else ""
    return period if period and other.name == name else ", ".join(filter(None, [other.name, period]))


def _fate(change: ClassChange, service: str) -> tuple[str, str] | None:
    """An icon and the words for what became of one person; None where nothing that a reader would notice."""
    was, now = change.before.get("state"), change.after.get("state")
    undone = change.run_kind == "undo"
    role = change.after.get("role") or change.before.get("role") or "student"
    as_teacher = " as a teacher" if role == "teacher" else ""
    if change.what == "removed" or now == "ended":
        return "person-dash", f"Taken out again{as_teacher}" if undone else f"Left{as_teacher}"
    if was == "waiting" and now == "active":
        return "person-plus", "Got a seat"
    if now == "waiting":
        return "hourglass-split", "Put back, and waits for a seat" if undone else "Waits for a seat"
    if change.what == "added" or (was == "ended" and now == "active"):
        return "person-plus", f"Put back{as_teacher}" if undone else f"Joined{as_teacher}"
    if change.run_id is None and change.after.get("hand") == "none":
        return "link-45deg", f"Follows {service} again"
    return None
