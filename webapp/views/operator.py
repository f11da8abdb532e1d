"""The operator's page: who waits to be claimed, and every license and connection. No students, no teachers."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.actions.add_connection import ConnectionRefused, claim_district
from webapp.store import database
from webapp.store.questions.licensing import every_connection, every_license
from webapp.store.questions.services import poll_troubles, waiting_districts
from webapp.views.connection_words import STATES
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.session import me
from webapp.views.times import ago

bp = Blueprint("operator", __name__, url_prefix="/operator")


@bp.get("")
def show() -> str:
    """Licenses and connections of all districts, and provider districts that are nobody's yet."""
    with database.directory() as session:
        licenses, connections = every_license(session), every_connection(session)
        waiting, troubles = waiting_districts(session), poll_troubles(session)
    return render_template(
        "operator/show.html",
        licenses=licenses,
        connections=connections,
        waiting=waiting,
        troubles=troubles,
        states=STATES,
        labels={key: service.label for key, service in house().services.items()},
        now=utc_now(),
        ago=ago,
    )


@bp.post("/waiting/<uuid:unclaimed_id>/claim")
def claim(unclaimed_id: UUID) -> ResponseReturnValue:
    """Connect a district that waits to be claimed to the district of the chosen license."""
    operator_id, license_id = me().operator_id, request.form.get("license", type=UUID)
    assert operator_id is not None
    if license_id is None:
        flash("Choose the license whose district this is.", "warning")
        return redirect(url_for(".show"), 303)
    try:
        made = claim_district(
            unclaimed_id, license_id, operator_id=operator_id, services=house().services, now=utc_now()
        )
        flash(made.state_reason or "The district is connected.", "warning" if made.state_reason else "success")
    except ConnectionRefused as refusal:
        flash(str(refusal), "warning")
    return redirect(url_for(".show"), 303)
