"""Reading one district's roster server."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from webapp.providers.drift import Pages, settled, steadily
from webapp.providers.errors import NotShared
from webapp.providers.lookup import Lookup
from webapp.providers.oneroster.classroom import Day, roster
from webapp.providers.oneroster.enrollments import current, over
from webapp.providers.oneroster.feed import Feed, below
from webapp.providers.oneroster.records import (
    Classes,
    Courses,
    Enrollments,
    OneClass,
    OneCourse,
    OneSession,
    OneUser,
    Orgs,
    Sessions,
    Users,
)
from webapp.providers.oneroster.translation import (
    is_student,
    there,
    to_course,
    to_person,
    to_school,
    to_section,
    to_term,
)
from webapp.providers.service import Changes, Condition
from webapp.roster.records import Course, Enrollment, Person, Record, School, Section, SectionOffer, Term

MOST_COUNTED = 40
"""One request for each head count; nobody waits for more."""


class OneRosterReader:
    """The RosterReader of a OneRoster server."""

    def __init__(self, feed: Feed, today: date) -> None:
        self._feed = feed
        self._today = today
        self._known_schools: dict[str, School] | None = None
        self._terms = Lookup(self._one_term, self._every_term)
        self._courses = Lookup(self._one_course, self._every_course)

    @property
    def requests(self) -> int:
        """How many requests were sent so far, repeated ones included."""
        return self._feed.wire.requests

    def whole(self, on_restart: Callable[[], None] | None = None) -> Pages:
        """Everything shared, of one revision."""
        return steadily(self._pull, on_restart)

    def sections(self, source_ids: Sequence[str]) -> Pages:
        """These classes with what they need."""
        found: list[Section] = []
        known: set[str] = set()
        for source_id in dict.fromkeys(source_ids):
            try:
                section, enrollments, people = settled(partial(self._section, source_id, known))
            except NotShared:
                continue
            found.append(section)
            known.update(person.source_id for person in people)
            yield [section]
            yield enrollments
            yield people
        yield settled(lambda: self._named_by(found))

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
        with self._feed.wire.while_somebody_waits():
            return settled(lambda: self._offers(person_source_id))

    def person(self, source_id: str) -> Person:
        """One person with all roles."""
        with self._feed.wire.while_somebody_waits():
            person = settled(lambda: self._person(source_id))
        if not person:
            raise NotShared("This person has no role in the roster.")
        return person

    def _pull(self) -> Pages:
        self._feed.begin()
        schools = self._read_schools()
        yield list(schools.values())
        terms = {term.source_id: term for page in self._every_term() for term in page}
        yield from self._every_course()
        named: set[str] = set()
        ended: set[str] = set()
        for rows in self._feed.every("classes", Classes):
            sections = [to_section(row) for row in rows if there(row)]
            named.update(term for section in sections for term in section.term_source_ids)
            ended.update(section.source_id for section in sections if over(section, terms, self._today))
            yield sections
        # A school year or a grading period matters only where a class says that it lasts so long.
        yield [term for term in terms.values() if term.source_id in named]
        for enrollment_rows in self._feed.every("enrollments", Enrollments):
            yield current(enrollment_rows, ended, self._today)
        for user_rows in self._feed.every("users", Users):
            yield [person for row in user_rows if there(row) and (person := to_person(row, schools))]

    def _section(self, source_id: str, known: set[str]) -> tuple[Section, list[Enrollment], list[Person]]:
        row = self._begun().one(below("classes", source_id), OneClass).row
        if not there(row):
            raise NotShared("This class is listed as deleted.")
        section = to_section(row)
        terms = {term.source_id: term for term in self._terms.find(section.term_source_ids)}
        day = Day(frozenset(self._schools()), self._today)
        return section, *roster(self._feed, section, terms, day, known)

    def _person(self, source_id: str) -> Person | None:
        row = self._begun().one(below("users", source_id), OneUser).row
        return to_person(row, self._schools()) if there(row) else None

    def _offers(self, teacher: str) -> list[SectionOffer]:
        feed = self._begun()
        pages = feed.related(below("teachers", teacher, "classes"), Classes)
        try:
            sections = [to_section(row) for rows in pages for row in rows if there(row)]
        except NotShared:
            feed.check_access()
            raise
        self._around(sections)
        return [self._offer(section, counted=place < MOST_COUNTED) for place, section in enumerate(sections)]

    def _offer(self, section: Section, *, counted: bool) -> SectionOffer:
        return SectionOffer(
            section=section,
            school=self._schools().get(section.school_source_id),
            terms=tuple(self._terms.find(section.term_source_ids)),
            course=self._courses.get(section.course_source_id),
            students=self._head_count(section) if counted else None,
        )

    def _head_count(self, section: Section) -> int | None:
        """How many students: counted one by one, since the list of students may hold teachers too."""
        pages = self._feed.related(below("classes", section.source_id, "students"), Users)
        try:
            return sum(is_student(row) for rows in pages for row in rows if there(row))
        except NotShared:
            return None

    def _named_by(self, sections: Sequence[Section]) -> list[Record]:
        self._feed.begin()
        # All schools are at hand, and people of these classes may belong to others than their classes do.
        return [*self._schools().values(), *self._around(sections)]

    def _around(self, sections: Sequence[Section]) -> list[Record]:
        """The schools, terms and courses that these sections name."""
        schools = dict.fromkeys(section.school_source_id for section in sections)
        return [
            *(self._schools()[school] for school in schools if school in self._schools()),
            *self._terms.find(term for section in sections for term in section.term_source_ids),
            *self._courses.find(section.course_source_id for section in sections),
        ]

    def _begun(self) -> Feed:
        self._feed.begin()
        return self._feed

    def _schools(self) -> dict[str, School]:
        """All schools, read once: they also tell a school's administrators from the district's."""
        if self._known_schools is None:
            self._known_schools = self._read_schools()
        return self._known_schools

    def _read_schools(self) -> dict[str, School]:
        orgs = [row for rows in self._feed.every("orgs", Orgs) for row in rows if there(row)]
        return {school.source_id: school for row in orgs if (school := to_school(row))}

    def _one_term(self, source_id: str) -> Term | None:
        try:
            row = self._feed.one(below("academicSessions", source_id), OneSession).row
        except NotShared:
            return None
        return to_term(row) if there(row) else None

    def _every_term(self) -> Iterator[list[Term]]:
        return ([to_term(row) for row in rows if there(row)] for rows in self._feed.every("academicSessions", Sessions))

    def _one_course(self, source_id: str) -> Course | None:
        try:
            row = self._feed.one(below("courses", source_id), OneCourse).row
        except NotShared:
            return None
        return to_course(row) if there(row) else None

    def _every_course(self) -> Iterator[list[Course]]:
        return ([to_course(row) for row in rows if there(row)] for rows in self._feed.every("courses", Courses))
