"""Students join, leave and move."""

from typing import Any

from webapp.simulator.moves.mover import CannotMove, Move, Mover, find, told


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


MOVES: dict[str, Move] = {
    "student_joins": student_joins,
    "student_leaves": student_leaves,
    "student_moves": student_moves,
}
