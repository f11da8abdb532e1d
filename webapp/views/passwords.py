"""**Forgot password?** and choosing a new one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.actions.passwords import WeakPassword
from webapp.actions.reset_password import ResetGone, ask_reset, choose_password, find_reset
from webapp.jobs.queue import nudge_letters
from webapp.views.forms import AddressForm, NewPasswordForm
from webapp.views.limits import CEILING, limiter, too_fast
from webapp.views.now import utc_now

bp = Blueprint("passwords", __name__, url_prefix="/password")


@bp.route("/forgot", methods=["GET", "POST"])
@limiter.limit(CEILING, methods=["POST"])
def forgot() -> ResponseReturnValue:
    """Ask for a letter. The answer is the same whether or not the address is known (safety.md SEC-10)."""
    form = AddressForm()
    if request.method != "POST":
        return render_template("passwords/forgot.html", form=form)
    address = (form.email.data or "").lower()
    if not too_fast("reset", address):
        ask_reset(address, now=utc_now())
        nudge_letters()
    return render_template("passwords/letter_sent.html")


@bp.route("/reset/<token>", methods=["GET", "POST"])
@limiter.limit(CEILING)
def choose(token: str) -> ResponseReturnValue:
    """Choose the new password. Looking at the page uses nothing up."""
    form = NewPasswordForm()
    try:
        find_reset(token, now=utc_now())
        if not form.validate_on_submit():
            return render_template("passwords/choose.html", form=form)
        choose_password(token, form.password.data or "", now=utc_now())
        nudge_letters()
    except ResetGone:
        return render_template("passwords/gone.html"), 410
    except WeakPassword as error:
        form.password.errors = [str(error)]
        return render_template("passwords/choose.html", form=form), 422
    flash("Your new password is set. Log in with it.", "success")
    return redirect(url_for("log_in.log_in"), 303)
