"""Sections as they should not be, and sometimes are."""

from typing import Any

from webapp.simulator.moves.mover import CannotMove, Move, Mover, told
from webapp.simulator.people import make_person
from webapp.simulator.world import Person, School, Section

MANY = 150


def teachers_gone(mover: Mover) -> dict[str, Any]:
    """Nobody teaches a section any more; its students stay."""
    section = mover.section(lambda one: mover.index.teachers.get(one.sourced_id))
    gone = mover.unenroll(section, lambda one: one.role == "teacher")
    return told(f"Nobody teaches {section.name} any more.", section) | {"left": len(gone)}


def primary_swapped(mover: Mover) -> dict[str, Any]:
    """A section's co-teacher becomes its primary teacher, and the other way round."""
    section = mover.section(lambda one: len(mover.index.teachers.get(one.sourced_id, [])) > 1)
    teachers = mover.index.teachers.get(section.sourced_id, [])
    if len(teachers) < 2:
        raise CannotMove(f"{section.name} has no co-teacher.")
    for enrollment in mover.district.enrollments.values():
        if enrollment.section == section.sourced_id and enrollment.role == "teacher":
            enrollment.primary = enrollment.person == teachers[1]
            enrollment.modified = mover.now
    section.modified = mover.now
    primary = mover.district.people[teachers[1]]
    return told(f"{primary.name} is the primary teacher of {section.name} now.", section, primary)


def student_from_elsewhere(mover: Mover) -> dict[str, Any]:
    """A student of another school joins a section."""
    section = mover.section()
    people = mover.district.people.values()
    near = mover.index.students.get(section.sourced_id, [])
    far = [one for one in people if one.kind == "student" and one.schools and section.school not in one.schools]
    if mover.wish.person or far:
        student = mover.person([one.sourced_id for one in far if one.sourced_id not in near])
    else:
        student = student_of_new_school(mover, section)
    mover.enroll(section, student, "student")
    return told(f"{student.name} of another school joined {section.name}.", section, student)


def student_of_new_school(mover: Mover, section: Section) -> Person:
    """Somebody new, whose school is new too."""
    count = len(mover.district.schools) + 1
    school = School(
        sourced_id=f"sch-{mover.district.seed}-m{count:05d}",
        clever_id=mover.district.next_ids()[0],
        created=mover.now,
        modified=mover.now,
        name="Far Away School",
        number=f"{900 + count}",
        grades=list(section.grades),
    )
    mover.district.schools[school.sourced_id] = school
    student = mover.new_student(section)
    student.schools = [school.sourced_id]
    return student


def section_grows(mover: Mover) -> dict[str, Any]:
    """New students join a section until it has 150, or as many as asked for (`to`)."""
    section = mover.section()
    most = int(mover.wish.to) if mover.wish.to.isdigit() else MANY
    for place in range(len(mover.index.students.get(section.sourced_id, [])), most):
        sourced_id = f"stu-{mover.district.seed}-m{mover.district.ids_given + 1:05d}"
        student = make_person(
            mover.district, mover.random, kind="student", sourced_id=sourced_id, school=section.school
        )
        student.grade = section.grades[place % len(section.grades)] if section.grades else ""
        mover.enroll(section, student, "student")
    return told(f"{section.name} has {most} students now.", section)


def section_named_alike(mover: Mover) -> dict[str, Any]:
    """A section gets the very name of another one of its teacher's."""
    teachers = mover.index.teachers
    section = mover.section(lambda one: any(len(mover.index.taught[who]) > 1 for who in teachers[one.sourced_id]))
    others = (other for who in teachers[section.sourced_id] for other in mover.index.taught[who])
    known = mover.district.sections
    other = mover.pick([known[one] for one in others if one != section.sourced_id])
    section.name, section.modified = other.name, mover.now
    return told(f"Two sections are called {section.name}.", section) | {"twin": other.clever_id}


def teacher_listed_as_student(mover: Mover) -> dict[str, Any]:
    """Somebody who is no student stands among a section's students."""
    section = mover.section()
    teacher = mover.person(mover.free_teachers(section))
    mover.enroll(section, teacher, "student")
    return told(f"{teacher.name} is listed among the students of {section.name}.", section, teacher)


MOVES: dict[str, Move] = {
    "teachers_gone": teachers_gone,
    "primary_swapped": primary_swapped,
    "student_from_elsewhere": student_from_elsewhere,
    "section_grows": section_grows,
    "section_named_alike": section_named_alike,
    "teacher_listed_as_student": teacher_listed_as_student,
}
