"""One district of the soak: what is true there, how that changes, and what its service says of it just now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from tests.shared_roster import SharedRoster
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, ProviderError
from webapp.providers.service import Changes, Condition
from webapp.roster.records import Record

SECTIONS = ("algebra", "biology", "chess", "drama")
STUDENTS = tuple(f"s{number}" for number in range(1, 25))
SMALLEST, LARGEST = 10, 14
"""So many students has a section. The smallest is large enough that losing most of one waits for a person."""


@dataclass
class Fault:
    """How a service fails, until when."""

    name: str
    until: datetime
    trouble: ProviderError | None = None
    cut_after: int | None = None
    """So many pages are read before the answer breaks off."""
    condition: Condition = Condition()
    lie: Callable[[SharedRoster], None] | None = None
    """What is wrong in an answer that looks whole."""
    listed: bool = True
    freezes: bool = False
    """True where classes may freeze, which empties none: a section whose own address says "not here" is believed."""


@dataclass
class Truth:
    """What is true in one district, whatever its service says."""

    dice: Random
    rosters: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    ever_left: set[tuple[str, str]] = field(default_factory=set)
    """Who has ever left which section: nobody else may ever have left the class."""
    ever_withdrawn: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    """The section that each change was about, as the service's feed tells it."""

    def begin(self) -> None:
        """The first day."""
        for section in SECTIONS:
            self.names[section] = section.title()
            self.rosters[section] = set(self.dice.sample(STUDENTS, self.dice.randint(SMALLEST, LARGEST)))

    def change(self) -> None:
        """One thing happens in the district."""
        section = self.dice.choice(SECTIONS)
        self.dice.choices((self._join, self._leave, self._rename, self._withdraw_or_share), (6, 6, 1, 1))[0](section)
        self.told.append(section)

    def _join(self, section: str) -> None:
        others = sorted(set(STUDENTS) - self.rosters[section])
        if len(self.rosters[section]) < LARGEST:
            self.rosters[section].add(self.dice.choice(others))

    def _leave(self, section: str) -> None:
        if len(self.rosters[section]) > SMALLEST:
            student = self.dice.choice(sorted(self.rosters[section]))
            self.rosters[section].remove(student)
            self.ever_left.add((section, student))

    def _rename(self, section: str) -> None:
        self.names[section] = f"{section.title()} {len(self.told)}"

    def _withdraw_or_share(self, section: str) -> None:
        self.withdrawn ^= {section}
        self.ever_withdrawn.add(section)

    def shared(self) -> SharedRoster:
        """The whole truth as records."""
        roster = SharedRoster(feed_stands_at=str(len(self.told)))
        for section in sorted(set(SECTIONS) - self.withdrawn):
            roster.add_section(section.title(), teachers=["t1", "t2"], students=sorted(self.rosters[section]))
            roster.rename(section, self.names[section])
        return roster


class Reading:
    """The reader of one district as its service tells of it now: the truth, but for the fault of the hour."""

    def __init__(self, truth: Truth, fault: Fault | None) -> None:
        self._truth, self._fault, self._roster = truth, fault, truth.shared()
        if fault:
            self._roster.trouble, self._roster.condition = fault.trouble, fault.condition
            if not fault.listed:
                self._roster.trouble = AccessWithdrawn("The service no longer knows us.")
            if fault.lie:
                fault.lie(self._roster)
        self.section_offers, self.person = self._roster.section_offers, self._roster.person

    @property
    def requests(self) -> int:
        return self._roster.requests

    def whole(self, on_restart: Any = None) -> Iterator[Sequence[Record]]:
        return self._cut(self._roster.whole(on_restart))

    def sections(self, source_ids: Sequence[str]) -> Iterator[Sequence[Record]]:
        return self._cut(self._roster.sections_(source_ids))

    def condition(self) -> Condition:
        return self._roster.condition

    def cursor(self) -> str:
        return self._roster.feed_stands_at

    def changes(self, cursor: str) -> Changes:
        """Which sections have changed since."""
        if self._roster.trouble:
            raise self._roster.trouble
        return Changes(self._roster.feed_stands_at, frozenset(self._truth.told[int(cursor) :]))

    def _cut(self, pages: Iterator[Sequence[Record]]) -> Iterator[Sequence[Record]]:
        for number, page in enumerate(pages):
            if self._fault and number == self._fault.cut_after:
                raise IncompleteAnswer("the answer breaks off")
            yield page
