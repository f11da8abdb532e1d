"""The guard: whether a plan's removals may go ahead without a person (safety.md REL-3 to REL-6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SMALL = 100
"""Below this many records a share says little, so the limits are gentler."""
MANY_PEOPLE = 500
PEOPLE_SHARE = 1
CLASS_SHARE = 50
CLASS_LEAST = 5
CHANGED_SHARE = 75
"""Shares are percent, as whole numbers: a limit is exact then."""
FEW_PEOPLE = 5
"""Fewer than these are never an exchange: a teacher is replaced, a small class has other students."""
PEOPLE = ("student", "teacher")


@dataclass(frozen=True)
class Counts:
    """What a plan would do to one type of record, in one connection."""

    known: int
    removed: int
    added: int = 0
    met: int = 0
    """Known people of whom this fetch tells."""
    changed: int = 0
    """How many of these would have another name or sis id."""


@dataclass(frozen=True)
class Limits:
    """From when on removals wait: more than `share` percent of the records and at least `least` of them."""

    share: int = 10
    least: int = 10
    small_share: int = 25
    small_least: int = 5

    def held(self, known: int, removed: int) -> bool:
        """True where this many removals need a person."""
        small = known < SMALL
        share, least = (self.small_share, self.small_least) if small else (self.share, self.least)
        return removed >= least and removed * 100 > share * known


DEFAULT = Limits()


@dataclass(frozen=True)
class ClassCounts:
    """What a plan would do to the students of one class."""

    class_id: str
    known: int
    removed: int


@dataclass(frozen=True)
class Verdict:
    """What must wait for a person, and why. Types are `school`, `class`, `student`, `teacher`, `enrollment`."""

    held_types: dict[str, str] = field(default_factory=dict)
    held_classes: dict[str, str] = field(default_factory=dict)
    whole: str = ""
    """Why nothing at all may be applied; "" where the rest may."""
    not_looked_up: dict[str, str] = field(default_factory=dict)
    """Classes that would lose somebody, and could not be looked up once more."""

    @property
    def applies(self) -> bool:
        """True where nothing waits."""
        return not (self.held_types or self.held_classes or self.whole or self.not_looked_up)

    @property
    def reason(self) -> str:
        """One line for the hold: why nothing is applied, or the reasons of the types and how many classes."""
        reasons = [self.whole] if self.whole else list(dict.fromkeys(self.held_types.values()))
        if self.held_classes and not self.whole:
            reasons.append(f"{_classes(self.held_classes)} would lose most students")
        if self.not_looked_up and not self.whole:
            reasons.append(f"{_classes(self.not_looked_up)} more than can be looked up again would lose somebody")
        return "; ".join(reasons)


def guard(kind: str, counts: Counts, limits: Limits = DEFAULT) -> str | None:
    """Why the removals of one type must wait for a person; None where they may go ahead."""
    if counts.removed and counts.known - counts.removed + counts.added <= 0:
        return f"every {kind} would go"
    if limits.held(counts.known, counts.removed):
        return f"{counts.removed} of {counts.known} {_plural(kind)} would go"
    return None


def guard_people(types: Mapping[str, Counts]) -> str | None:
    """Why everybody who would go must wait, whatever the share of their own type; None where they may go."""
    people = [types[kind] for kind in PEOPLE if kind in types]
    removed, known = sum(one.removed for one in people), sum(one.known for one in people)
    if removed > MANY_PEOPLE and removed * 100 > PEOPLE_SHARE * known:
        return f"{removed} people would go"
    return None


def guard_class(counts: ClassCounts) -> str | None:
    """Why one class's removals must wait; None where they may go ahead."""
    if counts.removed >= CLASS_LEAST and counts.removed * 100 > CLASS_SHARE * counts.known:
        return f"{counts.removed} of {counts.known} students would leave this class"
    return None


def exchanged(kind: str, counts: Counts) -> str | None:
    """Why people of one type look exchanged for others; None where they do not.

    No district sets its own limit here: what is raised for a big removal must not let a mix-up of ids through.
    """
    if FEW_PEOPLE <= counts.known == counts.removed and counts.added:
        return f"every {kind} would be somebody new"
    if DEFAULT.held(counts.known, counts.removed) and DEFAULT.held(counts.known, counts.added):
        return f"{counts.removed} of {counts.known} {_plural(kind)} would go and {counts.added} others come"
    if counts.changed >= FEW_PEOPLE and counts.changed * 100 > CHANGED_SHARE * counts.met:
        return f"{counts.changed} of {counts.met} {_plural(kind)} would have another name or number"
    return None


def guard_all(types: Mapping[str, Counts], classes: list[ClassCounts], limits: Limits = DEFAULT) -> Verdict:
    """The verdict on a whole plan: which types, which single classes, or all of it, wait for a person."""
    held_types = {kind: reason for kind, counts in types.items() if (reason := guard(kind, counts, limits))}
    if many := guard_people(types):
        held_types = {kind: many for kind in PEOPLE if kind in types} | held_types
    held_classes = {counts.class_id: reason for counts in classes if (reason := guard_class(counts))}
    churn = [reason for kind in PEOPLE if kind in types and (reason := exchanged(kind, types[kind]))]
    return Verdict(held_types, held_classes, "; ".join(churn))


def _plural(kind: str) -> str:
    return "classes" if kind == "class" else f"{kind}s"


def _classes(some: Mapping[str, str]) -> str:
    return f"{len(some)} {'class' if len(some) == 1 else 'classes'}"
