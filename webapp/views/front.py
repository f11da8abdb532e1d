"""The front step: nobody stays here."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.views.own_paths import landing

bp = Blueprint("front", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    """Send them to their own first page, or to the login page."""
    return redirect(landing(current_user.roles) if current_user.is_authenticated else url_for("log_in.log_in"))
