"""A district's records as Clever's JSON, made once for every change."""

from collections.abc import Callable, Mapping

import msgspec

from webapp.simulator.clever.dress import Dress
from webapp.simulator.clever.records import CleverWriter, Json
from webapp.simulator.clever.users import UserWriter, clever_role
from webapp.simulator.clever.versions import in_version
from webapp.simulator.clever.view import as_clever_sees
from webapp.simulator.index import Index
from webapp.simulator.world import District, Record, Term

COLLECTIONS = ("districts", "schools", "terms", "courses", "users", "sections")


class PlainShelf:
    """Records by collection and ascending Clever id, as v3.1 has them, written at once: the district may change."""

    def __init__(self, district: District) -> None:
        self.revision = district.revision
        seen = as_clever_sees(district)
        self.district, self.parts = seen.district, seen.parts
        self.index = Index(self.district)
        self.sourced: dict[str, dict[str, str]] = {
            "districts": {district.clever_id: district.sourced_id},
            "schools": ids(self.district.schools),
            "terms": ids({one.sourced_id: one for one in self.shared_terms()}),
            "courses": ids(self.district.courses),
            "users": ids(self.district.people),
            "sections": ids(self.district.sections),
        }
        self.by_role: dict[str, list[str]] = {}
        for user, sourced_id in self.sourced["users"].items():
            for role in self.roles_of(sourced_id):
                self.by_role.setdefault(role, []).append(user)
        self.data = {collection: self.written(collection) for collection in COLLECTIONS}

    def roles_of(self, user: str) -> list[str]:
        """The roles of the user with that sourced id, each once."""
        return list(dict.fromkeys(clever_role(one) for one in self.parts[user]))

    def shared_terms(self) -> list[Term]:
        """Terms and semesters, and whatever else a section names; Clever knows no school years."""
        named = {term for section in self.district.sections.values() for term in section.terms[:1]}
        terms = self.district.terms.values()
        return [one for one in terms if one.kind in ("term", "semester") or one.sourced_id in named]

    def written(self, collection: str) -> dict[str, bytes]:
        """Each record's JSON by its Clever id."""
        write = self.writer(collection)
        return {clever_id: msgspec.json.encode(write(one)) for clever_id, one in self.sourced[collection].items()}

    def writer(self, collection: str) -> Callable[[str], Json]:
        """What puts one record of a collection into Clever's words."""
        district, write = self.district, CleverWriter(self.district, self.index)
        users = UserWriter(district, self.index, self.parts)
        return {
            "districts": lambda _: write.district_json(),
            "schools": lambda one: write.school_json(district.schools[one]),
            "terms": lambda one: write.term_json(district.terms[one]),
            "courses": lambda one: write.course_json(district.courses[one]),
            "users": lambda one: users.user_json(district.people[one]),
            "sections": lambda one: write.section_json(district.sections[one]),
        }[collection]


class CleverShelf:
    """The same records as one version of the API shows them, in the dress that the switches ask for."""

    def __init__(self, plain: PlainShelf, version: str) -> None:
        self.plain = plain
        self.version = version
        self.district, self.index = plain.district, plain.index
        self.sourced, self.by_role = plain.sourced, plain.by_role
        self.dress = Dress(plain.district.doors.clever)
        self._data: dict[str, dict[str, bytes]] = {}

    def data(self, collection: str) -> dict[str, bytes]:
        """Each record's JSON by its Clever id."""
        if self.version == "v3.1" and self.dress.plain:
            return self.plain.data[collection]
        if collection not in self._data:
            plain = self.plain.data[collection].items()
            self._data[collection] = {key: self.dressed(collection, one) for key, one in plain}
        return self._data[collection]

    def dressed(self, collection: str, record: bytes) -> bytes:
        """One record's JSON as this version shows it."""
        known: Json = in_version(self.version, collection, msgspec.json.decode(record))
        return msgspec.json.encode(self.dress.record(collection, known))

    def item(self, collection: str, clever_id: str) -> bytes:
        """One record as it stands in a list."""
        uri = f"/{self.version}/{collection}/{clever_id}".encode()
        return b'{"data":' + self.data(collection)[clever_id] + b',"uri":"' + uri + b'"}'


def ids(records: Mapping[str, Record]) -> dict[str, str]:
    """Sourced ids by Clever id, Clever ids ascending."""
    return dict(sorted((record.clever_id, record.sourced_id) for record in records.values()))
