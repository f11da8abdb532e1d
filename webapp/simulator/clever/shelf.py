"""One district as one version of Clever's API tells it, encoded once for every change."""

from collections.abc import Callable, Mapping

import msgspec

from webapp.simulator.clever.records import CleverWriter, Json, clever_role
from webapp.simulator.index import Index
from webapp.simulator.world import District, Record, Term


class CleverShelf:
    """Records by collection and ascending Clever id; a collection is written when it is first read."""

    def __init__(self, district: District, version: str) -> None:
        self.district = district
        self.version = version
        self.index = Index(district)
        self.sourced: dict[str, dict[str, str]] = {
            "districts": {district.clever_id: district.sourced_id},
            "schools": ids(district.schools),
            "terms": ids({one.sourced_id: one for one in self.shared_terms()}),
            "courses": ids(district.courses),
            "sections": ids(district.sections),
            "users": ids(district.people),
        }
        self.by_role: dict[str, list[str]] = {}
        for user, sourced_id in self.sourced["users"].items():
            self.by_role.setdefault(clever_role(district.people[sourced_id]), []).append(user)
        self._data: dict[str, dict[str, bytes]] = {}

    def shared_terms(self) -> list[Term]:
        """Terms and semesters, and whatever else a section names; Clever knows no school years."""
        named = {term for section in self.district.sections.values() for term in section.terms[:1]}
        terms = self.district.terms.values()
        return [one for one in terms if one.kind in ("term", "semester") or one.sourced_id in named]

    def data(self, collection: str) -> dict[str, bytes]:
        """Each record's JSON by its Clever id."""
        if collection not in self._data:
            write = self.writer(collection)
            known = self.sourced[collection].items()
            self._data[collection] = {clever_id: msgspec.json.encode(write(one)) for clever_id, one in known}
        return self._data[collection]

    def writer(self, collection: str) -> Callable[[str], Json]:
        """What puts one record of a collection into Clever's words."""
        write, district = CleverWriter(self.district, self.index, self.version), self.district
        return {
            "districts": lambda _: write.district_json(),
            "schools": lambda one: write.school_json(district.schools[one]),
            "terms": lambda one: write.term_json(district.terms[one]),
            "courses": lambda one: write.course_json(district.courses[one]),
            "sections": lambda one: write.section_json(district.sections[one]),
            "users": lambda one: write.user_json(district.people[one]),
        }[collection]

    def item(self, collection: str, clever_id: str) -> bytes:
        """One record as it stands in a list."""
        uri = f"/{self.version}/{collection}/{clever_id}".encode()
        return b'{"data":' + self.data(collection)[clever_id] + b',"uri":"' + uri + b'"}'


def ids(records: Mapping[str, Record]) -> dict[str, str]:
    """Sourced ids by Clever id, Clever ids ascending."""
    return dict(sorted((record.clever_id, record.sourced_id) for record in records.values()))
