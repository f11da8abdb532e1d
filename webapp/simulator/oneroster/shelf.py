"""One district as its roster server tells it, encoded once for every change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from webapp.simulator.oneroster.departed import Departed, gone_since
from webapp.simulator.oneroster.manners import Manners
from webapp.simulator.oneroster.oddities import Rewrite, rewrites
from webapp.simulator.oneroster.records import Json, RosterWriter
from webapp.simulator.oneroster.sharing import Sharing
from webapp.simulator.world import District, Enrollment


class Collection:
    """All records of one object type, in the order in which they were made: plain, as they are sent, and encoded."""

    def __init__(self, plain: Iterable[Json], steps: Sequence[Rewrite] = ()) -> None:
        self.plain = list(plain)
        self.records = [rewritten(record, steps) for record in self.plain] if steps else self.plain
        self.encoded = [msgspec.json.encode(record) for record in self.records]
        self.place = {record["sourcedId"]: place for place, record in enumerate(self.plain)}
        self._orders: dict[str, list[int]] = {}

    def everything(self) -> list[int]:
        """The places of all records."""
        return list(range(len(self.records)))

    def ordered(self, field: str) -> list[int]:
        """The places of all records in ascending order of a field, worked out once."""
        if field not in self._orders:
            self._orders[field] = sorted(self.everything(), key=lambda place: str(self.records[place].get(field, "")))
        return self._orders[field]


def rewritten(record: Json, steps: Sequence[Rewrite]) -> Json:
    """The record after each step."""
    for step in steps:
        record = step(record)
    return record


class RosterShelf:
    """The collections, and the nested reads that OneRoster has beside them."""

    def __init__(self, district: District, before: "RosterShelf | None" = None) -> None:
        self.district = district
        self.revision = district.revision
        self.manners: Manners = district.doors.classlink
        self.built = datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
        self.told: dict[str, Collection] = {**before.told, **before.collections} if before else {}
        """What was told last of each collection that was not read again since."""

        self.departed: Departed = gone_since(self, before) if before else {}
        self.collections: dict[str, Collection] = {}
        self.sharing = Sharing(district, self.manners)
        self.in_class: dict[str, list[Enrollment]] = defaultdict(list)
        self.of_user: dict[str, list[Enrollment]] = defaultdict(list)
        for enrollment in filter(self.sharing.shows_member, district.enrollments.values()):
            self.in_class[enrollment.section].append(enrollment)
            self.of_user[enrollment.person].append(enrollment)

    def collection(self, name: str) -> Collection:
        """One collection, written when it is first read."""
        if name not in self.collections:
            steps = rewrites(name, self.manners)
            if self.manners.oneroster_restamps:
                steps.append(lambda record: record | {"dateLastModified": self.built})
            self.collections[name] = Collection([*self.written(name), *self.gone(name)], steps)
        return self.collections[name]

    def written(self, name: str) -> Iterable[Json]:
        """The records of a collection that are shared, in OneRoster's plain words."""
        write, district, sharing = RosterWriter(self.district), self.district, self.sharing
        people = [one for one in district.people.values() if one.sourced_id in sharing.people]
        private = [] if self.manners.oneroster_hides_demographics else people
        everything: dict[str, Iterable[Json]] = {
            "academicSessions": map(write.session, district.terms.values()),
            "courses": map(write.course, filter(sharing.shows_course, district.courses.values())),
            "classes": map(write.section, filter(sharing.shows_section, district.sections.values())),
            "users": map(write.user, people),
            "enrollments": map(write.enrollment, sharing.enrollments()),
            "demographics": (write.demographics(one) for one in private if one.private.get("born")),
        }
        if name == "orgs":
            top = [write.district_org()] if district.sourced_id else []
            schools = (one for one in district.schools.values() if sharing.shows_school(one.sourced_id))
            return [*top, *map(write.school, schools)]
        return everything[name]

    def gone(self, name: str) -> Iterable[Json]:
        """The records that were told once and are gone, in the district's manner of telling it."""
        rows = self.departed.get(name, {}).values()
        if self.manners.oneroster_deletes_as == "tobedeleted":
            return [row | {"status": "tobedeleted"} for row in rows]
        if self.manners.oneroster_deletes_as == "enabledUser false" and name == "users":
            return [row | {"enabledUser": "false"} for row in rows]
        return []

    def where(self, collection: str, fits: Callable[[Json], bool]) -> list[int]:
        """The places of the records that fit, as they are plainly."""
        return [place for place, record in enumerate(self.collection(collection).plain) if fits(record)]

    def members(self, section: str, role: str) -> list[int]:
        """The places of a class's people of one role, each once; some servers name teachers among the students."""
        roles = {role, "teacher"} if self.manners.oneroster_teachers_among_students else {role}
        rows = (one for one in self.in_class.get(section, []) if self.role_told(one) in roles)
        wanted = dict.fromkeys(one.person for one in rows)
        return [self.collection("users").place[one] for one in wanted]

    def role_told(self, enrollment: Enrollment) -> str:
        """The role that the enrollment's own record names, but for its letters' case."""
        rows = self.collection("enrollments")
        return str(rows.records[rows.place[enrollment.sourced_id]].get("role", enrollment.role)).lower()

    def enrollments_in(self, section: str) -> list[int]:
        """The places of a class's enrollments."""
        return [self.collection("enrollments").place[one.sourced_id] for one in self.in_class.get(section, [])]

    def classes_of(self, person: str, *, running_on: str = "") -> list[int]:
        """The places of the classes in which somebody is enrolled; with a day, of those whose terms run on it."""
        wanted = dict.fromkeys(one.section for one in self.of_user.get(person, []))
        kept = [one for one in wanted if not running_on or self.runs(one, running_on)]
        return [self.collection("classes").place[one] for one in kept]

    def runs(self, section: str, day: str) -> bool:
        """Whether any of the class's terms runs on that day."""
        terms = (self.district.terms.get(one) for one in self.district.sections[section].terms)
        return any(term.starts <= day < term.ends for term in terms if term)
