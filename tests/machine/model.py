"""What a district has with us, as the promises tell it: plain Python, nothing of the product's."""

import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.machine.limits import Removal

ZONE = ZoneInfo("America/New_York")
UNDECIDED = "?"
"""Active or waiting: which of those who came at once gets the last seat is nowhere promised."""

Key = tuple[str, str, str]
"""Section, person, role."""


def day(now: datetime) -> date:
    """The calendar day it is in the district."""
    return now.astimezone(ZONE).date()


@dataclass(frozen=True)
class Place:
    """One person's row in one class."""

    state: str
    hand: str = "none"
    ours: bool = True
    """True where the service put it there."""
    primary: bool = False

    @property
    def live(self) -> bool:
        """True for who is in the class or waits for a seat in it."""
        return self.state != "ended"


@dataclass(frozen=True)
class Klass:
    """One of our classes, by the section it follows."""

    provider_name: str
    state: str = "active"
    given: str | None = None
    terms: tuple[str, ...] = ()
    """The terms that its section had when it was last shared."""
    hand: bool = False
    """True where an undo put its state."""
    over_since: datetime | None = field(default=None, compare=False)
    """When it was archived because its last term had ended; None otherwise."""


@dataclass
class House:
    """What a district has with us."""

    seats: int
    license_ends: date | None = None
    classes: dict[str, Klass] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """Whose name an undo put back."""
    term_ends: dict[str, date] = field(default_factory=dict)

    def copy(self) -> "House":
        """The same, to go on from."""
        return copy.deepcopy(self)

    def licensed(self, today: date) -> bool:
        """True up to and including the license's last day."""
        return self.license_ends is None or today <= self.license_ends

    def seated(self) -> set[str]:
        """Who uses a seat: everybody active as a student in a class that is not archived."""
        return self._students("active")

    def waiting(self) -> set[str]:
        """Who waits for one."""
        return self._students("waiting")

    def _students(self, state: str) -> set[str]:
        return {
            person
            for (section, person, role), place in self.places.items()
            if role == "student" and place.state == state and self.classes[section].state != "archived"
        }


@dataclass(frozen=True)
class Outcome:
    """What a run makes of a house, and what of it waits for a person."""

    house: House
    held: frozenset[Removal] = frozenset()
    whole: bool = False
    """True where nothing at all was applied: the people themselves look exchanged."""
