"""Clever's data API: who asks, how often they may, and what they get."""

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import bearer
from webapp.simulator.clever.access import district_of, person_of, refused_token
from webapp.simulator.clever.deletion import delete_between_pages
from webapp.simulator.clever.envelope import no_route, refused
from webapp.simulator.clever.identity import user_of, userinfo, who_am_i
from webapp.simulator.clever.paging import Query
from webapp.simulator.clever.reader import DistrictReader
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person


def answer_data(stage: Stage, request: Request, version: str, rest: str) -> Response:
    """Anything below `/v3.0` or `/v3.1`."""
    token = bearer(request)
    district, mine = district_of(stage, token), person_of(stage, token)
    if district is None and mine is None:
        return refused_token(stage, token)
    limit = district.doors.clever.clever_rate_limit if district else 1200
    allowed, headers = stage.rate_limit.spend(token, limit)
    if not allowed:
        return Response(status=429, headers=headers)
    if district:
        answer = answer_district(stage, district, version, rest, request.args)
    else:
        answer = answer_user(stage, version, rest, request.args, mine) if mine else no_route()
    answer.headers.update(headers)
    return answer


def answer_district(stage: Stage, district: District, version: str, rest: str, query: Query) -> Response:
    """What a district-app token gets."""
    delete_between_pages(district, rest, query)
    try:
        return DistrictReader(stage, district, version).answer(rest.split("/"), query)
    except HTTPException as error:
        return refused(district.doors.clever, error.description or error.name, error.code or 400)


def answer_user(stage: Stage, version: str, rest: str, query: Query, mine: tuple[District, Person]) -> Response:
    """A user's own token reads who they are, their own record and their district; any page or list is an HTML 404."""
    district, person = mine
    if "limit" in query:
        return no_route()
    if rest == "me":
        return who_am_i(version, district, person)
    if rest in (f"users/{user_of(district, person).clever_id}", f"districts/{district.clever_id}"):
        return DistrictReader(stage, district, version).own(*rest.split("/"))
    return no_route()


def answer_userinfo(stage: Stage, request: Request) -> Response:
    """`/userinfo` for whoever's token it is."""
    token = bearer(request)
    mine = person_of(stage, token)
    return userinfo(*mine) if mine else refused_token(stage, token)
