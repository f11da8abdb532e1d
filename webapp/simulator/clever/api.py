"""Clever's data API: what a district-app token may read, and the little that a user's own token may."""

from collections.abc import Mapping
from typing import Any

import msgspec
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer
from webapp.simulator.clever.paging import Page, limit_of, links_of, page_of
from webapp.simulator.clever.records import clever_role, legacy_id
from webapp.simulator.clever.relations import related
from webapp.simulator.clever.shelf import CleverShelf
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person

COUNTED = ("courses", "districts", "schools", "sections", "terms", "users")
ROLES = ("student", "teacher", "staff", "district_admin", "contact")
NO_ROUTE = "<!DOCTYPE html><html><body><h1>404 Not Found</h1><p>No such page for this token.</p></body></html>"
OBJECT_LINKS = {
    "student": ("district", "sections", "myContacts", "myTeachers", "schools"),
    "teacher": ("district", "sections", "myStudents", "schools"),
    "staff": ("district", "schools"),
    "district_admin": ("district",),
    "contact": ("district", "myStudents"),
    "sections": ("district", "school", "term", "course", "users"),
    "schools": ("district", "sections", "users", "terms", "courses"),
    "courses": ("district", "schools", "sections"),
    "terms": ("district", "schools", "sections"),
    "districts": (),
}


def answer_data(stage: Stage, request: Request, version: str, rest: str) -> Response:
    """Anything below `/v3.0` or `/v3.1`."""
    token = bearer(request)
    district = district_of(stage, token)
    mine = connected(stage.person(stage.desks["clever"].holder(token)))
    if district is None and mine is None:
        return unknown_token()
    limit = district.doors.clever.clever_rate_limit if district else 1200
    allowed, headers = stage.rate_limit.spend(token, limit)
    if not allowed:
        return Response(status=429, headers=headers)
    try:
        if district:
            answer = DistrictReader(stage, district, version).answer(rest.split("/"), request.args)
        else:
            answer = answer_user(stage, version, rest, mine) if mine else no_route()
    except HTTPException as refused:
        answer = as_json({"message": refused.description}, refused.code or 400)
    answer.headers.update(headers)
    return answer


def district_of(stage: Stage, token: str) -> District | None:
    """The connected district whose district-app token this is."""
    doors = ((one.doors.clever.clever_token, one) for one in stage.districts if one.doors.clever.clever_connected)
    return next((district for known, district in doors if known == token), None)


def connected(mine: tuple[District, Person] | None) -> tuple[District, Person] | None:
    """The same person, unless their district has disconnected the application."""
    return mine if mine and mine[0].doors.clever.clever_connected else None


def shelf_of(stage: Stage, district: District, version: str) -> CleverShelf:
    """The district's records as that version shows them."""
    return stage.shelf(district, f"clever {version}", lambda one: CleverShelf(one, version))


