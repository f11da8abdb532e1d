"""**Log in** by e-mail and password, and **Log out**."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.actions.passwords import WrongLogin
from webapp.actions.passwords import log_in as check_password
from webapp.views.forms import LogInForm
from webapp.views.house import house
from webapp.views.limits import CEILING, limiter, too_fast
from webapp.views.now import utc_now
from webapp.views.own_paths import landing, own_path
from webapp.views.session import enter_session, leave_session, me

bp = Blueprint("log_in", __name__)

WRONG = "The e-mail or the password is not right. Check both, or choose a new password."
SLOWLY = "There were many tries for this e-mail. Wait a few seconds, then press Log in again."


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit(CEILING, methods=["POST"])
def log_in() -> ResponseReturnValue:
    """The login page: services first, since most visitors are students; e-mail and password below."""
    form = LogInForm()
    if request.method != "POST":
        return _page(form)
    address = form.email.data or ""
    if too_fast("log in", address.lower()):
        return _page(form, SLOWLY), 429
    try:
        who = check_password(address, form.password.data or "", now=utc_now())
    except WrongLogin:
        return _page(form, WRONG), 422
    enter_session(who, "password")
    return redirect(own_path(request.args.get("next")) or landing(me().roles), 303)


@bp.post("/logout")
def log_out() -> ResponseReturnValue:
    """End the sign-in. Safe to press twice."""
    leave_session()
    answer = make_response(redirect(url_for(".logged_out"), 303))
    if house().settings.secure:
        answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@bp.get("/logged-out")
def logged_out() -> str:
    """Tell that this is over here, but maybe not at the service."""
    return render_template("sign_in/logged_out.html")


def ask_for_a_fresh_login(next_path: str) -> ResponseReturnValue:
    """What they want changes how they sign in, so they must prove once more who they are (safety.md SEC-8)."""
    flash("To go on, please log in once more. This keeps others on this computer from changing your account.", "info")
    return redirect(url_for("log_in.log_in", next=next_path), 303)


def _page(form: LogInForm, problem: str = "") -> str:
    return render_template(
        "sign_in/login.html",
        form=form,
        problem=problem,
        services=[service for service in house().services.values() if service.configured()],
        next_path=own_path(request.args.get("next")),
    )
