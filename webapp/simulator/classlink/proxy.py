"""ClassLink's roster proxy: the list of applications, and each district's OneRoster 1.1 behind it."""

import hmac
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import bearer
from webapp.simulator.classlink.applications import answer_applications, district_of, has_key
from webapp.simulator.classlink.direct import is_signed
from webapp.simulator.classlink.launchpad import launchpad_of
from webapp.simulator.moves import CannotMove, Wish, make_move
from webapp.simulator.oneroster.errors import Refused, failure
from webapp.simulator.oneroster.pages import answer
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

ROOT = ["ims", "oneroster", "v1p1"]
OLD_PREFIX = ["proxy", "v1p0"]


def answer_roster(stage: Stage, request: Request) -> Response:
    """Anything on the proxy's host. Paths are read raw: an application id encoded once more is another id."""
    raw = str(request.environ["RAW_PATH"]).removeprefix("/roster/").split("/")
    if raw[0] == "applications":
        return answer_applications(stage, request, raw[1:])
    parts = raw[2:] if raw[:2] == OLD_PREFIX else raw
    district = district_of(stage, parts[0]) if parts else None
    if district is None or parts[1:4] != ROOT or len(parts) < 5:
        return failure(Refused(404, "unknown object", "no such application or path"), "")
    try:
        admit(stage, district, request)
    except Refused as refused:
        return failure(refused, district.doors.classlink.oneroster_errors)
    return answer_oneroster(stage, district, [unquote(part) for part in parts[4:]], request)


def admit(stage: Stage, district: District, request: Request) -> None:
    """Let the request in. Raises Refused."""
    doors = district.doors.classlink
    good = hmac.compare_digest(bearer(request).encode(), doors.bearer.encode())
    by_bearer = has_key(request) if doors.classlink_bearer_null else good
    if not by_bearer and not is_signed(request, district, stage.url):
        raise Refused(401, "unauthorized", "the bearer is not valid for this application")
    if doors.classlink_refuses == "401":
        raise Refused(401, "unauthorized", "this application may not read")
    if doors.classlink_refuses or not doors.classlink_enabled:
        raise Refused(403, "forbidden", "the district has disabled this application")


def answer_oneroster(stage: Stage, district: District, parts: list[str], request: Request) -> Response:
    """A page of records, or one record, with the revision that it belongs to."""
    launchpad = launchpad_of(stage)
    shelf = launchpad.shelf(district)
    told = answer(shelf, parts, request.args)
    if told.status_code < 400 and (revision := launchpad.revision(shelf)):
        told.headers["x-perm-rev"] = revision
    count_down(stage, district)
    return told


def count_down(stage: Stage, district: District) -> None:
    """Let a student leave a class after as many answers as the switch says: pages that were read no longer fit."""
    doors = district.doors.classlink
    if doors.oneroster_changes_after < 1:
        return
    doors.oneroster_changes_after -= 1
    if doors.oneroster_changes_after == 0:
        try:
            make_move(district, Wish(move="student_leaves"))
        except CannotMove:
            district.touched()  # nobody is left to leave: the permissions change alone
        stage.keep()
