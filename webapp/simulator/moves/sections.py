"""Sections are renamed, emptied, taken away and brought back."""

from typing import Any

from webapp.simulator.moves.mover import Move, Mover, find, told
from webapp.simulator.world import Removed


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


MOVES: dict[str, Move] = {
    "section_renamed": section_renamed,
    "section_removed": section_removed,
    "section_restored": section_restored,
    "section_emptied": section_emptied,
}
