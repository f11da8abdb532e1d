"""Who stands in one class. Servers differ in which of the paths they know, so there are three ways."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from webapp.providers.errors import NotShared
from webapp.providers.oneroster.enrollments import current, each_once, over
from webapp.providers.oneroster.feed import Feed, below
from webapp.providers.oneroster.records import EnrollmentRow, Enrollments, Users
from webapp.providers.oneroster.translation import named, there, to_person
from webapp.providers.wire import Failed
from webapp.roster.records import Enrollment, Person, Role, Section, Term

UNKNOWN_REQUEST = {400, 405, 422, 501}
"""How servers say, besides 404, that they do not know a path or a filter."""

LISTS = {Role.STUDENT: "students", Role.TEACHER: "teachers"}


@dataclass(frozen=True)
class Day:
    """What one must know beforehand to read classes: the ids of the schools, and the day."""

    schools: Collection[str]
    today: date


def roster(
    feed: Feed, section: Section, terms: dict[str, Term], day: Day, known: Collection[str]
) -> tuple[list[Enrollment], list[Person]]:
    """Who is enrolled, and those of them who are not `known` yet as persons."""
    rows = _of_school(feed, section) or _filtered(feed, section)
    ended = {section.source_id} if over(section, terms, day.today) else set()
    enrollments = each_once(current(rows, ended, day.today))
    lacking = {one.role for one in enrollments if one.person_source_id not in known}
    people = _people(feed, section, day, [role for role in LISTS if role in lacking or not rows])
    if not rows:
        enrollments = _out_of_lists(section, people.values())
    new = {one.person_source_id for one in enrollments}.difference(known)
    return enrollments, [person for source_id, person in people.items() if source_id in new]


def _people(feed: Feed, section: Section, day: Day, roles: Collection[Role]) -> dict[str, Person]:
    """The people of the class's lists for these roles. Either list may hold people of the other."""
    people: dict[str, Person] = {}
    for role in roles:
        for page in feed.related(below("classes", section.source_id, LISTS[role]), Users):
            persons = (to_person(row, day.schools) for row in page if there(row))
            people |= {person.source_id: person for person in persons if person}
    return people


def _out_of_lists(section: Section, people: Collection[Person]) -> list[Enrollment]:
    """Enrollments for servers that tell only lists of people: nobody is primary then."""
    return [
        Enrollment(section.source_id, person.source_id, role)
        for person in people
        for role in LISTS
        if role in person.roles
    ]


def _of_school(feed: Feed, section: Section) -> list[EnrollmentRow]:
    if not section.school_source_id:
        return []
    path = below("schools", section.school_source_id, below("classes", section.source_id, "enrollments"))
    return _rows(section, feed.related(path, Enrollments))


def _filtered(feed: Feed, section: Section) -> list[EnrollmentRow]:
    if "'" in section.source_id:
        return []  # How a quote is written inside a filter is not settled.
    return _rows(section, feed.related("enrollments", Enrollments, filter=f"class.sourcedId='{section.source_id}'"))


def _rows(section: Section, pages: Iterator[Collection[EnrollmentRow]]) -> list[EnrollmentRow]:
    """The rows, or none where the server does not know the request or ignores what it asks for.

    An empty list is no proof that nobody is enrolled: some servers give one for a path that they do not know.
    """
    rows: list[EnrollmentRow] = []
    try:
        for page in pages:
            if any(named(row.class_) != section.source_id for row in page):
                return []
            rows += page
    except NotShared:
        return []
    except Failed as refusal:
        if refusal.status not in UNKNOWN_REQUEST:
            raise
        return []
    return rows
