"""Time moves on: what happens to a district's sections between two looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from webapp.simulator.index import Index
from webapp.simulator.people import make_person
from webapp.simulator.world import District, Enrollment, Person, Record, Removed, Section, utc_stamp

OneRecord = TypeVar("OneRecord", bound=Record)


class CannotMove(Exception):
    """What was asked for can't happen in this district."""


@dataclass(kw_only=True)
class Wish:
    """Which move is wanted; whatever is empty is picked by the seeded generator."""

    move: str
    section: str = ""
    person: str = ""
    name: str = ""
    to: str = ""


def make_move(district: District, wish: Wish) -> dict[str, Any]:
    """Let one thing happen, and tell it in words and ids."""
    if wish.move not in MOVES:
        raise CannotMove(f"There is no move called {wish.move!r}; there are: {', '.join(MOVES)}.")
    happened = MOVES[wish.move](Mover(district, wish))
    district.moves_made += 1
    district.told.append(happened["told"])
    district.touched()
    return {"move": wish.move, **happened}


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


def student_joins(mover: Mover) -> dict[str, Any]:
    """A student comes into a section: the one named, or somebody new at the school."""
    if mover.wish.person:
        student = mover.person([])
        attended = mover.index.attended.get(student.sourced_id, [])
        section = mover.section(lambda one: one.school in student.schools and one.sourced_id not in attended)
    else:
        section = mover.section_with_students()
        student = mover.new_student(section)
    mover.enroll(section, student, "student")
    return told(f"{student.name} joined {section.name}.", section, student)


def student_leaves(mover: Mover) -> dict[str, Any]:
    """A student leaves a section and stays in the district."""
    section = mover.section_with_students()
    student = mover.person(mover.index.students[section.sourced_id])
    mover.take_out(section, student)
    return told(f"{student.name} left {section.name}.", section, student)


def student_moves(mover: Mover) -> dict[str, Any]:
    """A student changes from one section to another of the same school."""
    section = mover.section_with_students()
    student = mover.person(mover.index.students[section.sourced_id])
    attended = mover.index.attended[student.sourced_id]
    if mover.wish.to:
        other = find(mover.district.sections, mover.wish.to)
    else:
        near = [one for one in mover.district.sections.values() if one.school == section.school]
        other = mover.pick([one for one in near if one.sourced_id not in attended])
    if section.sourced_id not in attended or other.sourced_id in attended:
        raise CannotMove(f"{student.name} can't move from {section.name} to {other.name}.")
    mover.take_out(section, student)
    mover.enroll(other, student, "student")
    happened = told(f"{student.name} moved from {section.name} to {other.name}.", section, student)
    return happened | {"to": other.clever_id, "to_sourced_id": other.sourced_id}


def teacher_replaced(mover: Mover) -> dict[str, Any]:
    """Another teacher of the school takes the place of a section's primary one."""
    section = mover.section(lambda one: mover.index.teachers.get(one.sourced_id))
    teacher = mover.person(mover.free_teachers(section))
    gone = mover.index.teachers.get(section.sourced_id, [])[:1]
    mover.unenroll(section, lambda one: one.role == "teacher" and one.person in (*gone, teacher.sourced_id))
    mover.enroll(section, teacher, "teacher", primary=True)
    before = [mover.district.people[one] for one in gone]
    happened = told(
        f"{teacher.name} took over {section.name} from {before[0].name if before else 'nobody'}.", section, teacher
    )
    return happened | {"left": before[0].clever_id if before else None, "left_sourced_id": gone[0] if gone else None}


def co_teacher_added(mover: Mover) -> dict[str, Any]:
    """A second teacher of the school joins a section."""
    section = mover.section()
    teacher = mover.person(mover.free_teachers(section))
    if teacher.sourced_id in mover.index.teachers.get(section.sourced_id, []):
        raise CannotMove(f"{teacher.name} teaches {section.name} already.")
    mover.enroll(section, teacher, "teacher")
    return told(f"{teacher.name} now teaches {section.name} too.", section, teacher)


def section_renamed(mover: Mover) -> dict[str, Any]:
    """A section gets the name asked for, or an honours title."""
    section = mover.section()
    before = section.name
    section.name = mover.wish.name or f"Honors {before} {mover.district.moves_made + 1}"
    section.modified = mover.now
    return told(f"{before} is now called {section.name}.", section) | {"before": before, "name": section.name}


def section_removed(mover: Mover) -> dict[str, Any]:
    """A section is no longer shared; it can be restored."""
    section = mover.section()
    enrollments = mover.unenroll(section, lambda _: True)
    del mover.district.sections[section.sourced_id]
    mover.district.removed[section.sourced_id] = Removed(section=section, enrollments=enrollments)
    return told(f"{section.name} is gone.", section)


def section_restored(mover: Mover) -> dict[str, Any]:
    """A removed section is back, as it was."""
    gone = {sourced_id: removed.section for sourced_id, removed in mover.district.removed.items()}
    section = find(gone, mover.wish.section) if mover.wish.section else mover.pick(list(gone.values()))
    removed = mover.district.removed.pop(section.sourced_id)
    section.modified = mover.now
    mover.district.sections[section.sourced_id] = section
    mover.district.enrollments |= {one.sourced_id: one for one in removed.enrollments}
    return told(f"{section.name} is back.", section)


def section_emptied(mover: Mover) -> dict[str, Any]:
    """Every student leaves a section at once."""
    section = mover.section_with_students()
    gone = mover.unenroll(section, lambda one: one.role == "student")
    return told(f"All {len(gone)} students left {section.name}.", section) | {"left": len(gone)}


def told(sentence: str, section: Section, person: Person | None = None) -> dict[str, Any]:
    """What happened, in words and in the ids of whom it happened to."""
    happened = {
        "told": sentence,
        "section": section.clever_id,
        "section_sourced_id": section.sourced_id,
        "section_name": section.name,
    }
    if person is None:
        return happened
    who = {"person": person.clever_id, "person_sourced_id": person.sourced_id, "person_name": person.name}
    return happened | who


MOVES: dict[str, Callable[[Mover], dict[str, Any]]] = {
    "student_joins": student_joins,
    "student_leaves": student_leaves,
    "student_moves": student_moves,
    "teacher_replaced": teacher_replaced,
    "co_teacher_added": co_teacher_added,
    "section_renamed": section_renamed,
    "section_removed": section_removed,
    "section_restored": section_restored,
    "section_emptied": section_emptied,
}
