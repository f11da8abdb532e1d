"""A rostering service held in memory: what it shares is plain records that a test can change between two syncs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from webapp.providers.errors import NotShared, ProviderError
from webapp.providers.service import Access, Changes, Condition, SharedDistrict, SignIn, Tokens, Visitor
from webapp.roster.records import Course, Enrollment, Person, Record, Role, School, Section, SectionOffer, Term

PUPILS = [f"s{number}" for number in range(1, 21)]


@dataclass
class SharedRoster:
    """One district as its service shares it, and the reader and service of it."""

    schools: list[School] = field(default_factory=lambda: [School("school", "Maple School", "990000000001")])
    terms: list[Term] = field(default_factory=list)
    courses: list[Course] = field(default_factory=lambda: [Course("course", "Biology", "B1")])
    sections: list[Section] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    enrollments: list[Enrollment] = field(default_factory=list)
    trouble: ProviderError | None = None
    requests: int = 0
    moved_from: list[Record] = field(default_factory=list)
    """What the first pull of `whole` met before everything moved."""
    lost_in_lists: set[str] = field(default_factory=set)
    """Sections and people whom whole collections lack, though the service tells of them when a section is asked for."""
    asked_by_name: list[str] = field(default_factory=list)
    """The sections that were asked for by name so far."""
    condition: Condition = Condition()
    feed: dict[str, Changes] = field(default_factory=dict)
    """Cursor -> what its feed tells; a cursor that is not here is one that the service cannot tell from."""
    feed_stands_at: str = ""

    key = "clever"
    label = "Clever"
    roster_kind = "user_id"

    def add_section(self, name: str, *, teachers: Sequence[str] = ("t1",), students: Sequence[str] = ()) -> Section:
        """Share one more section with these people, who are made where they are new."""
        section = Section(name.lower(), name, "school", "course", tuple(term.source_id for term in self.terms))
        self.sections.append(section)
        for person in teachers:
            self.join(section.source_id, person, Role.TEACHER, primary=person == teachers[0])
        for person in students:
            self.join(section.source_id, person, Role.STUDENT)
        return section

    def join(self, section: str, person: str, role: Role = Role.STUDENT, *, primary: bool = False) -> None:
        """This person is in this section from now on."""
        if person not in {one.source_id for one in self.people}:
            self.people.append(Person(person, (role,), person.title(), "Example", school_source_ids=("school",)))
        self.enrollments.append(Enrollment(section, person, role, primary))

    def leave(self, section: str, *people: str) -> None:
        """These people are no longer in this section."""
        self.enrollments = [
            one for one in self.enrollments if one.section_source_id != section or one.person_source_id not in people
        ]

    def rename(self, section: str, name: str) -> None:
        """The section has another name."""
        self.sections = [replace(one, name=name) if one.source_id == section else one for one in self.sections]

    def withdraw(self, *sections: str) -> None:
        """These sections are no longer shared."""
        self.sections = [one for one in self.sections if one.source_id not in sections]
        self.enrollments = [one for one in self.enrollments if one.section_source_id not in sections]

    # As a reader

    def whole(self, on_restart: Callable[[], None] | None = None) -> Iterator[Sequence[Record]]:
        """Everything, a page for each type; begun anew where the data moved under the first pull."""
        self._answer()
        if self.moved_from:
            assert on_restart is not None
            yield self.moved_from
            on_restart()
        yield from (self.schools, self.terms, self.courses)
        yield [one for one in self.sections if one.source_id not in self.lost_in_lists]
        yield [one for one in self.people if one.source_id not in self.lost_in_lists]
        yield [
            one for one in self.enrollments if not {one.section_source_id, one.person_source_id} & self.lost_in_lists
        ]

    def sections_(self, source_ids: Sequence[str]) -> Iterator[Sequence[Record]]:
        """Only these sections and their people."""
        self._answer()
        self.asked_by_name += source_ids
        rows = [one for one in self.enrollments if one.section_source_id in source_ids]
        people = {one.person_source_id for one in rows}
        yield from (self.schools, self.terms, self.courses)
        yield [one for one in self.sections if one.source_id in source_ids]
        yield [one for one in self.people if one.source_id in people]
        yield rows

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """The sections that name this teacher."""
        self._answer()
        mine = {
            one.section_source_id
            for one in self.enrollments
            if one.person_source_id == person_source_id and one.role is Role.TEACHER
        }
        return [
            SectionOffer(one, self.schools[0], tuple(self.terms), self.courses[0], None)
            for one in self.sections
            if one.source_id in mine
        ]

    def person(self, source_id: str) -> Person:
        """One person."""
        self._answer()
        for one in self.people:
            if one.source_id == source_id:
                return one
        raise NotShared("not shared")

    def _answer(self) -> None:
        self.requests += 1
        if self.trouble is not None:
            raise self.trouble


class _Reader:
    """The reader of a SharedRoster."""

    def __init__(self, roster: SharedRoster) -> None:
        self._roster = roster
        self.whole, self.sections = roster.whole, roster.sections_
        self.section_offers, self.person = roster.section_offers, roster.person
        self.cursor = lambda: roster.feed_stands_at
        self.condition, self.changes = lambda: roster.condition, roster.feed.get

    @property
    def requests(self) -> int:
        return self._roster.requests


@dataclass
class SharedService:
    """A Service whose one district is a SharedRoster."""

    roster: SharedRoster
    key: str = "clever"
    label: str = "Clever"
    roster_kind: str = "user_id"
    sharing: list[SharedDistrict] = field(default_factory=list)

    def configured(self) -> bool:
        return True

    def sign_in(self) -> SignIn:
        raise AssertionError("Nobody signs in to a roster that is held in memory.")

    def identify(self, tokens: Tokens, *, nonce: str) -> Visitor:
        raise AssertionError("Nobody signs in to a roster that is held in memory.")

    def districts(self) -> list[SharedDistrict]:
        return self.sharing

    def district_token(self, district: str) -> str:
        return "token"

    def reader(
        self, access: Access, *, today: date | None = None, on_new_token: Callable[[str], None] | None = None
    ) -> _Reader:
        return _Reader(self.roster)
