"""What one of Clever's events hints at: which sections and people to read anew. Events are never taken as data."""

from collections.abc import Mapping
from typing import Any, get_args

from msgspec import Struct
from msgspec.structs import fields

from webapp.providers.answers import Text, exact, text
from webapp.providers.clever.records import CourseRow, Nothing, Roles, SchoolRow, SectionRow, TermRow, UserRow

READ: dict[str, type[Struct]] = {
    "users": UserRow,
    "sections": SectionRow,
    "schools": SchoolRow,
    "terms": TermRow,
    "courses": CourseRow,
}
"""What we read of each type. Districts, resources and what Clever may add some day hint at nothing."""

ACTIONS = {"created", "updated", "deleted"}
"""`created` may mean newly shared and `deleted` no longer shared: the sync finds out when it reads anew."""


class EventObject(Struct, gc=False):
    id: str | int | None = None
    district: Text = None
    roles: dict[str, Any] | list[Any] | Nothing = None
    """A user's roles; a resource's are a list of words."""


class EventData(Struct, gc=False):
    object: EventObject | None = None
    previous_attributes: dict[str, Any] | None = None


class EventRow(Struct, gc=False):
    id: str
    type: Text = None
    created: Text = None
    data: EventData | None = None
    previous_attributes: dict[str, Any] | None = None
    """Recorded answers have it within `data`, the specification here."""

    @property
    def district(self) -> Text:
        """The district of the record that changed, where Clever says so."""
        return self.data.object.district if self.data and self.data.object else None


class Hints:
    """What a run of events touches, in whatever order and however often they come."""

    def __init__(self) -> None:
        self.sections: set[str] = set()
        self.people: set[str] = set()
        self.around: set[str] = set()
        self.clear = True
        """False once something changed and Clever did not say what."""

    def add(self, event: EventRow) -> None:
        """Take in one event."""
        kind, _, action = text(event.type).partition(".")
        if kind not in READ or action not in ACTIONS:
            return
        changed = (event.data and event.data.object) or EventObject()
        if not exact(changed.id):
            self.clear = False
        elif _concerns_us(kind, action, event, changed):
            {"sections": self.sections, "users": self.people}.get(kind, self.around).add(exact(changed.id))


def _concerns_us(kind: str, action: str, event: EventRow, changed: EventObject) -> bool:
    if kind == "users" and isinstance(changed.roles, dict) and set(changed.roles) == {"contact"}:
        return False
    before = (event.data and event.data.previous_attributes) or event.previous_attributes
    if action != "updated" or not before:  # a field that had no value before may be told by nothing at all
        return True
    return touches(before, READ[kind]) or _lost_a_role(before, changed)


def touches(before: Mapping[str, Any], kind: type[Struct]) -> bool:
    """True where one of the values before the change is of a field that we read."""
    read = {field.name: field.type for field in fields(kind)}
    return any(_touches_part(value, read[name]) for name, value in before.items() if name in read)


def _touches_part(value: object, of: Any) -> bool:
    part = next((one for one in get_args(of) if isinstance(one, type) and issubclass(one, Struct)), None)
    return touches(value, part) if part and isinstance(value, dict) and value else True


def _lost_a_role(before: Mapping[str, Any], changed: EventObject) -> bool:
    """A role may be told as before by fields that we do not read, and be gone now."""
    had = before.get("roles")
    has = changed.roles if isinstance(changed.roles, dict) else {}
    return isinstance(had, dict) and bool((had.keys() - has.keys()) & {field.name for field in fields(Roles)})
