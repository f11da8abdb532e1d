"""The operator's page: how all is, who waits to be claimed, every license and connection. No students, no teachers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.actions.add_connection import ConnectionRefused, claim_district
from webapp.jobs import queue
from webapp.store import database
from webapp.store.questions.health import (
    RunLine,
    failed_letters,
    late_connections,
    oldest_waiting_run,
    open_runs,
    runs_in_state,
    unsent_letters,
)
from webapp.store.questions.licensing import every_connection, every_license
from webapp.store.questions.services import poll_troubles, waiting_districts
from webapp.views.connection_words import STATES
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.session import me
from webapp.views.times import ago

bp = Blueprint("operator", __name__, url_prefix="/operator")


@dataclass(frozen=True)
class Pulse:
    """How the whole house is: what waits, for how long, and what has gone wrong."""

    runs: dict[str, int]
    oldest_waiting: datetime | None
    held: Sequence[RunLine]
    parked: Sequence[RunLine]
    late: frozenset[UUID]
    """Connections without a good sync for too long."""
    queued: dict[str, int] | None
    """Jobs by queue; None where the queue does not answer."""
    letters_unsent: int
    letters_failed: int


@bp.get("")
def show() -> str:
    """How all is; licenses and connections of all districts, and provider districts that are nobody's yet."""
    now = utc_now()
    with database.directory() as session:
        return render_template(
            "operator/show.html",
            pulse=_pulse(session, now),
            licenses=every_license(session),
            connections=every_connection(session),
            waiting=waiting_districts(session),
            troubles=poll_troubles(session),
            states=STATES,
            labels={key: service.label for key, service in house().services.items()},
            now=now,
            ago=ago,
        )


def _pulse(session: Session, now: datetime) -> Pulse:
    return Pulse(
        runs=open_runs(session),
        oldest_waiting=oldest_waiting_run(session),
        held=runs_in_state(session, "held"),
        parked=runs_in_state(session, "parked"),
        late=frozenset(one.connection_id for one in late_connections(session, now)),
        queued=queue.depth(),
        letters_unsent=unsent_letters(session),
        letters_failed=failed_letters(session, now),
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
