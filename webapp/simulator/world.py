"""A district as plain records, in words of no rostering service."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from webapp.simulator.clever.log import EventLog
from webapp.simulator.doors import Doors


@dataclass(kw_only=True)
class Record:
    """What every record has: its id at either service, and when it was made and last touched."""

    sourced_id: str
    clever_id: str
    created: str
    modified: str


@dataclass(kw_only=True)
class School(Record):
    """A school; references elsewhere hold its sourced id."""

    name: str
    nces_id: str = ""
    number: str = ""
    grades: list[str] = field(default_factory=list)
    kind: str = "school"
    phone: str = ""
    street: str = ""
    city: str = ""
    principal: str = ""
    principal_email: str = ""


@dataclass(kw_only=True)
class Term(Record):
    """A span of the school year; `kind` is one of term, semester, gradingPeriod, schoolYear."""

    name: str
    kind: str = "term"
    starts: str = ""
    ends: str = ""
    parent: str = ""
    school_year: str = ""


@dataclass(kw_only=True)
class Course(Record):
    """What is taught, in general; sections teach it to somebody."""

    name: str
    number: str = ""
    subject: str = ""
    grades: list[str] = field(default_factory=list)
    org: str = ""
    school_year: str = ""


@dataclass(kw_only=True)
class Section(Record):
    """One group of students taught together."""

    name: str
    school: str
    course: str = ""
    terms: list[str] = field(default_factory=list)
    period: str = ""
    code: str = ""
    subject: str = ""
    grades: list[str] = field(default_factory=list)
    homeroom: bool = False
    room: str = ""


@dataclass(kw_only=True)
class Person(Record):
    """Anybody of the district; `kind`: student teacher aide proctor site_admin district_admin guardian."""

    kind: str
    classlink_id: int
    given: str
    family: str
    middle: str = ""
    email: str = ""
    username: str = ""
    number: str = ""
    sis_id: str = ""
    state_id: str = ""
    grade: str = ""
    title: str = ""
    schools: list[str] = field(default_factory=list)
    guardians: list[str] = field(default_factory=list)
    enabled: bool = True
    merged_into: str = ""
    """Sourced id of the person whose Clever user they are part of: Clever makes one of employees with one e-mail."""

    ext: dict[str, str] = field(default_factory=dict)
    """What the district sends beside Clever's own fields."""

    private: dict[str, str] = field(default_factory=dict)
    """Served as the real services serve it, so that one can prove it is kept nowhere."""

    @property
    def name(self) -> str:
        """The name as a page shows it."""
        return f"{self.given} {self.family}".strip()


@dataclass(kw_only=True)
class Enrollment:
    """One person in one section; `role` is teacher or student, in a CSV folder also others."""

    sourced_id: str
    section: str
    person: str
    role: str
    primary: bool = False
    begins: str = ""
    ends: str = ""
    modified: str = ""


@dataclass(kw_only=True)
class Removed:
    """A section that is gone for now, with its enrollments, so that it can come back as it was."""

    section: Section
    enrollments: list[Enrollment]


@dataclass(kw_only=True)
class Records:
    """The records of a district as they once were, by sourced id."""

    schools: dict[str, School]
    terms: dict[str, Term]
    courses: dict[str, Course]
    sections: dict[str, Section]
    people: dict[str, Person]
    enrollments: dict[str, Enrollment]


@dataclass(kw_only=True)
class District:
    """A whole district; every collection is keyed by sourced id."""

    number: int
    seed: int
    name: str
    sourced_id: str
    clever_id: str
    nces_id: str
    domain: str
    opened: str
    doors: Doors
    schools: dict[str, School] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    enrollments: dict[str, Enrollment] = field(default_factory=dict)
    removed: dict[str, Removed] = field(default_factory=dict)
    unshared: list[str] = field(default_factory=list)
    """Sourced ids of the schools and sections that the district keeps from Clever's customers for now."""

    frozen: Records | None = None
    """What Clever goes on showing while it does not read the district; sharing still changes."""

    log: EventLog = field(default_factory=EventLog)
    ids_given: int = 0
    revision: int = 1
    moves_made: int = 0
    told: list[str] = field(default_factory=list)

    def next_ids(self) -> tuple[str, int]:
        """A Clever id and a ClassLink UserId that no record of any district has."""
        self.ids_given += 1
        return clever_id(self.number, self.ids_given), self.number * 1_000_000 + self.ids_given

    def forget(self, sourced_id: str) -> None:
        """Take one record away, and every enrollment of it."""
        kinds: tuple[dict[str, Any], ...] = (self.schools, self.terms, self.courses, self.sections, self.people)
        for records in kinds:
            records.pop(sourced_id, None)
        gone = [key for key, one in self.enrollments.items() if sourced_id in (one.section, one.person)]
        for key in gone:
            del self.enrollments[key]
        for person in self.people.values():
            if sourced_id in person.guardians:
                person.guardians.remove(sourced_id)

    def touched(self) -> None:
        """Note that something changed, so that both services tell it anew."""
        self.revision += 1


def clever_id(district: int, count: int) -> str:
    """24 lower-case hex, ascending in the order of creation, unique over districts."""
    return f"{0x5F000000 + district:08x}{count:016x}"


def utc_stamp(moment: datetime | None = None) -> str:
    """A moment as both services write it."""
    return (moment or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
