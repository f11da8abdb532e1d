"""Reading one district from Clever."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial

from webapp.providers.clever.api import Api, below
from webapp.providers.clever.condition import condition
from webapp.providers.clever.events import Feed
from webapp.providers.clever.people import People
from webapp.providers.clever.records import SectionRow, UserRow
from webapp.providers.clever.surroundings import Surroundings
from webapp.providers.clever.translation import teachers_of, to_person, to_section
from webapp.providers.drift import Drift, Pages, settled, steadily
from webapp.providers.errors import NotShared
from webapp.providers.service import Changes, Condition
from webapp.roster.records import Person, SectionOffer

ROLES = ("student", "teacher", "staff", "district_admin")
"""Whom we ask for. Contacts (guardians) are never asked for."""


class CleverReader:
    """The RosterReader of a Clever district. `today` is the district's own day."""

    def __init__(self, api: Api, today: date) -> None:
        self._api = api
        self._today = today
        self._feed = Feed(api)
        self._around = Surroundings(api)

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
        people = People(self._api)
        schools: set[str] = set()
        for source_id in dict.fromkeys(source_ids):
            try:
                row, users = settled(partial(self._section, source_id, people))
            except NotShared:
                continue
            rows.append(row)
            found = people.meet(users) + people.look_up([row])
            # People of these sections may belong to other schools than their sections do.
            schools.update(school for person in found for school in person.school_source_ids)
            yield [to_section(row)]
            yield found
        for row in rows:
            # Only now: who is no student may have been told of by a later section.
            yield list(people.enrollments(row))
        yield settled(lambda: self._around.of(rows, sorted(schools)))

    def condition(self) -> Condition:
        """How Clever says that the district's data are now; where it does not say, its lists have the word."""
        row = settled(self._api.district_if_told)
        return condition(row, self._today) if row else Condition()

    def cursor(self) -> str:
        """Where Clever's change feed stands now."""
        return self._feed.cursor(datetime.now(UTC))

    def changes(self, cursor: str) -> Changes | None:
        """What Clever's change feed hints at since that cursor."""
        return self._feed.changes(cursor, datetime.now(UTC))

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """What this teacher could import."""
        with self._api.wire.while_somebody_waits():
            return settled(lambda: self._offers(person_source_id))

    def person(self, source_id: str) -> Person:
        """One person with all roles."""
        with self._api.wire.while_somebody_waits():
            person = to_person(settled(lambda: self._api.one("users", source_id, UserRow)))
        if not person:
            raise NotShared("Clever shares this person only as somebody's contact.")
        return person

    def _pull(self) -> Pages:
        yield from self._around.everything()
        people = People(self._api)
        # People before sections: who is known to be no student is in no section as one.
        for role in ROLES:
            for users in self._api.every("users", UserRow, role=role):
                yield people.meet(users)
        for rows in self._api.every("sections", SectionRow):
            yield [to_section(row) for row in rows]
            yield people.look_up(rows)
            yield [enrollment for row in rows for enrollment in people.enrollments(row)]

    def _section(self, source_id: str, people: People) -> tuple[SectionRow, list[UserRow]]:
        row = self._api.one("sections", source_id, SectionRow)
        strangers = people.strangers(row)
        if not strangers:
            return row, []
        path = below("sections", source_id, "users")
        try:
            users = [user for found in self._api.related(path, UserRow) for user in found]
        except NotShared as error:
            # Clever has just told of this section: it is not gone, whatever is wrong with its list.
            raise Drift("Clever tells of a section and not of its people.") from error
        return row, [user for user in users if user.id in strangers]

    def _offers(self, teacher: str) -> list[SectionOffer]:
        path = below("users", teacher, "sections")
        rows = [row for found in self._api.related(path, SectionRow) for row in found]
        own = [row for row in rows if teacher in teachers_of(row)]
        self._around.of(own)
        return [self._around.offer(row) for row in own]
