"""What happens in the district's own system: each move changes the truth that the service shares."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.machine.shared import SECTIONS, STUDENTS, TEACHERS, TERMS, Shared, first_day


@dataclass(frozen=True)
class Joins:
    """A student is in a section from now on: new, or back."""

    person: str
    section: str

    def on(self, shared: Shared) -> None:
        students = shared.sections[self.section].students
        if self.person not in students:
            students.append(self.person)


@dataclass(frozen=True)
class Leaves:
    """Students are in a section no longer."""

    people: tuple[str, ...]
    section: str

    def on(self, shared: Shared) -> None:
        students = shared.sections[self.section].students
        students[:] = [one for one in students if one not in self.people]


@dataclass(frozen=True)
class Moves:
    """A student changes period."""

    person: str
    source: str
    target: str

    def on(self, shared: Shared) -> None:
        Leaves((self.person,), self.source).on(shared)
        Joins(self.person, self.target).on(shared)


@dataclass(frozen=True)
class LeavesSchool:
    """A student leaves every section."""

    person: str

    def on(self, shared: Shared) -> None:
        for section in SECTIONS:
            Leaves((self.person,), section).on(shared)


@dataclass(frozen=True)
class Mistake:
    """Somebody empties every section: the accident that the guard is for."""

    def on(self, shared: Shared) -> None:
        for section in SECTIONS:
            Leaves(STUDENTS, section).on(shared)


@dataclass(frozen=True)
class Mended:
    """Somebody puts all sections back as they were at the beginning."""

    def on(self, shared: Shared) -> None:
        for section, one in first_day().sections.items():
            shared.sections[section] = replace(one, terms=shared.sections[section].terms)


@dataclass(frozen=True)
class Taught:
    """A section is taught by these from now on: another teacher, one more, one less, none."""

    section: str
    teachers: tuple[str, ...]

    def on(self, shared: Shared) -> None:
        shared.sections[self.section].teachers[:] = self.teachers


@dataclass(frozen=True)
class Called:
    """A section has another name."""

    section: str
    name: str

    def on(self, shared: Shared) -> None:
        shared.sections[self.section].name = self.name


@dataclass(frozen=True)
class Vanishes:
    """A section is no longer shared."""

    section: str

    def on(self, shared: Shared) -> None:
        shared.sections[self.section].shared = False


@dataclass(frozen=True)
class Returns:
    """A section is shared (again)."""

    section: str

    def on(self, shared: Shared) -> None:
        shared.sections[self.section].shared = True


@dataclass(frozen=True)
class Named:
    """A person is called so; "" is a record that has lost its name."""

    person: str
    name: str

    def on(self, shared: Shared) -> None:
        shared.names[self.person] = self.name


@dataclass(frozen=True)
class InTerms:
    """A section is taught in these terms."""

    section: str
    terms: tuple[str, ...]

    def on(self, shared: Shared) -> None:
        shared.sections[self.section].terms[:] = self.terms


@dataclass(frozen=True)
class TermEnds:
    """A term's last day is moved: cut short or extended."""

    term: str
    day: date

    def on(self, shared: Shared) -> None:
        shared.terms[self.term] = self.day


@dataclass(frozen=True)
class NextTerm:
    """One section is over since yesterday, and another one begins with this teacher."""

    last: str
    section: str
    teacher: str
    today: date

    def on(self, shared: Shared) -> None:
        InTerms(self.last, ("fall",)).on(shared)
        InTerms(self.section, ("spring",)).on(shared)
        TermEnds("fall", self.today - timedelta(days=1)).on(shared)
        TermEnds("spring", self.today + timedelta(days=120)).on(shared)
        for section in (self.last, self.section):
            Returns(section).on(shared)
        if self.teacher not in shared.sections[self.section].teachers:
            shared.sections[self.section].teachers.append(self.teacher)


@dataclass(frozen=True)
class Pauses:
    """The service itself says that its data are frozen, or fine again."""

    settled: bool

    def on(self, shared: Shared) -> None:
        shared.settled = self.settled


Move = (
    Joins
    | Leaves
    | Moves
    | LeavesSchool
    | Mistake
    | Mended
    | Taught
    | Called
    | Vanishes
    | Returns
    | Named
    | InTerms
    | TermEnds
    | Pauses
)

sections = st.sampled_from(SECTIONS)
students = st.sampled_from(STUDENTS)
FIRST_DAY = date(2026, 10, 5)

joins = st.builds(Joins, students, sections)
leaves = st.one_of(
    st.builds(Leaves, st.tuples(students), sections),
    st.builds(Leaves, st.lists(students, min_size=4, max_size=6, unique=True).map(tuple), sections),
)
changes_of_period = st.builds(Moves, students, sections, sections)
leaves_school = st.builds(LeavesSchool, students)
accidents = st.one_of(st.builds(Leaves, st.just(STUDENTS), sections), st.builds(Mistake), st.builds(Mended))
vanishings = st.one_of(st.builds(Vanishes, sections), st.builds(Returns, sections))
changes = st.one_of(
    st.builds(Called, sections, st.sampled_from(["Art", "Biology II", "Pottery"])),
    st.builds(Taught, sections, st.sampled_from([("t1",), ("t2",), ("t1", "t2"), ("t2", "t1"), ()])),
    st.builds(Named, st.sampled_from([*TEACHERS, *STUDENTS]), st.sampled_from(["Alex", "Robin", ""])),
)
term_changes = st.one_of(
    st.builds(InTerms, sections, st.sampled_from([(), ("fall",), ("spring",), ("fall", "spring")])),
    st.builds(
        TermEnds,
        st.sampled_from(TERMS),
        st.sampled_from([-30, -10, 0, 15, 60, 200]).map(lambda days: FIRST_DAY + timedelta(days=days)),
    ),
)
pauses = st.builds(Pauses, st.booleans())
plain_moves = st.one_of(joins, leaves, changes_of_period, leaves_school, changes)
"""What happens on any day."""
any_move = st.one_of(
    joins, leaves, changes_of_period, leaves_school, accidents, vanishings, changes, term_changes, pauses
)
