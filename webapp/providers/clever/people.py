"""Who was read so far, and who may stand in a section as what."""

from collections.abc import Iterable, Iterator

from webapp.providers.clever.api import Api
from webapp.providers.clever.records import SectionRow, UserRow
from webapp.providers.clever.translation import named, to_enrollments, to_person
from webapp.roster.records import Enrollment, Person, Role

LOOK_UPS = 200
"""So many people whom sections name and no list held are looked up one by one (REL-2); beyond, the guard decides."""


class People:
    """The people of one pull, each told once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._met: set[str] = set()
        self._students: set[str] = set()
        self._staff: set[str] = set()
        self._looked_up: set[str] = set()

    def meet(self, users: Iterable[UserRow]) -> list[Person]:
        """Those of these users who are new; one who has several roles stands in the list of each, with all of them."""
        fresh = [user for user in users if user.id not in self._met]
        self._met.update(user.id for user in fresh)
        people = [person for user in fresh if (person := to_person(user))]
        self._students.update(one.source_id for one in people if Role.STUDENT in one.roles)
        self._staff.update(one.source_id for one in people if set(one.roles) - {Role.STUDENT})
        return people

    def strangers(self, section: SectionRow) -> set[str]:
        """Whom the section names and nobody has told of yet."""
        return set(named(section)) - self._met

    def look_up(self, sections: Iterable[SectionRow]) -> list[Person]:
        """Those strangers whom Clever knows after all: a list that lost them, or a role that no list is kept of.

        Who is not shared is not invented: their enrollments dangle, and the sync notes the gap.
        """
        strangers = {id_ for section in sections for id_ in self.strangers(section)} - self._looked_up
        wanted = sorted(strangers)[: LOOK_UPS - len(self._looked_up)]
        self._looked_up.update(wanted)
        return self.meet(self._api.those("users", wanted, UserRow))

    def enrollments(self, section: SectionRow) -> Iterator[Enrollment]:
        """Who stands in the section, but for people who are known to be something else.

        A student enrollment takes the role of a student. A teacher's takes any role but that: whom a section names as
        its teacher teaches it, even where the district shares her as staff only (Clever's certification wants staff
        without a matching role treated as teachers), and no student ever becomes the teacher of others.
        """
        for enrollment in to_enrollments(section):
            fitting = self._students if enrollment.role is Role.STUDENT else self._staff
            if enrollment.person_source_id in fitting or enrollment.person_source_id not in self._met:
                yield enrollment
