"""A hold in words: why it waits, what would go, and what has become of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from webapp.store.questions.held_removals import HeldClass, HeldPerson, HeldTotal
from webapp.store.questions.holds import Hold

KINDS = {
    "student": ("Students", "in no class any more"),
    "teacher": ("Teachers", "in no class any more"),
    "enrollment": ("Places in classes", "would end"),
    "class": ("Classes", "would freeze"),
    "account": ("People who look exchanged", "would have another name or number"),
}
"""Type -> its heading, and what would become of those that go."""
_ENDS = (
    ("enrollment", ("place in a class", "places in classes"), "will end"),
    ("student", ("student", "students"), "will be in no class any more"),
    ("teacher", ("teacher", "teachers"), "will be in no class any more"),
    ("class", ("class", "classes"), "will freeze and stay readable"),
)
ROLES = {"student": "Student", "teacher": "Teacher"}
STATES = {"active": "in the class", "waiting": "waits for a seat", "ended": "has left"}
LEAVES = "would leave"
EXCHANGED = ("name and numbers as they are here", "another name or number")
"""Old and new of a person who looks exchanged for another; the new values are kept nowhere before they are applied."""


@dataclass(frozen=True)
class ClassLine:
    """One class that is concerned, with the people who would leave it."""

    about: HeldClass
    words: str
    people: list[HeldPerson]


@dataclass(frozen=True)
class Outcome:
    """What has become of a hold: a heading, a sentence, and whether to look again soon."""

    kind: str
    heading: str
    words: str
    moving: bool = False


def class_lines(classes: Iterable[HeldClass], people: Iterable[HeldPerson]) -> list[ClassLine]:
    """The classes with their people, those that would lose most first."""
    by_class = {class_id: list(rows) for class_id, rows in groupby(people, lambda person: person.class_id)}
    lines = [ClassLine(one, _of_class(one), by_class.get(one.class_id, [])) for one in classes]
    return sorted(lines, key=lambda line: -line.about.leaving)


def _of_class(one: HeldClass) -> str:
    if one.freezes:
        return "would freeze: its section is no longer shared, and its roster stays as it is"
    if one.leaving:
        return f"{one.leaving} of {one.students} {_many(one.students, 'student')} would leave"
    return f"{one.students} {_many(one.students, 'student')}"


def old_and_new(person: HeldPerson) -> tuple[str, str]:
    """What somebody's place or record is, and what it would be."""
    return (STATES[person.state], LEAVES) if person.class_id else EXCHANGED


def why(hold: Hold, service: str) -> str:
    """What was found, in a sentence."""
    if hold.whole:
        return (
            f"So many of the people whom {service} shares look exchanged for others that we followed nothing of this "
            f"sync: {hold.reason}."
        )
    return (
        f"{service} now shares so much less than before that we did not follow by ourselves: {hold.reason}. Nobody "
        "was removed; whoever is new has come in all the same."
    )


def approving(hold: Hold, totals: Iterable[HeldTotal]) -> str:
    """What exactly happens on approval."""
    if hold.whole:
        return "The whole sync is applied as it was found."
    gone = {total.kind: total.gone for total in totals}
    parts = [f"{gone[kind]} {_many(gone[kind], *names)} {does}" for kind, names, does in _ENDS if gone.get(kind)]
    return ("; ".join(parts) or "What is listed goes ahead") + "."


def outcome(hold: Hold, service: str, *, replaced: bool) -> Outcome | None:
    """What has become of it; None while it waits."""
    by = f" by {hold.approved_by}" if hold.approved_by else ""
    removed = f"{hold.removed} {_many(hold.removed, 'record')}"
    said = {
        "requested": Outcome("cool", f"Approved{by}", f"We ask {service} once more and then apply it.", moving=True),
        "running": Outcome("cool", f"Approved{by}", "It is being applied right now.", moving=True),
        "parked": Outcome("warn", f"Approved{by}", f"{service} does not answer; we try again by ourselves."),
        "done": Outcome("good", f"Applied{by}", f"{removed} ended. It can be undone for 30 days."),
        "failed": Outcome(
            "bad", "It could not be applied", f"{hold.reason or 'Support can see why.'} Nothing is lost."
        ),
        "discarded": Outcome(
            "good",
            "Discarded",
            f"Nobody is removed. If {service} still shares as little at the next sync, we ask again.",
        ),
        "superseded": Outcome(
            "cool",
            "This no longer waits",
            "A later sync found something else, so the question is a new one."
            if replaced
            else f"{service} shares again what was missing, so there is nothing left to decide.",
        ),
    }
    return said.get(hold.state)


def _many(count: int, one: str, more: str = "") -> str:
    return one if count == 1 else more or f"{one}s"
