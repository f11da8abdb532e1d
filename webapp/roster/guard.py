"""The guard: whether a plan's removals may go ahead without a person (safety.md REL-3, REL-4, REL-6)."""

from dataclasses import dataclass, field

SMALL = 100
"""Below this many records a share says little, so the limits are gentler."""
MANY_PEOPLE = 500
PEOPLE_SHARE = 0.01
CLASS_SHARE = 0.5
CLASS_LEAST = 5
PEOPLE = ("student", "teacher")


@dataclass(frozen=True)
class Counts:
    """What a plan would do to one type of record, in one connection."""

    known: int
    removed: int
    added: int = 0


@dataclass(frozen=True)
class Limits:
    """From when on removals wait: more than `share` of the records and at least `least` of them."""

    share: float = 0.10
    least: int = 10
    small_share: float = 0.25
    small_least: int = 5

    def held(self, counts: Counts) -> bool:
        """True where this many removals need a person."""
        small = counts.known < SMALL
        share, least = (self.small_share, self.small_least) if small else (self.share, self.least)
        return counts.removed >= least and counts.removed > share * counts.known


DEFAULT = Limits()


@dataclass(frozen=True)
class ClassCounts:
    """What a plan would do to the students of one class."""

    class_id: str
    known: int
    removed: int


@dataclass(frozen=True)
class Verdict:
    """What must wait for a person, and why. Types are `class`, `student`, `teacher`, `enrollment`."""

    held_types: dict[str, str] = field(default_factory=dict)
    held_classes: dict[str, str] = field(default_factory=dict)

    @property
    def applies(self) -> bool:
        """True where nothing waits."""
        return not self.held_types and not self.held_classes

    @property
    def reason(self) -> str:
        """One line for the hold: the reasons of the types, then how many classes."""
        reasons = list(self.held_types.values())
        if self.held_classes:
            count = len(self.held_classes)
            reasons.append(f"{count} {'class' if count == 1 else 'classes'} would lose most students")
        return "; ".join(reasons)

    @property
    def holds_enrollments(self) -> bool:
        """True where every removal of an enrollment waits."""
        return any(kind in self.held_types for kind in ("student", "teacher", "enrollment"))

    @property
    def holds_classes(self) -> bool:
        """True where no class may freeze."""
        return "class" in self.held_types


def guard(kind: str, counts: Counts, limits: Limits = DEFAULT) -> str | None:
    """Why the removals of one type must wait for a person; None where they may go ahead."""
    if counts.removed and counts.known - counts.removed + counts.added <= 0:
        return f"every {kind} would go"
    if kind in PEOPLE and counts.removed > MANY_PEOPLE and counts.removed > PEOPLE_SHARE * counts.known:
        return f"{counts.removed} {kind}s would go"
    if limits.held(counts):
        return f"{counts.removed} of {counts.known} {_plural(kind)} would go"
    return None


def guard_class(counts: ClassCounts) -> str | None:
    """Why one class's removals must wait; None where they may go ahead."""
    if counts.removed >= CLASS_LEAST and counts.removed > CLASS_SHARE * counts.known:
        return f"{counts.removed} of {counts.known} students would leave this class"
    return None


def guard_all(types: dict[str, Counts], classes: list[ClassCounts], limits: Limits = DEFAULT) -> Verdict:
    """The verdict on a whole plan: which types, and which single classes, wait for a person."""
    held_types = {kind: reason for kind, counts in types.items() if (reason := guard(kind, counts, limits))}
    held_classes = {counts.class_id: reason for counts in classes if (reason := guard_class(counts))}
    return Verdict(held_types, held_classes)


def _plural(kind: str) -> str:
    return "classes" if kind == "class" else f"{kind}s"
