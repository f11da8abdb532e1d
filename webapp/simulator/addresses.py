"""Every address of the sandbox, and who answers it."""

from collections.abc import Callable
from functools import partial

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from webapp.simulator import classlink_roster, classlink_sso, clever_api, clever_sso, pages, sso, steering
from webapp.simulator.meter import service_of
from webapp.simulator.stage import Stage

Endpoint = Callable[..., Response]


def routes(stage: Stage) -> Map:
    """The addresses of one sandbox."""
    return Map(
        [
            Rule("/", endpoint=pages.front, methods=["GET"]),
            *steering_rules(),
            *desk_rules("/clever", "/oauth/authorize", "/portal", partial(on_desk, stage.clever)),
            Rule("/clever/oauth/instant-login", endpoint=on_desk(stage.clever, sso.instant_login), methods=["GET"]),
            Rule("/clever/oauth/tokens", endpoint=clever_sso.exchange, methods=["POST"]),
            Rule("/clever/oauth/tokens", endpoint=clever_sso.list_tokens, methods=["GET"]),
            Rule("/clever/oauth/tokeninfo", endpoint=clever_sso.token_info, methods=["GET"]),
            Rule("/clever-api/userinfo", endpoint=clever_api.answer_userinfo, methods=["GET"]),
            Rule('/clever-api/<any("v3.0", "v3.1"):version>/<path:rest>', endpoint=clever_api.answer_data),
            *desk_rules("/launchpad", "/oauth2/v2/auth", "/home", partial(on_desk, stage.classlink)),
            Rule("/launchpad/oauth2/v2/token", endpoint=classlink_sso.exchange, methods=["POST"]),
            Rule("/launchpad/oauth2/v2/jwks", endpoint=classlink_sso.jwks, methods=["GET"]),
            Rule("/launchpad/.well-known/openid-configuration", endpoint=classlink_sso.discovery, methods=["GET"]),
            Rule("/nodeapi/v2/my/<what>", endpoint=classlink_sso.answer_nodeapi, methods=["GET"]),
        ],
        merge_slashes=False,
    )


def on_desk(desk: object, answer: Endpoint) -> Endpoint:
    """The same answer for one of the two desks."""
    return lambda stage, request, **values: answer(stage, desk, request, **values)


def desk_rules(prefix: str, authorize: str, portal: str, at: Callable[[Endpoint], Endpoint]) -> list[Rule]:
    """What both services have in the same shape."""
    return [
        Rule(prefix + authorize, endpoint=at(sso.authorize), methods=["GET", "POST"]),
        Rule(prefix + portal, endpoint=at(sso.portal), methods=["GET", "POST"]),
        Rule(prefix + "/sign-out", endpoint=at(sso.sign_out), methods=["POST"]),
        Rule(prefix + "/sandbox-session", endpoint=at(sso.sandbox_session), methods=["POST"]),
    ]


def steering_rules() -> list[Rule]:
    """Steering: never struck by a fault."""
    one = "/sandbox/districts/<int:number>"
    return [
        Rule("/sandbox/sandbox.css", endpoint=pages.stylesheet, methods=["GET"]),
        Rule("/sandbox/districts", endpoint=steering.list_districts, methods=["GET"]),
        Rule("/sandbox/districts", endpoint=steering.add_district, methods=["POST"]),
        Rule(f"{one}/truth", endpoint=steering.show_truth, methods=["GET"]),
        Rule(f"{one}/moves", endpoint=steering.move, methods=["POST"]),
        Rule(f"{one}/happen", endpoint=steering.move_by_button, methods=["POST"]),
        Rule(f"{one}/switches", endpoint=steering.switch, methods=["POST"]),
        Rule("/sandbox/faults", endpoint=steering.add_fault, methods=["POST"]),
        Rule("/sandbox/faults", endpoint=steering.clear_faults, methods=["DELETE"]),
        Rule("/sandbox/requests", endpoint=steering.show_requests, methods=["GET"]),
        Rule("/sandbox/requests", endpoint=steering.reset_requests, methods=["DELETE"]),
        Rule("/sandbox/public-url", endpoint=steering.set_public_url, methods=["POST"]),
    ]


class Answerer:
    """Counts a request, lets a fault strike it or not, and finds who answers it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.routes = routes(stage)

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        address = request.full_path.rstrip("?")
        service = service_of(request.path)
        self.stage.meter.saw(request.method, request.path, address)
        fault = self.stage.faults.take(service, address) if service else None
        if fault:
            return self.stage.faults.answer(fault, lambda: self.honest(request))
        return self.honest(request)

    def honest(self, request: Request) -> Response:
        """The answer of whoever the address belongs to; one at a time, so that nobody reads a district in mid-move."""
        with self.stage.lock:
            return self.routed(request)

    def routed(self, request: Request) -> Response:
        """The answer that the request's path and method lead to."""
        if request.path.startswith("/roster/"):  # by its raw path: an application id may hold an encoded slash
            return classlink_roster.answer_roster(self.stage, request)
        try:
            endpoint, values = self.routes.bind_to_environ(request.environ).match()
            response: Response = endpoint(self.stage, request, **values)
        except HTTPException as error:
            if request.path.startswith("/sandbox/"):
                return steering.refused(error)
            return Response.force_type(error.get_response(request.environ), request.environ)
        return response
