"""One district as one version of Clever's API tells it, encoded once for every change."""

import msgspec

from webapp.simulator.clever_json import CleverWriter, Json, clever_role
from webapp.simulator.index import Index
from webapp.simulator.world import District, Term


class CleverShelf:
    """Records by collection and Clever id, in ascending order of the id."""

    def __init__(self, district: District, version: str) -> None:
        self.district = district
        self.version = version
        self.index = Index(district)
        write = CleverWriter(district, self.index, version)
        self.data: dict[str, dict[str, bytes]] = {
            "districts": encoded([write.district_json()]),
            "schools": encoded([write.school_json(one) for one in district.schools.values()]),
            "terms": encoded([write.term_json(one) for one in self.shared_terms()]),
            "courses": encoded([write.course_json(one) for one in district.courses.values()]),
            "sections": encoded([write.section_json(one) for one in district.sections.values()]),
            "users": encoded([write.user_json(one) for one in district.people.values()]),
        }
        self.sourced: dict[str, dict[str, str]] = {
            name: {record.clever_id: record.sourced_id for record in records.values()}
            for name, records in (
                ("schools", district.schools),
                ("terms", district.terms),
                ("courses", district.courses),
                ("sections", district.sections),
                ("users", district.people),
            )
        }
        self.by_role: dict[str, list[str]] = {}
        for user in self.data["users"]:
            role = clever_role(district.people[self.sourced["users"][user]])
            self.by_role.setdefault(role, []).append(user)

    def shared_terms(self) -> list[Term]:
        """Terms and semesters, and whatever else a section names; Clever knows no school years."""
        named = {term for section in self.district.sections.values() for term in section.terms[:1]}
        terms = self.district.terms.values()
        return [one for one in terms if one.kind in ("term", "semester") or one.sourced_id in named]

    def item(self, collection: str, clever_id: str) -> bytes:
        """One record as it stands in a list."""
        uri = f"/{self.version}/{collection}/{clever_id}".encode()
        return b'{"data":' + self.data[collection][clever_id] + b',"uri":"' + uri + b'"}'


def encoded(records: list[Json]) -> dict[str, bytes]:
    """Each record's JSON by its id, ids ascending."""
    return {record["id"]: msgspec.json.encode(record) for record in sorted(records, key=lambda one: str(one["id"]))}
