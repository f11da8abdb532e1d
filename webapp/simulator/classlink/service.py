"""ClassLink as the sandbox plays it."""

from collections.abc import Callable

from werkzeug.routing import Rule

from webapp.simulator.classlink import nodeapi, proxy, sso
from webapp.simulator.classlink.applications import ROSTER_KEY
from webapp.simulator.classlink.doors import PRESSES
from webapp.simulator.classlink.launchpad import LaunchPad
from webapp.simulator.played import Played
from webapp.simulator.stage import Stage


def desk(clock: Callable[[], float]) -> LaunchPad:
    """ClassLink's sign-in: a code lives five minutes, a token a day, and each answer repeats the response type."""
    return LaunchPad(
        service="ClassLink",
        key="classlink",
        portal="/home",
        prefix="/launchpad",
        client_id="c-sandbox-client",
        client_secret="classlink-sandbox-secret",
        callback_path="/auth/classlink/callback",
        code_life=300,
        token_life=86_400,
        token_prefix="",
        extra_answer={"response_type": "code"},
        clock=clock,
    )


def rules() -> list[Rule]:
    """ClassLink's own addresses; the roster proxy's are read raw."""
    return [
        Rule("/launchpad/oauth2/v2/token", endpoint=sso.exchange, methods=["POST"]),
        Rule("/launchpad/oauth2/v2/jwks", endpoint=sso.jwks, methods=["GET"]),
        Rule("/launchpad/.well-known/openid-configuration", endpoint=sso.discovery, methods=["GET"]),
        Rule("/nodeapi/v2/my/<what>", endpoint=nodeapi.answer_nodeapi, methods=["GET"]),
        Rule("/nodeapi/my/groups", endpoint=nodeapi.my_groups, methods=["GET"]),
    ]


def settings(stage: Stage) -> dict[str, str]:
    """What an application must set to use this ClassLink."""
    desk = stage.desks["classlink"]
    return {
        "ROLLBOOK_CLASSLINK_CLIENT_ID": desk.client_id,
        "ROLLBOOK_CLASSLINK_CLIENT_SECRET": desk.client_secret,
        "ROLLBOOK_CLASSLINK_ROSTER_KEY": ROSTER_KEY,
        "ROLLBOOK_CLASSLINK_LAUNCHPAD_URL": f"{stage.url}/launchpad",
        "ROLLBOOK_CLASSLINK_NODEAPI_URL": f"{stage.url}/nodeapi",
        "ROLLBOOK_CLASSLINK_ROSTER_URL": f"{stage.url}/roster",
    }


CLASSLINK = Played(
    key="classlink",
    authorize="/oauth2/v2/auth",
    api_paths=("/roster/", "/nodeapi/", "/launchpad/oauth2/"),
    browser_paths=("/launchpad/oauth2/v2/auth",),
    exchange="/launchpad/oauth2/v2/token",
    desk=desk,
    rules=rules,
    settings=settings,
    names=lambda district: {"classlink_tenant": str(district.doors.classlink.tenant_id)},
    doors=lambda district: district.doors.classlink,
    presses=PRESSES,
    shares=lambda district: district.doors.classlink.classlink_enabled,
    refuses_with_state=lambda district: district.doors.classlink.classlink_refusal_with_state,
    raw=("/roster/", proxy.answer_roster),
)
