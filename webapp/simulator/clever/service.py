"""Clever as the sandbox plays it."""

from collections.abc import Callable
from datetime import date

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from webapp.simulator import sso as desks
from webapp.simulator.clever import api, sso
from webapp.simulator.clever.doors import PRESSES
from webapp.simulator.desk import Desk
from webapp.simulator.played import Played
from webapp.simulator.stage import Stage


def desk(clock: Callable[[], float]) -> Desk:
    """Clever's sign-in: a code lives a minute, a user's token two hours."""
    return Desk(
        service="Clever",
        key="clever",
        portal="/portal",
        prefix="/clever",
        client_id="clever-sandbox-client",
        client_secret="clever-sandbox-secret",
        callback_path="/auth/clever/callback",
        code_life=60,
        token_life=7200,
        token_prefix="il",
        extra_answer={},
        clock=clock,
    )


def rules() -> list[Rule]:
    """Clever's own addresses."""
    return [
        Rule("/clever/oauth/instant-login", endpoint=instant_login, methods=["GET"]),
        Rule("/clever/oauth/tokens", endpoint=sso.exchange, methods=["POST"]),
        Rule("/clever/oauth/tokens", endpoint=sso.list_tokens, methods=["GET"]),
        Rule("/clever/oauth/tokeninfo", endpoint=sso.token_info, methods=["GET"]),
        Rule("/clever/oauth/certs", endpoint=sso.certificates, methods=["GET"]),
        Rule("/clever/.well-known/openid-configuration", endpoint=sso.discovery, methods=["GET"]),
        Rule("/clever-api/userinfo", endpoint=api.answer_userinfo, methods=["GET"]),
        Rule('/clever-api/<any("v3.0", "v3.1"):version>/<path:rest>', endpoint=api.answer_data),
    ]


def instant_login(stage: Stage, request: Request) -> Response:
    """A link in a district's own pages."""
    return desks.instant_login(stage, stage.desks["clever"], request)


def settings(stage: Stage) -> dict[str, str]:
    """What an application must set to use this Clever."""
    desk = stage.desks["clever"]
    return {
        "ROLLBOOK_CLEVER_CLIENT_ID": desk.client_id,
        "ROLLBOOK_CLEVER_CLIENT_SECRET": desk.client_secret,
        "ROLLBOOK_CLEVER_OAUTH_URL": f"{stage.url}/clever",
        "ROLLBOOK_CLEVER_API_URL": f"{stage.url}/clever-api",
    }


CLEVER = Played(
    key="clever",
    authorize="/oauth/authorize",
    api_paths=("/clever-api/", "/clever/oauth/"),
    browser_paths=("/clever/oauth/authorize", "/clever/oauth/instant-login"),
    exchange="/clever/oauth/tokens",
    desk=desk,
    rules=rules,
    settings=settings,
    names=lambda district: {"clever_district": district.clever_id},
    doors=lambda district: district.doors.clever,
    presses=PRESSES,
    shares=lambda district: district.doors.clever.lets_people_in(date.today()),
)
