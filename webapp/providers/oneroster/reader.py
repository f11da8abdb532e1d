"""Reading one district's roster server."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from webapp.providers.drift import Pages, settled, steadily
from webapp.providers.errors import NotShared
from webapp.providers.oneroster import changes, offers
from webapp.providers.oneroster.around import Surroundings, schools_of
from webapp.providers.oneroster.classroom import Classroom
from webapp.providers.oneroster.credible import Pull
from webapp.providers.oneroster.enrollments import current, over
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.records import Classes, Courses, Enrollments, OneClass, OneUser, Orgs, Sessions, Users
from webapp.providers.oneroster.translation import there, to_course, to_person, to_section, to_term
from webapp.providers.service import Changes, Condition
from webapp.roster.records import Enrollment, Person, Record, Section, SectionOffer


class OneRosterReader:
    """The RosterReader of a OneRoster server."""

    def __init__(self, feed: Feed, today: date) -> None:
        self._feed = feed
        self._today = today
        self._around = Surroundings(feed)

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
        classroom = Classroom(self._feed, self._around, self._today)
        for source_id in dict.fromkeys(source_ids):
            try:
                section, enrollments, people = settled(partial(self._section, source_id, classroom))
            except NotShared:
                continue
            found.append(section)
            yield [section]
            yield enrollments
            yield people
        yield settled(lambda: self._named_by(found))

    def condition(self) -> Condition:
        """Settled: OneRoster has no word for a pause, and in a blackout the last data stay as they were."""
        return Condition()

    def cursor(self) -> str:
        """Where the changes stand now: two requests prove that the server can tell what was changed after a moment."""
        return settled(lambda: changes.mark(self._feed))

    def changes(self, cursor: str) -> Changes | None:
        """What may have changed since."""
        return settled(lambda: changes.changes_since(self._feed, cursor))

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """What this teacher could import."""
        with self._feed.wire.while_somebody_waits():
            return settled(lambda: offers.section_offers(self._begun(), self._around, person_source_id, self._today))

    def person(self, source_id: str) -> Person:
        """One person with all roles."""
        with self._feed.wire.while_somebody_waits():
            person = settled(lambda: self._person(source_id))
        if not person:
            raise NotShared("This person has no role in the roster.")
        return person

    def _pull(self) -> Pages:
        feed = self._begun()
        orgs = [row for rows in feed.every_to_the_end("orgs", Orgs) for row in rows]
        schools, pull = schools_of(orgs), Pull(feed, orgs)
        yield list(schools.values())
        sessions = feed.every_to_the_end("academicSessions", Sessions)
        terms = {term.source_id: term for rows in sessions for row in rows if there(row) and (term := to_term(row))}
        for course_rows in feed.every_to_the_end("courses", Courses):
            yield [to_course(row) for row in course_rows if there(row)]
        named: set[str] = set()
        ended: set[str] = set()
        for class_rows in feed.every_to_the_end("classes", Classes):
            pull.check_classes(class_rows)
            sections = [to_section(row) for row in class_rows if there(row)]
            named.update(term for section in sections for term in section.term_source_ids)
            ended.update(section.source_id for section in sections if over(section, terms, self._today))
            yield sections
        # A school year or a grading period matters only where a class says that it lasts so long.
        yield [term for term in terms.values() if term.source_id in named]
        for enrollment_rows in feed.every_to_the_end("enrollments", Enrollments):
            pull.check_enrollments(enrollment_rows)
            yield current(enrollment_rows, ended, self._today)
        for user_rows in feed.every_to_the_end("users", Users):
            pull.check_users(user_rows)
            yield [person for row in user_rows if there(row) and (person := to_person(row, schools))]

    def _section(self, source_id: str, classroom: Classroom) -> tuple[Section, list[Enrollment], list[Person]]:
        row = self._begun().one("classes", source_id, OneClass)
        if not there(row):
            raise NotShared("This class is listed as deleted.")
        section = to_section(row)
        self._around.schools()  # first, since a server that refuses this list's limit or order says so clearly
        return section, *classroom.roster(section)

    def _person(self, source_id: str) -> Person | None:
        row = self._begun().one("users", source_id, OneUser)
        return to_person(row, self._around.schools()) if there(row) else None

    def _named_by(self, sections: Sequence[Section]) -> list[Record]:
        self._feed.begin()
        # All schools are at hand, and people of these classes may belong to others than their classes do.
        return [*self._around.schools().values(), *self._around.of(sections)]

    def _begun(self) -> Feed:
        self._feed.begin()
        return self._feed
