"""The rostering service of the machine: one truth, read in process, and a table of districts that a rule writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.machine.shared import Shared, role_of
from tests.shared_roster import SharedRoster, SharedService
from webapp.providers.errors import AccessWithdrawn, ProviderError
from webapp.providers.service import Condition, SharedDistrict
from webapp.roster.records import Enrollment, Person, Record, Role, Section, SectionOffer, Term

PAUSED = Condition(settled=False, sentence="The service is paused until August 12.")


def records(shared: Shared) -> SharedRoster:
    """The truth as the records of a roster that is held in memory."""
    roster = SharedRoster(condition=Condition() if shared.settled else PAUSED)
    roster.terms = [Term(term, term.title(), None, day) for term, day in shared.terms.items()]
    roster.people = [_person(source_id, name) for source_id, name in shared.names.items()]
    for source_id, one in shared.sections.items():
        if one.shared:
            roster.sections.append(Section(source_id, one.name, "school", "course", tuple(one.terms)))
            roster.enrollments += [
                Enrollment(source_id, person, Role(role_of(person)), one.teachers[:1] == [person])
                for person in one.people()
            ]
    return roster


def _person(source_id: str, name: str) -> Person:
    role = Role(role_of(source_id))
    return Person(source_id, (role,), name, "Example" if name else "", school_source_ids=("school",))


@dataclass
class Faulty(SharedRoster):
    """A roster whose answer breaks off after so many pages."""

    breaks: ProviderError | None = None
    after_pages: int = 0

    def whole(self, on_restart: Any = None) -> Iterator[Sequence[Record]]:
        return self._broken(super().whole(on_restart))

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        return [self._with_its_terms(offer) for offer in super().section_offers(person_source_id)]

    def _with_its_terms(self, offer: SectionOffer) -> SectionOffer:
        own = offer.section.term_source_ids
        return replace(offer, terms=tuple(term for term in offer.terms if term.source_id in own))

    def sections_(self, source_ids: Sequence[str]) -> Iterator[Sequence[Record]]:
        return self._broken(super().sections_(source_ids))

    def _broken(self, pages: Iterator[Sequence[Record]]) -> Iterator[Sequence[Record]]:
        for number, page in enumerate(pages):
            if self.breaks and number >= self.after_pages:
                raise self.breaks
            yield page


@dataclass
class TownService(SharedService):
    """One service with two customers: the town that changes, and one that nobody touches."""

    shared: Shared = field(kw_only=True)
    authority: str = field(kw_only=True)
    others: list[str] = field(default_factory=list)
    listed: bool = True
    breaks: ProviderError | None = None
    after_pages: int = 0
    drifts: bool = False
    lacks: set[str] = field(default_factory=set)
    """Whom and what lists leave out, though the service tells of them by name."""

    def districts(self) -> list[SharedDistrict]:
        ours = [self.authority] if self.listed else []
        return [SharedDistrict(one, f"token of {one}") for one in [*ours, *self.others]]

    def district_token(self, district: str) -> str:
        if district == self.authority and not self.listed:
            raise AccessWithdrawn("The service no longer knows us.")
        return f"token of {district}"

    def reader(self, access: Any, *, today: date | None = None, on_new_token: Any = None) -> Any:
        """A reader of the truth as it is at this moment, however long it reads."""
        now = records(self.shared)
        self.roster = Faulty(**{name: getattr(now, name) for name in ("terms", "sections", "people", "enrollments")})
        self.roster.condition, self.roster.lost_in_lists = now.condition, self.lacks
        self.roster.breaks, self.roster.after_pages = self.breaks, self.after_pages
        if not self.listed:
            self.roster.trouble = AccessWithdrawn("The service no longer knows us.")
        if self.drifts:
            stale = Section("art", "Stale", "school"), Enrollment("art", "s6", Role.STUDENT)
            self.roster.moved_from = [*stale]
        return super().reader(access, today=today, on_new_token=on_new_token)
