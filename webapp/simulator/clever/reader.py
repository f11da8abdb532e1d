"""What a district-app token may read: everything that its district shares."""

from typing import Any

from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from webapp.simulator.answers import as_json
from webapp.simulator.clever.envelope import envelope, links_first, no_route, not_found
from webapp.simulator.clever.events import EventReader
from webapp.simulator.clever.feed import catch_up
from webapp.simulator.clever.paging import Query, limit_of, links_of, page_of
from webapp.simulator.clever.relations import related
from webapp.simulator.clever.shelf import CleverShelf
from webapp.simulator.clever.users import ROLES
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

COUNTED = ("courses", "districts", "schools", "sections", "terms", "users")
USER_LINKS = {
    "student": ("district", "sections", "myContacts", "myTeachers", "schools"),
    "teacher": ("district", "sections", "myStudents", "schools"),
    "staff": ("district", "schools"),
    "district_admin": ("district",),
    "contact": ("district", "myStudents"),
}
OBJECT_LINKS = {
    "sections": ("district", "school", "term", "course", "users"),
    "schools": ("district", "sections", "users", "terms", "courses"),
    "courses": ("district", "schools", "sections"),
    "terms": ("district", "schools", "sections"),
    "districts": (),
}
WITH_RESOURCES = ("users", "sections", "courses")


class DistrictReader:
    """Answers for one district in one version."""

    def __init__(self, stage: Stage, district: District, version: str) -> None:
        self.stage = stage
        self.doors = district.doors.clever
        self.version = version
        plain = catch_up(district)
        self.shelf = stage.shelf(district, f"clever {version}", lambda _: CleverShelf(plain, version))
        self.events = EventReader(district, version, now=stage.clock())

    def answer(self, parts: list[str], query: Query) -> Response:
        """A collection, one record, or what hangs on one record."""
        answer = self.found(parts, query)
        return links_first(answer) if self.doors.clever_shuffled_keys and answer.status_code == 200 else answer

    def found(self, parts: list[str], query: Query) -> Response:
        """The same, data first."""
        collection, *rest = parts
        if self.doors.clever_without_secure_sync and collection != "districts":
            return no_route()
        if collection == "events":
            return self.events.answer(rest, query)
        if collection == "resources" and len(rest) < 3:
            return not_found(self.doors) if rest else no_resources()
        if collection not in self.shelf.sourced or len(rest) > 2:
            return no_route()
        if not rest:
            return self.collection(collection, query)
        if len(rest) == 1 or rest[0] not in self.shelf.sourced[collection]:
            return self.own(collection, rest[0])
        return self.related(collection, rest[0], rest[1], query)

    def own(self, collection: str, clever_id: str) -> Response:
        """One record, if it is shared."""
        if clever_id not in self.shelf.sourced[collection]:
            return not_found(self.doors)
        return self.one(collection, clever_id)

    def collection(self, collection: str, query: Query) -> Response:
        """A page of a whole collection, of users perhaps of one role."""
        role = query.get("role", "") if collection == "users" else ""
        if role and role not in ROLES:
            raise BadRequest(f"role {role} is not valid")
        ids = self.shelf.by_role.get(role, []) if role else list(self.shelf.sourced[collection])
        return self.page(collection, ids, f"/{self.version}/{collection}", query)

    def one(self, collection: str, clever_id: str) -> Response:
        """One record with its links; somebody of two roles has the links of both."""
        links = OBJECT_LINKS.get(collection, ())
        if collection == "users":
            roles = self.shelf.plain.roles_of(self.shelf.sourced["users"][clever_id])
            links = tuple(dict.fromkeys(link for role in roles for link in USER_LINKS[role]))
        itself = f"/{self.version}/{collection}/{clever_id}"
        around = [{"rel": rel, "uri": f"{itself}/{rel}"} for rel in links]
        return envelope(self.shelf.data(collection)[clever_id], [{"rel": "self", "uri": itself}, *around])

    def related(self, collection: str, clever_id: str, relation: str, query: Query) -> Response:
        """What hangs on one record; of a single object `self` is its own address, and there are no other links."""
        if relation == "resources" and collection in WITH_RESOURCES:
            return no_resources()
        found = related(self.shelf, collection, clever_id, relation, query)
        if found is None:
            return no_route()
        if not found.single:
            return self.page(found.collection, found.ids, f"/{self.version}/{collection}/{clever_id}/{relation}", query)
        if not found.ids:
            return not_found(self.doors)
        itself = f"/{self.version}/{found.collection}/{found.ids[0]}"
        return envelope(self.shelf.data(found.collection)[found.ids[0]], [{"rel": "self", "uri": itself}])

    def page(self, collection: str, ids: list[str], path: str, query: Query) -> Response:
        """One page of a list."""
        page = page_of(ids, query, self.doors.clever_page_cap)
        rows = [self.shelf.item(collection, one) for one in page.ids]
        if self.doors.clever_doubled_records:
            rows = rows[:1] + rows
        links = links_of(page, path, query, with_more=self.doors.clever_next_with_more)
        counted = collection in COUNTED and query.get("count") == "true"
        return envelope(b"[" + b",".join(rows) + b"]", links, self.count(len(ids), limit_of(query)) if counted else {})

    def count(self, total: int, limit: int) -> dict[str, Any]:
        """How many there are. How v3 tells it is not documented; in `paging` is how v1.2 did."""
        if self.doors.clever_count == "count":
            return {"count": total}
        return {"paging": {"current": 1, "total": -(-total // limit), "count": total}}


def no_resources() -> Response:
    """What the live service answers where nobody has resources; documents promise data and links."""
    return as_json({"resources": []})
