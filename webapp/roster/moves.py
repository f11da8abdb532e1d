"""Who left one class and joined another in the same sync has moved: which class belongs to which."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Spot:
    """A class that somebody left or joined."""

    class_id: UUID
    name: str
    course: str
    """The service's course, "" where it has none."""
    period: str


def paired(left: Sequence[Spot], joined: Sequence[Spot]) -> list[tuple[Spot, Spot]]:
    """From where to where: each class once, the same course before the same name before any other."""
    pairs = sorted(((one, other) for one in left for other in joined), key=_order)
    found: list[tuple[Spot, Spot]] = []
    for one, other in pairs:
        if not any(one == taken or other == given for taken, given in found):
            found.append((one, other))
    return found


def _order(pair: tuple[Spot, Spot]) -> tuple[bool, bool, str, str, str, str]:
    one, other = pair
    same_course = bool(one.course) and one.course == other.course
    return (not same_course, one.name != other.name, one.period, other.period, str(one.class_id), str(other.class_id))
