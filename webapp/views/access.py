"""Who may do what: one line for each endpoint. An endpoint without a line fails the start of the application.

Whose object it is, is asked in the view, where somebody else's answers 404.
"""

from collections.abc import Callable
from enum import Enum
from urllib.parse import urlsplit

from flask import Flask, abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

from webapp.settings import Settings


class Who(Enum):
    """Who may call an endpoint."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    CLASS_PEOPLE = "teachers and students"
    TEACHER = "teachers"
    LICENSE_ADMIN = "license admins"
    DISTRICT_ADMIN = "district administrators"
    CLASS_STAFF = "teachers and license admins"
    DECIDER = "administrators and operators"
    ADMINISTRATOR = "license admins and district administrators"
    OPERATOR = "operators"


ALLOWS: dict[Who, Callable[[frozenset[str]], bool]] = {
    Who.ANYONE: lambda roles: True,
    Who.SIGNED_IN: lambda roles: True,
    Who.CLASS_PEOPLE: lambda roles: "operator" not in roles,
    Who.TEACHER: lambda roles: "teacher" in roles,
    Who.LICENSE_ADMIN: lambda roles: "license_admin" in roles,
    Who.DISTRICT_ADMIN: lambda roles: "district_admin" in roles,
    Who.CLASS_STAFF: lambda roles: not roles.isdisjoint({"teacher", "license_admin"}),
    Who.DECIDER: lambda roles: not roles.isdisjoint({"district_admin", "license_admin", "operator"}),
    Who.ADMINISTRATOR: lambda roles: not roles.isdisjoint({"district_admin", "license_admin"}),
    Who.OPERATOR: lambda roles: "operator" in roles,
}
"""What each word asks of the roles of whoever is signed in."""

ACCESS: dict[str, Who] = {
    "static": Who.ANYONE,
    "front.index": Who.ANYONE,
    "health.alive": Who.ANYONE,
    "health.ready": Who.ANYONE,
    "health.metrics": Who.ANYONE,
    "log_in.log_in": Who.ANYONE,
    "log_in.log_out": Who.ANYONE,
    "log_in.logged_out": Who.ANYONE,
    "passwords.forgot": Who.ANYONE,
    "passwords.choose": Who.ANYONE,
    "sign_in.start": Who.ANYONE,
    "sign_in.callback": Who.ANYONE,
    "sign_in.no_class_yet": Who.ANYONE,
    "sign_in.link": Who.TEACHER,
    "invitations.show": Who.ANYONE,
    "invitations.create_account": Who.ANYONE,
    "invitations.accept_by_service": Who.ANYONE,
    "invitations.join": Who.SIGNED_IN,
    "outbox.show": Who.ANYONE,
    "my_classes.show": Who.CLASS_PEOPLE,
    "class_page.show": Who.CLASS_PEOPLE,
    "class_page.changes": Who.TEACHER,
    "class_page.sync": Who.TEACHER,
    "class_page.rename": Who.TEACHER,
    "class_history.confirm_undo": Who.TEACHER,
    "class_history.undo": Who.TEACHER,
    "class_history.as_it_was": Who.TEACHER,
    "class_history.put_back": Who.TEACHER,
    "class_history.follow": Who.TEACHER,
    "import_classes.offer": Who.TEACHER,
    "import_classes.start": Who.TEACHER,
    "import_classes.progress": Who.TEACHER,
    "license_admin.show": Who.LICENSE_ADMIN,
    "license_admin.show_license": Who.LICENSE_ADMIN,
    "license_admin.invitations": Who.LICENSE_ADMIN,
    "license_admin.invite_teachers": Who.LICENSE_ADMIN,
    "license_admin.resend": Who.LICENSE_ADMIN,
    "license_admin.revoke": Who.LICENSE_ADMIN,
    "holds.show": Who.DECIDER,
    "holds.download": Who.DECIDER,
    "holds.approve": Who.DECIDER,
    "holds.discard": Who.DECIDER,
    "holds.names": Who.DECIDER,
    "runs.recent": Who.DECIDER,
    "runs.show": Who.DECIDER,
    "runs.names": Who.DECIDER,
    "runs.download": Who.DECIDER,
    "runs.undo": Who.DECIDER,
    "district_admin.show": Who.DISTRICT_ADMIN,
    "district_admin.set_aside_file": Who.DISTRICT_ADMIN,
    "license_admin.set_aside_file": Who.LICENSE_ADMIN,
    "proposals.index": Who.ADMINISTRATOR,
    "proposals.show": Who.ADMINISTRATOR,
    "proposals.same": Who.ADMINISTRATOR,
    "proposals.different": Who.ADMINISTRATOR,
    "proposals.undo": Who.ADMINISTRATOR,
    "why.no_classes": Who.TEACHER,
    "why.this_class": Who.CLASS_STAFF,
    "why.this_person": Who.CLASS_STAFF,
    "operator.show": Who.OPERATOR,
    "operator.claim": Who.OPERATOR,
}

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class NoPolicy(Exception):
    """An endpoint has no line in the access table."""


class ForeignForm(Forbidden):
    """The browser does not say that what it sends comes from one of our own pages."""


def install(app: Flask, settings: Settings) -> None:
    """Guard every endpoint. Raises NoPolicy where one has no line above; call it after all routes are registered."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in ACCESS:
            raise NoPolicy(f"{rule.endpoint} ({rule.rule}) has no line in views/access.py")
    origin = urlsplit(settings.public_url)

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:  # no such page, or not in that way: routing's own answer says which
            return None
        if request.method not in SAFE_METHODS and not _same_origin(f"{origin.scheme}://{origin.netloc}"):
            raise ForeignForm
        return _refusal(ACCESS[request.endpoint])


def _same_origin(origin: str) -> bool:
    """True where the browser itself says that the request comes from one of our own pages (safety.md SEC-14)."""
    said = request.headers.get("Sec-Fetch-Site")
    return said == "same-origin" if said else request.headers.get("Origin") == origin


def _refusal(who: Who) -> ResponseReturnValue | None:
    if who is Who.ANYONE:
        return None
    if not current_user.is_authenticated:
        return ask_to_log_in()
    if not ALLOWS[who](current_user.roles):
        abort(403)
    return None


def ask_to_log_in() -> ResponseReturnValue:
    """Send them to the login page; a fragment is told to send the whole page there (safety.md SEC-42)."""
    next_path = request.full_path.rstrip("?") if request.method == "GET" else None
    if request.headers.get("HX-Request") == "true":
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = url_for("log_in.log_in")
        return answer
    return redirect(url_for("log_in.log_in", next=next_path), 303)
