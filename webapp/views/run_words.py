"""A run in words: what it was, what it did, and each record before and after."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from webapp.store.questions.recent_runs import RunHead
from webapp.store.questions.run_changes import ClassTouched, Stayed, Touched
from webapp.store.questions.undo_previews import ClassPreview
from webapp.views.hold_words import STATES
from webapp.views.times import moment

CLASS_STATES = {"active": "active", "frozen": "frozen", "archived": "in the archive"}
FIELDS = {
    "given_name": "first name",
    "family_name": "last name",
    "roster_email": "e-mail",
    "grade": "grade",
    "sis_id": "SIS id",
    "student_number": "student number",
    "name": "name",
    "name_given": "name",
    "provider_name": "name at the service",
}
ROLES = {"student": "Student", "teacher": "Teacher"}
RUN_STATES = {
    "requested": ("cool", "About to begin"),
    "running": ("cool", "Being done"),
    "parked": ("warn", "Tried again later"),
    "held": ("warn", "Part of it waits"),
    "failed": ("bad", "Failed"),
    "discarded": ("", "Rest discarded"),
}
"""State -> kind of badge and its word; what is simply done needs none."""
WHY_STAYED = {"edited": "somebody changed it since", "changed since": "a later sync changed it since"}


@dataclass(frozen=True)
class ClassLine:
    """One class that a run changed, with everybody whose place it changed."""

    about: ClassTouched
    words: str
    rows: list[Touched]


def title(run: RunHead, service: str) -> str:
    """What kind of run it is: `Sync with Clever`."""
    if run.kind == "import":
        return f"Import from {service}"
    if run.kind == "sync":
        return f"Sync with {service}"
    if run.undo_to is not None:
        return f"{run.undo_class} put back as it was on {moment(run.undo_to, run.time_zone)}"
    return f"Undo in {run.undo_class}" if run.undo_class else "Undo"


def cause(run: RunHead) -> str:
    """Who asked for it."""
    if run.asked_by:
        return f"by {run.asked_by}"
    return "by support" if run.kind == "undo" else "by itself"


def what_it_did(run: RunHead) -> str:
    """How much it changed, in a sentence without its full stop."""
    joined, left = ("put back", "taken out") if run.kind == "undo" else ("joined", "left")
    parts = (f"{run.joined} {joined}" if run.joined else "", f"{run.left} {left}" if run.left else "")
    places = ", ".join(filter(None, parts))
    classes = _many(run.classes, "class", "classes")
    here = f"{places} in {classes}" if places else f"{classes} changed" if run.classes else ""
    people = f"{_many(run.people, 'person', 'people')} with another name or number" if run.people else ""
    return ", ".join(filter(None, (here, people))) or "Nothing changed"


def class_lines(classes: Iterable[ClassTouched], rows: Iterable[Touched]) -> list[ClassLine]:
    """The classes with their rows, in the classes' order."""
    by_class = {class_id: list(some) for class_id, some in groupby(rows, lambda row: row.class_id)}
    return [ClassLine(one, _of_class(one), by_class.get(one.class_id, [])) for one in classes]


def _of_class(one: ClassTouched) -> str:
    parts = [f"{one.joined} joined" if one.joined else "", f"{one.left} left" if one.left else ""]
    return ", ".join(filter(None, parts)) or "changed"


def before_and_after(row: Touched) -> tuple[str, str]:
    """What the record was, and what the run made of it."""
    if row.record == "enrollment":
        return _place(row)
    if row.record == "class" and row.what == "added":
        return "was not here", "made"
    keys = [key for key in FIELDS if key in row.after or key in row.before]
    state = [CLASS_STATES.get(side.get("state", ""), "") for side in (row.before, row.after)]
    told = [_fields(side, keys) for side in (row.before, row.after)]
    before, after = (", ".join(filter(None, pair)) for pair in zip(state, told, strict=True))
    return before, after or "followed the service in other data"


def _fields(side: dict[str, object], keys: list[str]) -> str:
    return ", ".join(f"{FIELDS[key]} {side.get(key) or 'none'}" for key in keys)


def _place(row: Touched) -> tuple[str, str]:
    was, now = row.before.get("state"), row.after.get("state")
    before = STATES.get(was or "", "not in the class")
    if row.what == "removed":
        return before, STATES["ended"]
    after = STATES.get(now or "active", STATES["active"])
    if before == after and row.before.get("primary_teacher") != row.after.get("primary_teacher"):
        return "co-teacher", "main teacher"
    return before, after


def would_do(one: ClassPreview) -> str:
    """What an undo would do to the class, in a few words."""
    parts = [
        f"{one.back} back" if one.back else "",
        f"{one.out} out" if one.out else "",
        CLASS_STATES.get(one.state or "", ""),
        f"called “{one.named}” again" if one.named else "",
        f"“{one.section}” again" if one.section else "",
        f"{one.stay} left alone" if one.stay else "",
    ]
    return ", ".join(filter(None, parts)) or "stays as it is"


def stayed(one: Stayed) -> str:
    """A record that an undo left as it was, in words: `Ada Example in Biology: somebody changed it since`."""
    whose = one.name or "The class itself"
    where = f" in {one.class_name}" if one.class_name else ""
    return f"{whose}{where}: {WHY_STAYED.get(one.why, one.why)}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
