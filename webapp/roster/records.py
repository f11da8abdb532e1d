"""What a rostering service shares, in our words. Providers translate into these; the store stages them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a district. Only `STUDENT` and `TEACHER` stand in classes."""

    STUDENT = "student"
    TEACHER = "teacher"
    STAFF = "staff"
    SCHOOL_ADMIN = "school_admin"
    DISTRICT_ADMIN = "district_admin"


@dataclass(frozen=True, slots=True)
class School:
    """A school that the service shares. `nces_id` is empty where the service does not say."""

    source_id: str
    name: str
    nces_id: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A span of the school year. `ends_on` is the last day as the service writes it; None where it does not say."""

    source_id: str
    name: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """The service's own course (not the vendor's product course)."""

    source_id: str
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A class as the service shares it. References are source ids and may dangle."""

    source_id: str
    name: str
    school_source_id: str
    course_source_id: str = ""
    term_source_ids: tuple[str, ...] = ()
    period: str = ""
    subject: str = ""
    number: str = ""
    grades: tuple[str, ...] = ()
    """CEDS codes as OneRoster writes them: KG, 01 ... 12, PK."""


@dataclass(frozen=True, slots=True)
class Person:
    """One shared person. `email` is empty for students: we neither need nor keep it."""

    source_id: str
    roles: tuple[Role, ...]
    given_name: str
    family_name: str
    email: str = ""
    grade: str = ""
    school_source_ids: tuple[str, ...] = ()
    sis_id: str = ""
    student_number: str = ""
    """A student's number; for staff the teacher or staff number."""
    enabled: bool = True
    """False where the source says that they may not sign in (OneRoster's `enabledUser`); they keep their classes."""


@dataclass(frozen=True, slots=True)
class Enrollment:
    """One person in one section. `role` is STUDENT or TEACHER."""

    section_source_id: str
    person_source_id: str
    role: Role
    primary: bool | None = False
    """None where the service does not say: then who was it stays it."""


Record = School | Term | Course | Section | Person | Enrollment


@dataclass(frozen=True, slots=True)
class SectionOffer:
    """A section as the import list shows it: with the names that tell equal ones apart, and its head count."""

    section: Section
    school: School | None
    terms: tuple[Term, ...]
    course: Course | None
    student_source_ids: frozenset[str] | None
    """None where the service does not tell without reading the whole roster."""

    @property
    def students(self) -> int | None:
        """How many students the section has, as far as is known."""
        return None if self.student_source_ids is None else len(self.student_source_ids)
