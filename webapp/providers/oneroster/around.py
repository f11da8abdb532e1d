"""The schools, terms and courses of one district, which its sections and people name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from webapp.providers.errors import NotShared
from webapp.providers.lookup import Around, Lookup
from webapp.providers.oneroster.feed import Feed, One
from webapp.providers.oneroster.paging import Rows
from webapp.providers.oneroster.records import Courses, OneCourse, OneSession, OrgRow, Orgs, Row, Sessions
from webapp.providers.oneroster.translation import there, to_course, to_school, to_term
from webapp.roster.records import Course, Record, School, Section, Term

ReadRow = TypeVar("ReadRow", bound=Row)


class Surroundings:
    """Finds what stands around sections, and asks for each at most once."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._schools: dict[str, School] | None = None
        # A district has few terms, so their list is soon the cheaper way; it may have thousands of courses.
        self.terms: Lookup[Term] = self._lookup("academicSessions", OneSession, Sessions, to_term, handful=1)
        self.courses: Lookup[Course] = self._lookup("courses", OneCourse, Courses, to_course, handful=3)

    def schools(self) -> dict[str, School]:
        """All schools, read once: they also tell a school's administrators from the district's."""
        if self._schools is None:
            self._schools = schools_of(row for rows in self._feed.every("orgs", Orgs) for row in rows)
        return self._schools

    def of(self, sections: Sequence[Section]) -> list[Record]:
        """The schools, terms and courses that these sections name, as far as they are shared."""
        schools = dict.fromkeys(section.school_source_id for section in sections)
        return [
            *(self.schools()[school] for school in schools if school in self.schools()),
            *self.terms.find(term for section in sections for term in section.term_source_ids),
            *self.courses.find(section.course_source_id for section in sections),
        ]

    def _lookup(
        self,
        path: str,
        envelope: type[One[ReadRow]],
        envelopes: type[Rows[ReadRow]],
        to: Callable[[ReadRow], Around],
        handful: int,
    ) -> Lookup[Around]:
        def one(source_id: str) -> Around | None:
            try:
                row = self._feed.one(path, source_id, envelope)
            except NotShared:
                return None
            return to(row) if there(row) else None

        def every() -> Iterator[list[Around]]:
            return ([to(row) for row in rows if there(row)] for rows in self._feed.every(path, envelopes))

        return Lookup(one, every, handful)


def schools_of(orgs: Iterable[OrgRow]) -> dict[str, School]:
    """Those of the orgs that are schools, by their ids."""
    found = (to_school(row) for row in orgs if there(row))
    return {school.source_id: school for school in found if school}
