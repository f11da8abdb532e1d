"""Reading one district from Clever."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from webapp.providers.answers import exact_all
from webapp.providers.clever.api import Api, below
from webapp.providers.clever.listing import Row
from webapp.providers.clever.records import CourseRow, SchoolRow, SectionRow, TermRow, UserRow
from webapp.providers.clever.translation import (
    teachers_of,
    to_course,
    to_enrollments,
    to_person,
    to_school,
    to_section,
    to_term,
)
from webapp.providers.drift import Pages, settled, steadily
from webapp.providers.errors import NotShared
from webapp.providers.lookup import Around, Lookup
from webapp.providers.service import Changes, Condition
from webapp.roster.records import Person, Record, SectionOffer

ROLES = ("student", "teacher", "staff", "district_admin")
"""Whom we ask for. Contacts (guardians) are never asked for."""


class CleverReader:
    """The RosterReader of a Clever district."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._schools = self._lookup("schools", SchoolRow, to_school)
        self._terms = self._lookup("terms", TermRow, to_term)
        self._courses = self._lookup("courses", CourseRow, to_course)

    @property
    def requests(self) -> int:
        """How many requests were sent so far, repeated ones included."""
        return self._api.wire.requests

    def whole(self, on_restart: Callable[[], None] | None = None) -> Pages:
        """Everything shared."""
        return steadily(self._pull, on_restart)

    def sections(self, source_ids: Sequence[str]) -> Pages:
        """These sections with what they need."""
        rows: list[SectionRow] = []
        known: set[str] = set()
        schools: set[str] = set()
        for source_id in dict.fromkeys(source_ids):
            try:
                row, people = settled(partial(self._section, source_id, known))
            except NotShared:
                continue
            rows.append(row)
            known.update(person.source_id for person in people)
            # People of these sections may belong to other schools than their sections do.
            schools.update(school for person in people for school in person.school_source_ids)
            yield [to_section(row)]
            yield list(to_enrollments(row))
            yield people
        yield settled(lambda: [*self._around(rows), *self._schools.find(sorted(schools))])

    def condition(self) -> Condition:
        """Settled."""
        return Condition()

    def cursor(self) -> str:
        """No feed is read yet."""
        return ""

    def changes(self, cursor: str) -> Changes | None:
        """No feed is read yet."""
        return None

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """What this teacher could import."""
        with self._api.wire.while_somebody_waits():
            return settled(lambda: self._offers(person_source_id))

    def person(self, source_id: str) -> Person:
        """One person with all roles."""
        with self._api.wire.while_somebody_waits():
            person = to_person(self._api.one("users", source_id, UserRow))
        if not person:
            raise NotShared("Clever shares this person only as somebody's contact.")
        return person

    def _pull(self) -> Pages:
        yield from self._schools.pages()
        yield from self._terms.pages()
        yield from self._courses.pages()
        for rows in self._api.every("sections", SectionRow):
            yield [to_section(row) for row in rows]
            yield [enrollment for row in rows for enrollment in to_enrollments(row)]
        yield from self._everybody()

    def _everybody(self) -> Iterator[list[Person]]:
        met: set[str] = set()
        for role in ROLES:
            for rows in self._api.every("users", UserRow, role=role):
                # One who has several roles stands in the list of each, every time with all of them.
                people = [to_person(row) for row in rows if row.id not in met]
                met.update(row.id for row in rows)
                yield [person for person in people if person]

    def _section(self, source_id: str, known: set[str]) -> tuple[SectionRow, list[Person]]:
        row = self._api.one("sections", source_id, SectionRow)
        named = {"teacher": teachers_of(row), "student": exact_all(row.students)}
        people: list[Person] = []
        for role, ids in named.items():
            # Somebody the section names but Clever does not tell of is not invented: the sync notes the gap.
            missing = set(ids) - known
            if missing:
                users = self._related(below("sections", source_id, "users"), UserRow, role=role)
                people += [person for user in users if user.id in missing and (person := to_person(user))]
        return row, people

    def _offers(self, teacher: str) -> list[SectionOffer]:
        rows = self._related(below("users", teacher, "sections"), SectionRow)
        own = [row for row in rows if teacher in teachers_of(row)]
        self._around(own)
        return [self._offer(row) for row in own]

    def _related(self, path: str, kind: type[Row], **query: str) -> list[Row]:
        return [row for rows in self._api.related(path, kind, **query) for row in rows]

    def _offer(self, row: SectionRow) -> SectionOffer:
        section = to_section(row)
        return SectionOffer(
            section=section,
            school=self._schools.get(section.school_source_id),
            terms=tuple(self._terms.find(section.term_source_ids)),
            course=self._courses.get(section.course_source_id),
            students=len(set(row.students or ())),
        )

    def _around(self, rows: Sequence[SectionRow]) -> list[Record]:
        """The schools, terms and courses that these sections name."""
        sections = [to_section(row) for row in rows]
        return [
            *self._schools.find(section.school_source_id for section in sections),
            *self._terms.find(term for section in sections for term in section.term_source_ids),
            *self._courses.find(section.course_source_id for section in sections),
        ]

    def _lookup(self, path: str, kind: type[Row], to: Callable[[Row], Around]) -> Lookup[Around]:
        def one(source_id: str) -> Around | None:
            try:
                return to(self._api.one(path, source_id, kind))
            except NotShared:
                return None

        def every() -> Iterator[list[Around]]:
            return ([to(row) for row in rows] for rows in self._api.every(path, kind))

        return Lookup(one, every)
