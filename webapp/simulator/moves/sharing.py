"""What the district shares at Clever changes, though nothing changes in the district."""

from typing import Any

from webapp.simulator.moves.mover import CannotMove, Move, Mover, find, told
from webapp.simulator.world import School, Section


def school_unshared(mover: Mover) -> dict[str, Any]:
    """A school is not shared any more, with its sections and whoever belongs to nothing else."""
    shared = {key: one for key, one in mover.district.schools.items() if key not in mover.district.unshared}
    school = school_of(mover, shared)
    hide(mover, school)
    return told(f"{school.name} is not shared any more.") | {"school": school.clever_id}


def school_reshared(mover: Mover) -> dict[str, Any]:
    """A school is shared again."""
    schools = {key: one for key, one in mover.district.schools.items() if key in mover.district.unshared}
    school = school_of(mover, schools)
    mover.district.unshared.remove(school.sourced_id)
    return told(f"{school.name} is shared again.") | {"school": school.clever_id}


def section_unshared(mover: Mover) -> dict[str, Any]:
    """One section is not shared any more; its people are."""
    section = mover.section(lambda one: one.sourced_id not in mover.district.unshared)
    hide(mover, section)
    return told(f"{section.name} is not shared any more.", section)


def section_reshared(mover: Mover) -> dict[str, Any]:
    """One section is shared again."""
    section = mover.section(lambda one: one.sourced_id in mover.district.unshared)
    if section.sourced_id not in mover.district.unshared:
        raise CannotMove(f"{section.name} is shared.")
    mover.district.unshared.remove(section.sourced_id)
    return told(f"{section.name} is shared again.", section)


def school_of(mover: Mover, schools: dict[str, School]) -> School:
    """The school asked for, or any of them."""
    return find(schools, mover.wish.school) if mover.wish.school else mover.pick(list(schools.values()))


def hide(mover: Mover, record: School | Section) -> None:
    """The record is not shared from now on."""
    if record.sourced_id in mover.district.unshared:
        raise CannotMove(f"{record.name} is not shared.")
    mover.district.unshared.append(record.sourced_id)


MOVES: dict[str, Move] = {
    "school_unshared": school_unshared,
    "school_reshared": school_reshared,
    "section_unshared": section_unshared,
    "section_reshared": section_reshared,
}
