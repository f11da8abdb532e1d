"""Who stands in one class. Servers differ in which of the paths they know, so there are three ways."""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date

from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.oneroster.around import Surroundings
from webapp.providers.oneroster.credible import must_say_who
from webapp.providers.oneroster.enrollments import current, each_once, over
from webapp.providers.oneroster.feed import Feed, below
from webapp.providers.oneroster.records import EnrollmentRow, Enrollments, OneUser, UserRow, Users
from webapp.providers.oneroster.translation import named, there, to_person
from webapp.providers.oneroster.verified import any_of, quotable, verified
from webapp.roster.records import Enrollment, Person, Role, Section

LISTS = {Role.STUDENT: "students", Role.TEACHER: "teachers"}


class Classroom:
    """Reads class after class, each person once."""

    def __init__(self, feed: Feed, around: Surroundings, today: date) -> None:
        self._feed = feed
        self._around = around
        self._today = today
        self._told: set[str] = set()
        self._not_shared: set[str] = set()

    def roster(self, section: Section) -> tuple[list[Enrollment], list[Person]]:
        """Who is enrolled, and those of them who did not come yet as persons."""
        rows = self._of_school(section) or self._filtered(section)
        must_say_who(rows)
        enrollments = each_once(current(rows, self._ended(section), self._today))
        lacking = [one for one in enrollments if one.person_source_id not in self._told]
        roles = {one.role for one in lacking}
        people = self._listed(section, [role for role in LISTS if role in roles or not rows], must=not rows)
        if not rows:
            enrollments = _out_of_lists(section, people.values())
        people |= self._alone({one.person_source_id for one in lacking}.difference(people))
        new = {one.person_source_id for one in enrollments}.difference(self._told)
        self._told |= new.intersection(people)
        return enrollments, [person for source_id, person in people.items() if source_id in new]

    def _ended(self, section: Section) -> set[str]:
        terms = {term.source_id: term for term in self._around.terms.find(section.term_source_ids)}
        return {section.source_id} if over(section, terms, self._today) else set()

    def _listed(self, section: Section, roles: Collection[Role], *, must: bool) -> dict[str, Person]:
        """The people of the class's lists for these roles. Either list may hold people of the other."""
        people: dict[str, Person] = {}
        for role in roles:
            pages = self._feed.related(below("classes", section.source_id, LISTS[role]), Users)
            rows = verified(pages, lambda row: True)
            if rows is None and must:
                raise IncompleteAnswer("The roster server shares a class, but does not tell who is in it.")
            people |= self._persons(rows or [])
        return people

    def _alone(self, source_ids: Collection[str]) -> dict[str, Person]:
        """Those of these people, whom the class names and its lists do not show, whom the server tells one by one.

        Who is not shared is not invented. Who is shared must not lose the class because a list was short.
        """
        people: dict[str, Person] = {}
        for source_id in sorted(set(source_ids) - self._not_shared):
            with suppress(NotShared):
                people |= self._persons([self._feed.one("users", source_id, OneUser)])
            if source_id not in people:
                self._not_shared.add(source_id)
        return people

    def _persons(self, rows: Collection[UserRow]) -> dict[str, Person]:
        schools = self._around.schools()
        persons = (to_person(row, schools) for row in rows if there(row))
        return {person.source_id: person for person in persons if person}

    def _of_school(self, section: Section) -> list[EnrollmentRow]:
        if not section.school_source_id:
            return []
        path = below("schools", section.school_source_id, below("classes", section.source_id, "enrollments"))
        return verified(self._feed.related(path, Enrollments), _in(section)) or []

    def _filtered(self, section: Section) -> list[EnrollmentRow]:
        if not quotable(section.source_id):
            return []
        query = any_of("class.sourcedId", [section.source_id])
        return verified(self._feed.related("enrollments", Enrollments, filter=query), _in(section)) or []


def _in(section: Section) -> Callable[[EnrollmentRow], bool]:
    return lambda row: named(row.class_) == section.source_id


def _out_of_lists(section: Section, people: Collection[Person]) -> list[Enrollment]:
    """Enrollments for servers that tell only lists of people, which do not say who is primary."""
    return [
        Enrollment(section.source_id, person.source_id, role, primary=None)
        for person in people
        for role in LISTS
        if role in person.roles
    ]
