"""The operator's page: every license and every connection's health. No students, no teachers."""

from flask import Blueprint, render_template

from webapp.store import database
from webapp.store.questions.licensing import every_connection, every_license
from webapp.views.connection_words import STATES
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.times import ago

bp = Blueprint("operator", __name__, url_prefix="/operator")


@bp.get("")
def show() -> str:
    """Licenses and connections of all districts."""
    with database.directory() as session:
        licenses, connections = every_license(session), every_connection(session)
    return render_template(
        "operator/show.html",
        licenses=licenses,
        connections=connections,
        states=STATES,
        labels={key: service.label for key, service in house().services.items()},
        now=utc_now(),
        ago=ago,
    )
