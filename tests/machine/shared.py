"""The truth at the rostering service, in the model's own words: three sections, eight people, two terms."""

import copy
from dataclasses import dataclass, field
from datetime import date

SECTIONS = ("art", "biology", "chess")
TEACHERS = ("t1", "t2")
STUDENTS = ("s1", "s2", "s3", "s4", "s5", "s6")
TERMS = ("fall", "spring")


def role_of(person: str) -> str:
    """`teacher` or `student`: nobody changes sides here."""
    return "teacher" if person in TEACHERS else "student"


@dataclass
class SharedSection:
    """A section as the service shares it."""

    name: str
    teachers: list[str]
    students: list[str]
    terms: list[str] = field(default_factory=list)
    shared: bool = True

    def people(self) -> list[str]:
        """Everybody whom it names."""
        return [*self.teachers, *self.students]


@dataclass
class Shared:
    """Everything that the service says now."""

    sections: dict[str, SharedSection]
    names: dict[str, str]
    """Person -> first name; "" where the record has lost it."""
    terms: dict[str, date]
    """Term -> its last day."""
    settled: bool = True
    """False while the service itself says that its data can't be trusted."""

    def copy(self) -> "Shared":
        """The same, to keep while the truth moves on."""
        return copy.deepcopy(self)

    def becomes(self, other: "Shared") -> None:
        """Everything is said again as it was then."""
        then = other.copy()
        self.sections, self.names, self.terms, self.settled = then.sections, then.names, then.terms, then.settled

    def shares(self, section: str) -> bool:
        """True where the section can be read."""
        return self.sections[section].shared


def first_day() -> Shared:
    """How every district begins."""
    return Shared(
        sections={
            "art": SharedSection("Art", ["t1", "t2"], ["s1", "s2", "s3", "s4", "s5"], ["fall", "spring"]),
            "biology": SharedSection("Biology", ["t1"], ["s1", "s2", "s6"], ["fall"]),
            "chess": SharedSection("Chess", ["t2"], ["s3", "s4"]),
        },
        names={person: person.title() for person in (*TEACHERS, *STUDENTS)},
        terms={"fall": date(2026, 12, 18), "spring": date(2027, 6, 11)},
    )
