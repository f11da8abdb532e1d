"""The authorize page of either service, and its portal: whoever is signed in there is sent on with a code."""

from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from webapp.simulator.desk import Asked, Desk, Visitor
from webapp.simulator.pages import choose_person, launch_pad, refusal
from webapp.simulator.stage import Stage


def authorize(stage: Stage, desk: Desk, request: Request) -> Response:
    """Send a signed-in visitor on with a code; ask anybody else who they are."""
    asked = asked_of(request)
    if not desk.accepts(asked):
        return refusal(desk, "This sign-in link names an application or a return address that is not registered.")
    desk.primary = asked.redirect_uri
    if request.method == "POST":
        return decided(stage, desk, request, asked)
    visitor = visitor_of(desk, request)
    if visitor is None or stage.person(visitor) is None:
        return choose_person(stage, desk, request, number=district_asked(stage, request))
    return sent_on(stage, desk, visitor, desk.give_code(visitor, asked))


def asked_of(request: Request) -> Asked:
    """What the query asks for."""
    query = request.args
    return Asked(
        client_id=query.get("client_id", ""),
        redirect_uri=query.get("redirect_uri", ""),
        response_type=query.get("response_type", ""),
        state=query.get("state"),
        nonce=query.get("nonce"),
        challenge=query.get("code_challenge"),
        method=query.get("code_challenge_method"),
        scope=query.get("scope", ""),
    )


def district_asked(stage: Stage, request: Request) -> int | None:
    """The district that the link or the chooser names."""
    chosen, named = request.args.get("sandbox_district", ""), request.args.get("district_id")
    if chosen.isdigit():
        return int(chosen)
    return next((one.number for one in stage.districts if one.clever_id == named), None)


def decided(stage: Stage, desk: Desk, request: Request, asked: Asked) -> Response:
    """The visitor pressed a person, or refused."""
    if "refuse" in request.form:
        answer = {"error": "access_denied"}
        district = stage.district(district_asked(stage, request) or 1)
        if asked.state is not None and district and stage.services[desk.key].refuses_with_state(district):
            answer["state"] = asked.state
        return redirect(f"{asked.redirect_uri}?{urlencode(answer)}", 302)
    visitor = stage.find_visitor(request.form.get("person", ""))
    if visitor is None:
        return refusal(desk, "Nobody of that name is here.")
    return with_session(desk, request, visitor, sent_on(stage, desk, visitor, desk.give_code(visitor, asked)))


def sent_on(stage: Stage, desk: Desk, visitor: Visitor, address: str) -> Response:
    """On to the application, if the visitor's district shares it."""
    found = stage.person(visitor)
    if found and stage.services[desk.key].shares(found[0]):
        return redirect(address, 302)
    return refusal(desk, "Your district does not share this application with you.")


def portal(stage: Stage, desk: Desk, request: Request) -> Response:
    """The service's own page of applications: a person is chosen, and lands in the application without a state."""
    visitor = visitor_of(desk, request)
    if request.method == "POST" and "person" in request.form:
        visitor = stage.find_visitor(request.form["person"])
        if visitor is None:
            return refusal(desk, "Nobody of that name is here.")
    elif request.method == "GET":
        found = stage.person(visitor)
        shown = launch_pad(desk, *found) if found else None
        return shown or choose_person(stage, desk, request, number=district_asked(stage, request))
    if visitor is None:
        return redirect(request.path, 302)
    return with_session(desk, request, visitor, sent_on(stage, desk, visitor, desk.launch(visitor)))


def instant_login(stage: Stage, desk: Desk, request: Request) -> Response:
    """A link in a district's own pages: a portal arrival for whoever is signed in."""
    visitor = visitor_of(desk, request)
    if visitor is None or stage.person(visitor) is None:
        return redirect(f"{desk.prefix}{desk.portal}", 302)
    return sent_on(stage, desk, visitor, desk.launch(visitor))


def sandbox_session(stage: Stage, desk: Desk, request: Request) -> Response:
    """Sign a browser in at the service without its page."""
    number = request.form.get("district", "")
    visitor = stage.find_visitor(request.form.get("person", ""), int(number) if number.isdigit() else None)
    if visitor is None:
        return Response("nobody of that id is here", 404, mimetype="text/plain")
    return with_session(desk, request, visitor, Response("signed in", mimetype="text/plain"))


def sign_out(stage: Stage, desk: Desk, request: Request) -> Response:
    """End the session at the service, not the one at the application."""
    desk.sign_out(request.cookies.get(cookie_name(desk, request), ""))
    answer = redirect(f"{desk.prefix}{desk.portal}", 302)
    answer.delete_cookie(cookie_name(desk, request), path="/")
    return answer


def cookie_name(desk: Desk, request: Request) -> str:
    """Ports do not separate cookies on one host, so the name holds the port."""
    return f"sandbox_{desk.key}_{request.environ['SERVER_PORT']}"


def visitor_of(desk: Desk, request: Request) -> Visitor | None:
    """Who is signed in at the service in this browser."""
    return desk.sessions.get(request.cookies.get(cookie_name(desk, request), ""))


def with_session(desk: Desk, request: Request, visitor: Visitor, answer: Response) -> Response:
    """The same answer, with the visitor signed in at the service."""
    answer.set_cookie(cookie_name(desk, request), desk.sign_in(visitor), httponly=True, samesite="Lax", path="/")
    return answer
