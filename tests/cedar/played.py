"""Cedar as the sandbox plays it."""

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer, body_of, is_client
from webapp.simulator.desk import Desk
from webapp.simulator.oneroster.pages import answer
from webapp.simulator.oneroster.shelf import RosterShelf
from webapp.simulator.played import Played
from webapp.simulator.stage import Stage
from webapp.simulator.world import District


@dataclass
class CedarDoors:
    """Cedar has no switches."""


def desk(clock: Callable[[], float]) -> Desk:
    """Cedar's sign-in."""
    return Desk(
        key="cedar",
        service="Cedar",
        prefix="/cedar",
        portal="/portal",
        client_id="cedar-client",
        client_secret="cedar-secret",
        callback_path="/auth/cedar/callback",
        code_life=60,
        token_life=3600,
        token_prefix="ce",
        extra_answer={},
        clock=clock,
    )


def rules() -> list[Rule]:
    """Cedar's own addresses."""
    return [
        Rule("/cedar/token", endpoint=exchange, methods=["POST"]),
        Rule("/cedar-api/me", endpoint=me, methods=["GET"]),
        Rule("/cedar-api/districts", endpoint=districts, methods=["GET"]),
        Rule("/cedar-api/cedar-<int:number>/ims/oneroster/v1p1/<path:rest>", endpoint=roster, methods=["GET"]),
    ]


def exchange(stage: Stage, request: Request) -> Response:
    """A code for a person's token."""
    sent, own = body_of(request), stage.desks["cedar"]
    code = own.take_code(
        sent.get("code", ""), redirect_uri=sent.get("redirect_uri", ""), verifier=sent.get("code_verifier")
    )
    if code is None or not is_client(own, request):
        return as_json({"error": "invalid_grant"}, 400)
    return as_json({"access_token": own.give_token(code.visitor), "token_type": "Bearer"})


def me(stage: Stage, request: Request) -> Response:
    """Who a token belongs to."""
    found = stage.person(stage.desks["cedar"].holder(bearer(request)))
    if found is None:
        return as_json({}, 401)
    district, person = found
    names = {"given": person.given, "family": person.family}
    return as_json({"district": name(district), "id": person.sourced_id, **names})


def districts(stage: Stage, request: Request) -> Response:
    """Every district, with its token."""
    if not is_client(stage.desks["cedar"], request):
        return as_json({}, 401)
    rows = [{"id": name(one), "name": one.name, "token": token(one)} for one in stage.districts]
    return as_json({"districts": rows})


def roster(stage: Stage, request: Request, number: int, rest: str) -> Response:
    """A district's OneRoster."""
    district = stage.district(number)
    if district is None or bearer(request) != token(district):
        return as_json({}, 401)
    return answer(stage.shelf(district, "cedar", RosterShelf), rest.split("/"), request.args)


def name(district: District) -> str:
    """What Cedar calls a district."""
    return f"cedar-{district.number}"


def token(district: District) -> str:
    """The token that reads a district's roster."""
    return f"token-of-{name(district)}"


def settings(stage: Stage) -> dict[str, str]:
    """What an application must set to use this Cedar."""
    own = stage.desks["cedar"]
    return {
        "ROLLBOOK_CEDAR_CLIENT_ID": own.client_id,
        "ROLLBOOK_CEDAR_CLIENT_SECRET": own.client_secret,
        "ROLLBOOK_CEDAR_URL": stage.url,
    }


CEDAR = Played(
    key="cedar",
    authorize="/authorize",
    api_paths=("/cedar-api/", "/cedar/token"),
    browser_paths=(),
    exchange="/cedar/token",
    desk=desk,
    rules=rules,
    settings=settings,
    names=lambda district: {"cedar_district": name(district)},
    doors=lambda district: CedarDoors(),
    presses={},
    shares=lambda district: True,
)