class DistrictReader:
    """Answers for a district-app token: everything that its district shares."""

    def __init__(self, stage: Stage, district: District, version: str) -> None:
        self.district = district
        self.version = version
        self.shelf = shelf_of(stage, district, version)

    def answer(self, parts: list[str], query: Mapping[str, str]) -> Response:
        """A collection, one record, or what hangs on one record."""
        collection, *rest = parts
        if collection not in self.shelf.sourced or len(rest) > 2:
            return no_route()
        if not rest:
            return self.collection(collection, query)
        if rest[0] not in self.shelf.sourced[collection]:
            return as_json({"error": "Resource not found"}, 404)
        return self.one(collection, rest[0]) if len(rest) == 1 else self.related(collection, rest[0], rest[1], query)

    def collection(self, collection: str, query: Mapping[str, str]) -> Response:
        """A page of a whole collection, of users perhaps of one role."""
        role = query.get("role", "") if collection == "users" else ""
        if role and role not in ROLES:
            raise BadRequest(f"role {role} is not valid")
        ids = self.shelf.by_role.get(role, []) if role else list(self.shelf.sourced[collection])
        return self.page(collection, ids, f"/{self.version}/{collection}", query)

    def one(self, collection: str, clever_id: str) -> Response:
        """One record with its links."""
        kind = collection
        if collection == "users":
            kind = clever_role(self.district.people[self.shelf.sourced["users"][clever_id]])
        itself = f"/{self.version}/{collection}/{clever_id}"
        links = [{"rel": rel, "uri": f"{itself}/{rel}"} for rel in OBJECT_LINKS[kind]]
        return envelope(self.shelf.data(collection)[clever_id], [{"rel": "self", "uri": itself}, *links])

    def related(self, collection: str, clever_id: str, relation: str, query: Mapping[str, str]) -> Response:
        """What hangs on one record; of a single object `self` is its own address, and there are no other links."""
        found = related(self.shelf, collection, clever_id, relation, query)
        if found is None:
            return no_route()
        if not found.single:
            return self.page(found.collection, found.ids, f"/{self.version}/{collection}/{clever_id}/{relation}", query)
        if not found.ids:
            return as_json({"error": "Resource not found"}, 404)
        itself = f"/{self.version}/{found.collection}/{found.ids[0]}"
        return envelope(self.shelf.data(found.collection)[found.ids[0]], [{"rel": "self", "uri": itself}])

    def page(self, collection: str, ids: list[str], path: str, query: Mapping[str, str]) -> Response:
        """One page of a list."""
        page: Page = page_of(ids, query, self.district.doors.clever.clever_page_cap)
        listed = b"[" + b",".join([self.shelf.item(collection, one) for one in page.ids]) + b"]"
        more: dict[str, Any] = {}
        if query.get("count") == "true" and collection in COUNTED:
            # How v3 tells the count is not documented; this is how v1.2 did.
            pages = -(-len(ids) // limit_of(query))
            more["paging"] = {"current": 1, "total": pages, "count": len(ids)}
        return envelope(listed, links_of(page, path, query), more)


def answer_user(stage: Stage, version: str, rest: str, mine: tuple[District, Person]) -> Response:
    """A user's own token reads who they are, their own record and their district; any other page is an HTML 404."""
    district, person = mine
    if rest == "me":
        return who_am_i(version, district, person)
    if rest in (f"users/{person.clever_id}", f"districts/{district.clever_id}"):
        return DistrictReader(stage, district, version).answer(rest.split("/"), {})
    return no_route()


def who_am_i(version: str, district: District, person: Person) -> Response:
    """`/me`: an id and a district, neither name nor role."""
    links = [
        {"rel": "self", "uri": "/me"},
        {"rel": "canonical", "uri": f"/{version}/users/{person.clever_id}"},
        {"rel": "district", "uri": f"/{version}/districts/{district.clever_id}"},
    ]
    data = {"id": person.clever_id, "district": district.clever_id, "type": "user", "authorized_by": "district"}
    return as_json({"type": "user", "data": data, "links": links})


def answer_userinfo(stage: Stage, request: Request) -> Response:
    """`/userinfo`: the signed-in person in the words of OpenID Connect."""
    mine = connected(stage.person(stage.desks["clever"].holder(bearer(request))))
    if mine is None:
        return unknown_token()
    district, person = mine
    schools = [district.schools[one].clever_id for one in person.schools if one in district.schools]
    return as_json(
        {
            "sub": person.clever_id,
            "user_id": legacy_id(person) if person.kind != "student" else person.clever_id,
            "multi_role_user_id": person.clever_id,
            "user_type": clever_role(person),
            "district_id": district.clever_id,
            "district": district.clever_id,
            "email": person.email,
            "email_verified": False,
            "name": {"first": person.given, "last": person.family, "middle": person.middle},
            "given_name": person.given,
            "family_name": person.family,
            "schools": schools,
            "authorized_by": "district",
        }
    )


def envelope(data: bytes, links: list[dict[str, str]], more: dict[str, Any] | None = None) -> Response:
    """Clever's envelope around data that is encoded already."""
    tail = msgspec.json.encode({"links": links} | (more or {}))
    return Response(b'{"data":' + data + b"," + tail[1:], mimetype="application/json")


def unknown_token() -> Response:
    """What a token that is not known, expired, rotated or disconnected gets."""
    answer = as_json({"code": 101, "error": "Unrecognized token string", "data": {}}, 401)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def no_route() -> Response:
    """An address that this token may not use: HTML, not JSON."""
    return Response(NO_ROUTE, 404, mimetype="text/html")
