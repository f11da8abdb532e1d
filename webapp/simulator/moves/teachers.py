"""Teachers of a section change."""

from typing import Any

from webapp.simulator.moves.mover import CannotMove, Move, Mover, told


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


MOVES: dict[str, Move] = {
    "teacher_replaced": teacher_replaced,
    "co_teacher_added": co_teacher_added,
}
