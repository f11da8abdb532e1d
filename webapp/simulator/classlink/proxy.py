"""ClassLink's roster proxy: the list of applications, and each district's OneRoster 1.1 behind it."""

import hmac
from itertools import count
from typing import Any
from urllib.parse import unquote

import msgspec
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer
from webapp.simulator.oneroster.paths import SINGULAR, Found, find
from webapp.simulator.oneroster.query import fields_of, selected, window
from webapp.simulator.oneroster.shelf import RosterShelf
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

MESSAGES = count(1)
ROSTER_KEY = "sandbox-roster-key"
ROOT = ["ims", "oneroster", "v1p1"]


def answer_roster(stage: Stage, request: Request) -> Response:
    """Anything on the proxy's host. Paths are read raw: an application id encoded once more is another id."""
    raw = str(request.environ["RAW_PATH"]).removeprefix("/roster/").split("/")
    if raw[0] == "applications":
        return answer_applications(stage, request, raw[1:])
    district = next((one for one in stage.districts if one.doors.classlink.oneroster_application_id == raw[0]), None)
    if district is None or raw[1:4] != ROOT or len(raw) < 5:
        return failure(404, "unknownobject", "no such application or path")
    if not hmac.compare_digest(bearer(request).encode(), district.doors.classlink.bearer.encode()):
        return failure(401, "unauthorisedrequest", "the bearer is not valid for this application")
    if not district.doors.classlink.classlink_enabled:
        return failure(403, "unauthorisedrequest", "the district has disabled this application")
    return answer_oneroster(stage, district, [unquote(part) for part in raw[4:]], request)


def answer_applications(stage: Stage, request: Request, rest: list[str]) -> Response:
    """`/applications` and `/applications/{id}/server`, for the vendor's own key."""
    if not hmac.compare_digest(bearer(request).encode(), ROSTER_KEY.encode()):
        return as_json({"status": 0, "message": "Unauthorized"}, 401)
    if not rest:
        return list_applications(stage, request)
    district = next((one for one in stage.districts if one.doors.classlink.oneroster_application_id == rest[0]), None)
    if district is None or rest[1:] != ["server"]:
        return as_json({"status": 0, "message": "Not found"}, 404)
    server = {
        "client_id": f"roster-client-{district.number}",
        "client_secret": f"roster-secret-{district.number}",
        "endpoint_url": f"{stage.url}/roster/{district.doors.classlink.oneroster_application_id}",
    }
    return as_json({"status": 1, "server": server, "message": ""})


def list_applications(stage: Stage, request: Request) -> Response:
    """One page of the districts that have the application; there are no count headers."""
    try:
        offset, limit = window(request.args, None)
    except BadRequest as refused:
        return as_json({"status": 0, "message": refused.description}, 400)
    rows = [application(one) for one in stage.districts[offset : offset + limit]]
    return as_json({"status": 1, "applications": rows})


def application(district: District) -> dict[str, Any]:
    """One district's row; `enabled` is a word, not a flag."""
    doors = district.doors.classlink
    return {
        "id": doors.pairing_id,
        "application_id": 77,
        "oneroster_application_id": doors.oneroster_application_id,
        "tenant_id": doors.tenant_id,
        "tenant_name": district.name,
        "name": "Sandbox application",
        "bearer": doors.bearer,
        "enabled": "true" if doors.classlink_enabled else "false",
        "tenant_status": "Active",
        "version": "",
    }


def answer_oneroster(stage: Stage, district: District, parts: list[str], request: Request) -> Response:
    """A page of records, or one record."""
    shelf = stage.shelf(district, "oneroster", RosterShelf)
    found = find(shelf, [part for part in parts if part])
    if found is None:
        return failure(404, "unknownobject", "no such record or path")
    try:
        answer = answer_found(shelf, found, request)
    except BadRequest as refused:
        return failure(400, "invaliddata", str(refused.description))
    answer.headers["x-perm-rev"] = str(1000 + shelf.revision)
    return answer


def answer_found(shelf: RosterShelf, found: Found, request: Request) -> Response:
    """The records in their envelope, with ClassLink's two counts."""
    collection = shelf.collection(found.collection)
    if found.single:
        key = SINGULAR[found.collection].encode()
        return json_bytes(b'{"' + key + b'":' + collection.encoded[found.places[0]] + b"}")
    places = selected(collection, found, request.args)
    offset, limit = window(request.args, shelf.district.doors.classlink.classlink_page_cap)
    shown = places[offset : offset + limit]
    fields = fields_of(collection, request.args)
    if fields is None:
        rows = [collection.encoded[place] for place in shown]
    else:
        records = (collection.records[place] for place in shown)
        rows = [msgspec.json.encode({key: one[key] for key in fields if key in one}) for one in records]
    answer = json_bytes(b'{"' + found.collection.encode() + b'":[' + b",".join(rows) + b"]}")
    answer.headers.update({"x-count": str(len(shown)), "x-total-count": str(len(places))})
    return answer


def json_bytes(body: bytes) -> Response:
    """A JSON answer that is encoded already."""
    return Response(body, mimetype="application/json")


def failure(status: int, minor: str, description: str) -> Response:
    """OneRoster 1.1's status object."""
    field = {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}
    body = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_messageRefIdentifier": str(next(MESSAGES)),
        "imsx_description": description,
        "imsx_CodeMinor": {"imsx_codeMinorField": [field]},
    }
    return as_json(body, status)
