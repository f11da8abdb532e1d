"""One district as its roster server tells it, encoded once for every change."""

from collections import defaultdict
from collections.abc import Callable, Iterable

import msgspec

from webapp.simulator.oneroster.records import Json, RosterWriter
from webapp.simulator.world import District


class Collection:
    """All records of one object type, in the order in which they were made."""

    def __init__(self, records: Iterable[Json]) -> None:
        self.records = list(records)
        self.encoded = [msgspec.json.encode(record) for record in self.records]
        self.place = {record["sourcedId"]: place for place, record in enumerate(self.records)}
        self._orders: dict[str, list[int]] = {}

    def everything(self) -> list[int]:
        """The places of all records."""
        return list(range(len(self.records)))

    def ordered(self, field: str) -> list[int]:
        """The places of all records in ascending order of a field, worked out once."""
        if field not in self._orders:
            self._orders[field] = sorted(self.everything(), key=lambda place: str(self.records[place].get(field, "")))
        return self._orders[field]


class RosterShelf:
    """The collections, and the nested reads that OneRoster has beside them."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.revision = district.revision
        self._collections: dict[str, Collection] = {}
        self.in_class: dict[str, list[int]] = defaultdict(list)
        self.of_user: dict[str, list[int]] = defaultdict(list)
        for place, enrollment in enumerate(district.enrollments.values()):
            self.in_class[enrollment.section].append(place)
            self.of_user[enrollment.person].append(place)

    def collection(self, name: str) -> Collection:
        """One collection, written when it is first read."""
        if name not in self._collections:
            self._collections[name] = Collection(self.written(name))
        return self._collections[name]

    def written(self, name: str) -> Iterable[Json]:
        """The records of a collection in OneRoster's words."""
        write, district = RosterWriter(self.district), self.district
        people = district.people.values()
        everything: dict[str, Iterable[Json]] = {
            "academicSessions": map(write.session, district.terms.values()),
            "courses": map(write.course, district.courses.values()),
            "classes": map(write.section, district.sections.values()),
            "users": map(write.user, people),
            "enrollments": map(write.enrollment, district.enrollments.values()),
            "demographics": (write.demographics(one) for one in people if one.private.get("born")),
        }
        if name == "orgs":
            top = [write.district_org()] if district.sourced_id else []
            return [*top, *map(write.school, district.schools.values())]
        return everything[name]

    def where(self, collection: str, fits: Callable[[Json], bool]) -> list[int]:
        """The places of the records that fit."""
        return [place for place, record in enumerate(self.collection(collection).records) if fits(record)]

    def members(self, section: str, role: str) -> list[int]:
        """The places of a class's people of one role, each once."""
        rows = (self.collection("enrollments").records[place] for place in self.in_class.get(section, []))
        wanted = dict.fromkeys(row["user"]["sourcedId"] for row in rows if row["role"] == role)
        return [self.collection("users").place[one] for one in wanted]

    def classes_of(self, person: str) -> list[int]:
        """The places of the classes in which somebody is enrolled."""
        rows = (self.collection("enrollments").records[place] for place in self.of_user.get(person, []))
        wanted = dict.fromkeys(row["class"]["sourcedId"] for row in rows)
        return [self.collection("classes").place[one] for one in wanted]
