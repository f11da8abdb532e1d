"""Every address of the sandbox, and who answers it."""

from collections.abc import Callable
from functools import partial

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from webapp.simulator import pages, sso, steering
from webapp.simulator.desk import Desk
from webapp.simulator.oneroster.csv_package import serve_package
from webapp.simulator.played import Endpoint, Played
from webapp.simulator.stage import Stage


def routes(stage: Stage) -> Map:
    """The addresses of one sandbox."""
    services = stage.services.values()
    desks = [rule for one in services for rule in desk_rules(one, stage.desks[one.key])]
    own = [rule for one in services for rule in one.rules()]
    return Map([Rule("/", endpoint=pages.front, methods=["GET"]), *steering_rules(), *desks, *own], merge_slashes=False)


def desk_rules(service: Played, desk: Desk) -> list[Rule]:
    """What every service has in the same shape."""
    at: Callable[[Endpoint], Endpoint] = partial(on_desk, desk)
    return [
        Rule(desk.prefix + service.authorize, endpoint=at(sso.authorize), methods=["GET", "POST"]),
        Rule(desk.prefix + desk.portal, endpoint=at(sso.portal), methods=["GET", "POST"]),
        Rule(desk.prefix + "/sign-out", endpoint=at(sso.sign_out), methods=["POST"]),
        Rule(desk.prefix + "/sandbox-session", endpoint=at(sso.sandbox_session), methods=["POST"]),
    ]


def on_desk(desk: Desk, answer: Endpoint) -> Endpoint:
    """The same answer for one of the desks."""
    return lambda stage, request, **values: answer(stage, desk, request, **values)


def steering_rules() -> list[Rule]:
    """Steering: never struck by a fault."""
    one = "/sandbox/districts/<int:number>"
    return [
        Rule("/sandbox/sandbox.css", endpoint=pages.stylesheet, methods=["GET"]),
        Rule("/sandbox/districts", endpoint=steering.list_districts, methods=["GET"]),
        Rule("/sandbox/districts", endpoint=steering.add_district, methods=["POST"]),
        Rule(f"{one}/truth", endpoint=steering.show_truth, methods=["GET"]),
        Rule(f'{one}/oneroster-<any("1.1", "1.2"):version>.zip', endpoint=serve_package, methods=["GET"]),
        Rule(f"{one}/moves", endpoint=steering.move, methods=["POST"]),
        Rule(f"{one}/happen", endpoint=steering.move_by_button, methods=["POST"]),
        Rule(f"{one}/switches", endpoint=steering.switch, methods=["POST"]),
        Rule(f"{one}/set", endpoint=steering.switch_by_form, methods=["POST"]),
        Rule("/sandbox/faults", endpoint=steering.add_fault, methods=["POST"]),
        Rule("/sandbox/faults", endpoint=steering.clear_faults, methods=["DELETE"]),
        Rule("/sandbox/faults-by-form", endpoint=steering.switch_fault_by_form, methods=["POST"]),
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
        service = self.stage.meter.service_of(request.path)
        self.stage.meter.saw(request.method, request.path, address)
        fault = self.stage.faults.take(service.key, address) if service else None
        if fault:
            return self.stage.faults.answer(fault, request, self.honest, self.stage)
        return self.honest(request)

    def honest(self, request: Request) -> Response:
        """The answer of whoever the address belongs to; one at a time, so that nobody reads a district in mid-move."""
        with self.stage.lock:
            return self.routed(request)

    def routed(self, request: Request) -> Response:
        """The answer that the request's path and method lead to."""
        for service in self.stage.services.values():
            if service.raw and request.path.startswith(service.raw[0]):
                return service.raw[1](self.stage, request)
        try:
            endpoint, values = self.routes.bind_to_environ(request.environ).match()
            response: Response = endpoint(self.stage, request, **values)
        except HTTPException as error:
            if request.path.startswith("/sandbox/"):
                return steering.refused(error)
            return Response.force_type(error.get_response(request.environ), request.environ)
        return response
