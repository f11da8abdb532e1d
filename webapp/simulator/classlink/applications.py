"""The vendor's list of applications on the roster proxy: which districts have it, and how to read each."""

import hmac
from typing import Any

from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer
from webapp.simulator.classlink.direct import credentials
from webapp.simulator.oneroster.errors import Refused
from webapp.simulator.oneroster.query import window
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

ROSTER_KEY = "sandbox-roster-key"
Row = dict[str, Any]


def answer_applications(stage: Stage, request: Request, rest: list[str]) -> Response:
    """`/applications` and `/applications/{id}/server`, for the vendor's own key."""
    if not has_key(request):
        return as_json({"status": 0, "message": "Unauthorized"}, 401)
    if not rest:
        return list_applications(stage, request)
    district = district_of(stage, rest[0])
    if district is None or rest[1:] != ["server"]:
        return as_json({"status": 0, "message": "Not found"}, 404)
    return as_json({"status": 1, "server": server(stage, district), "message": ""})


def has_key(request: Request) -> bool:
    """Whether the request carries the vendor's own key."""
    return hmac.compare_digest(bearer(request).encode(), ROSTER_KEY.encode())


def district_of(stage: Stage, application_id: str) -> District | None:
    """The district of an application id, compared byte for byte as it stands in the path."""
    return next(
        (one for one in stage.districts if one.doors.classlink.oneroster_application_id == application_id), None
    )


def list_applications(stage: Stage, request: Request) -> Response:
    """One page of the districts that have the application; there are no count headers."""
    doors = [one.doors.classlink for one in stage.districts]
    caps = [one.classlink_applications_cap for one in doors if one.classlink_applications_cap]
    rows = [row for one in stage.districts for row in rows_of(one)]
    try:
        offset, limit = window(request.args, min(caps, default=0))
    except Refused as refused:
        return as_json({"status": 0, "message": refused.description}, 400)
    if not any(one.classlink_applications_ignore_offset for one in doors):
        rows = rows[offset : offset + limit]
    if any(one.classlink_applications_as_object for one in doors):
        return as_json({"status": 1, "applications": rows[0] if rows else {}})
    return as_json({"status": 1, "applications": rows})


def rows_of(district: District) -> list[Row]:
    """The district's row, if it is listed, after the rows of other tenants that nobody can read."""
    doors = district.doors.classlink
    own = [application(district)] if doors.classlink_listed else []
    return [other_tenant(district, place) for place in range(doors.classlink_more_tenants)] + own


def application(district: District) -> Row:
    """One district's row; `enabled` is a word, not a flag."""
    doors = district.doors.classlink
    return {
        "id": doors.pairing_id,
        "application_id": 77,
        "oneroster_application_id": doors.oneroster_application_id,
        "tenant_id": doors.tenant_id,
        "tenant_name": district.name,
        "name": "Sandbox application",
        "bearer": None if doors.classlink_bearer_null else doors.bearer,
        "enabled": "true" if doors.classlink_enabled else "false",
        "tenant_status": doors.classlink_tenant_status,
        "version": "",
    }


def other_tenant(district: District, place: int) -> Row:
    """A tenant of whom there is nothing but this row."""
    number = 1_000_000 * district.number + place
    return application(district) | {
        "id": number,
        "oneroster_application_id": f"none{number}%3D",
        "tenant_id": number,
        "tenant_name": f"Other tenant {number}",
        "bearer": f"nobody-{number}",
        "enabled": "true",
        "tenant_status": "Active",
    }


def server(stage: Stage, district: District) -> Row:
    """The credentials for reading a district's server directly."""
    address = f"{stage.url}/roster/{district.doors.classlink.oneroster_application_id}"
    return {**credentials(district), "endpoint_url": address}
