"""One move's view of its district, and what every move is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from webapp.simulator.index import Index
from webapp.simulator.people import make_person
from webapp.simulator.world import District, Enrollment, Person, Record, Section, utc_stamp

OneRecord = TypeVar("OneRecord", bound=Record)


class CannotMove(Exception):
    """What was asked for can't happen in this district."""


@dataclass(kw_only=True)
class Wish:
    """Which move is wanted; whatever is empty is picked by the seeded generator."""

    move: str
    section: str = ""
    person: str = ""
    school: str = ""
    name: str = ""
    to: str = ""
    """Where to, whom with, which role or how many: what the move says."""


def find(records: dict[str, OneRecord], wanted: str) -> OneRecord:
    """The record with that sourced id or Clever id."""
    found = records.get(wanted) or next((one for one in records.values() if one.clever_id == wanted), None)
    if found is None:
        raise CannotMove(f"There is no {wanted!r} in this district.")
    return found


class Mover:
    """One move's view of its district: what it asks, picks and changes."""

    def __init__(self, district: District, wish: Wish) -> None:
        self.district = district
        self.wish = wish
        self.random = Random(f"{district.seed}:{district.moves_made}")
        self.index = Index(district)
        self.now = utc_stamp()

    def section(self, fits: Callable[[Section], object] = bool) -> Section:
        """The section asked for, or any that fits."""
        if self.wish.section:
            return find(self.district.sections, self.wish.section)
        return self.pick([section for section in self.district.sections.values() if fits(section)])

    def section_with_students(self) -> Section:
        """The section asked for, or any that the person asked for attends, or anybody."""
        wanted = find(self.district.people, self.wish.person).sourced_id if self.wish.person else None
        students = self.index.students
        return self.section(lambda one: students.get(one.sourced_id) and wanted in (None, *students[one.sourced_id]))

    def person(self, choices: list[str]) -> Person:
        """The person asked for, or any of the choices."""
        if self.wish.person:
            return find(self.district.people, self.wish.person)
        return self.pick([self.district.people[one] for one in choices])

    def pick(self, choices: list[OneRecord]) -> OneRecord:
        """One of the choices."""
        if not choices:
            raise CannotMove("There is nothing left in this district that this could happen to.")
        return self.random.choice(choices)

    def free_teachers(self, section: Section) -> list[str]:
        """The school's teachers who don't teach the section yet."""
        busy = self.index.teachers.get(section.sourced_id, [])
        people = self.district.people.values()
        school = [one for one in people if one.kind == "teacher" and section.school in one.schools]
        return [one.sourced_id for one in school if one.sourced_id not in busy]

    def enroll(self, section: Section, person: Person, role: str, *, primary: bool = False) -> None:
        """Put a person into a section, unless they are in it."""
        if person.sourced_id in self.index.students.get(section.sourced_id, []):
            raise CannotMove(f"{person.name} is in {section.name} already.")
        enrollment = Enrollment(
            sourced_id=f"enr-{self.district.seed}-m{self.district.next_ids()[1] % 1_000_000:05d}",
            section=section.sourced_id,
            person=person.sourced_id,
            role=role,
            primary=primary,
            begins=self.now[:10],
            modified=self.now,
        )
        self.district.enrollments[enrollment.sourced_id] = enrollment
        section.modified = self.now

    def unenroll(self, section: Section, leaves: Callable[[Enrollment], bool]) -> list[Enrollment]:
        """Take everybody for whom `leaves` is true out of a section."""
        enrollments = self.district.enrollments
        gone = [one for one in enrollments.values() if one.section == section.sourced_id and leaves(one)]
        for enrollment in gone:
            del enrollments[enrollment.sourced_id]
        section.modified = self.now
        return gone

    def take_out(self, section: Section, person: Person) -> None:
        """Take one student out of a section that they attend."""
        if not self.unenroll(section, lambda one: one.person == person.sourced_id and one.role == "student"):
            raise CannotMove(f"{person.name} is not in {section.name}.")

    def new_student(self, section: Section) -> Person:
        """Somebody new at the section's school, in the section's grade."""
        given, _, family = self.wish.name.partition(" ")
        name = (given, family) if self.wish.name else None
        sourced_id = f"stu-{self.district.seed}-m{self.district.ids_given + 1:05d}"
        student = make_person(
            self.district, self.random, kind="student", sourced_id=sourced_id, school=section.school, name=name
        )
        student.created = student.modified = self.now
        student.grade = section.grades[0] if section.grades else ""
        return student


def told(sentence: str, section: Section | None = None, person: Person | None = None) -> dict[str, Any]:
    """What happened, in words and in the ids of what and whom it happened to."""
    happened = {"told": sentence}
    if section:
        what = {"section": section.clever_id, "section_sourced_id": section.sourced_id, "section_name": section.name}
        happened |= what
    if person:
        happened |= {"person": person.clever_id, "person_sourced_id": person.sourced_id, "person_name": person.name}
    return happened


Move = Callable[[Mover], dict[str, Any]]
"""Lets one thing happen, and tells it in words and ids."""
