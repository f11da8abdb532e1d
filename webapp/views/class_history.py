"""One class in time: undo what a sync did to it, see it as it was, put it back so, follow the service again."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.actions.follow_source import NothingToFollow, follow_source
from webapp.actions.request_undo import CannotUndo, request_put_back, request_undo
from webapp.jobs.queue import nudge
from webapp.store.audit import Actor
from webapp.store.database import tenant
from webapp.store.questions.class_rosters import state_at
from webapp.store.questions.classes import ClassCard
from webapp.store.questions.past_rosters import PastMember, people_at
from webapp.store.questions.runs import district_today, run_by_id
from webapp.store.questions.undo_previews import ClassPreview, class_preview
from webapp.store.questions.undoing import UNDO_FOR, can_be_undone
from webapp.store.tables import SyncRun
from webapp.store.undo_plan import Undo
from webapp.views.class_page import ask_for_sync, head_of, own_class_or_404
from webapp.views.now import utc_now
from webapp.views.reading_order import letters
from webapp.views.session import me, my_account, my_district
from webapp.views.times import clock, day, from_local_minute, local_minute

bp = Blueprint("class_history", __name__, url_prefix="/classes/<uuid:class_id>")


@bp.get("/undo/<uuid:run_id>")
def confirm_undo(class_id: UUID, run_id: UUID) -> ResponseReturnValue:
    """What taking back this sync would do to the class, before anybody does it."""
    with tenant(my_district()) as session:
        card, run = own_class_or_404(session, class_id), _run_or_404(session, run_id)
        would = class_preview(session, _undo(session, card, undoes=run.id), class_id, card.name)
    when = run.started_at or run.requested_at
    return render_template(
        "teacher/undo.html",
        card=card,
        **head_of(card),
        run=run,
        would=would,
        day=day(when, me().time_zone),
        clock=clock(when, me().time_zone),
        too_late=not can_be_undone(run, utc_now()),
    )


@bp.post("/undo/<uuid:run_id>")
def undo(class_id: UUID, run_id: UUID) -> ResponseReturnValue:
    """Take back what this sync did to the class."""
    with tenant(my_district()) as session:
        card, run = own_class_or_404(session, class_id), _run_or_404(session, run_id)
        would = class_preview(session, _undo(session, card, undoes=run.id), class_id, card.name)
    try:
        undo_id = request_undo(my_district(), run_id, now=utc_now(), by=Actor(my_account()), class_id=class_id)
    except CannotUndo as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("class_page.changes", class_id=class_id), 303)
    nudge(undo_id, my_district(), fast=True)
    if would.state == "archived" and not would.section:
        flash(f"{card.name} is being taken back. You can import it again whenever you like.", "success")
        return redirect(url_for("my_classes.show"), 303)
    return redirect(url_for("class_page.changes", class_id=class_id), 303)


@bp.get("/as-it-was")
def as_it_was(class_id: UUID) -> ResponseReturnValue:
    """Who was in the class at a moment, and what putting it back so would do."""
    typed = request.args.get("at", "")
    moment = from_local_minute(typed, me().time_zone)
    if moment and moment > utc_now():
        moment = None  # it has not come yet: the form is shown again
    with tenant(my_district()) as session:
        card = own_class_or_404(session, class_id)
        there = _in_order(people_at(session, class_id, moment)) if moment else []
        state = state_at(session, class_id, moment) if moment else None
        would = _back_to(session, card, moment) if moment and state else None
    return render_template(
        "teacher/as_it_was.html",
        card=card,
        **head_of(card),
        typed=typed,
        moment=moment,
        latest=local_minute(utc_now(), me().time_zone),
        there=there,
        state=state,
        would=would,
        day=day(moment, me().time_zone) if moment else "",
        clock=clock(moment, me().time_zone) if moment else "",
    )


@bp.post("/as-it-was")
def put_back(class_id: UUID) -> ResponseReturnValue:
    """Put the class back as it was at a moment."""
    typed = request.form.get("at", "")
    moment = from_local_minute(typed, me().time_zone)
    with tenant(my_district()) as session:
        own_class_or_404(session, class_id)
    if moment is None:
        flash("Please choose a day and a time.", "error")
        return redirect(url_for(".as_it_was", class_id=class_id), 303)
    try:
        undo_id = request_put_back(my_district(), class_id, moment, account_id=my_account(), now=utc_now())
    except CannotUndo as refusal:
        flash(str(refusal), "error")
        return redirect(url_for(".as_it_was", class_id=class_id, at=typed), 303)
    nudge(undo_id, my_district(), fast=True)
    return redirect(url_for("class_page.changes", class_id=class_id), 303)


@bp.post("/follow")
def follow(class_id: UUID) -> ResponseReturnValue:
    """The class, or one person's place in it, follows the rostering service again; it is asked at once."""
    with tenant(my_district()) as session:
        service = head_of(own_class_or_404(session, class_id))["service"]
    one = request.form.get("enrollment", type=int)
    try:
        follow_source(my_district(), class_id, my_account(), now=utc_now(), enrollment_id=one)
    except NothingToFollow as refusal:
        flash(str(refusal), "error")
    else:
        flash(f"What {service} says counts again, with the sync that has just begun.", "success")
        ask_for_sync(class_id)
    return redirect(url_for("class_page.show", class_id=class_id), 303)


def _run_or_404(session: Session, run_id: UUID) -> SyncRun:
    return run_by_id(session, run_id) or abort(404)


def _in_order(people: list[PastMember]) -> list[PastMember]:
    return sorted(people, key=lambda person: (letters(person.family_name), letters(person.given_name)))


def _undo(session: Session, card: ClassCard, *, undoes: UUID | None = None, to: datetime | None = None) -> Undo:
    if card.connection_id is None:
        abort(404)  # no service feeds it, so no sync has changed it
    return Undo(
        district_id=my_district(),
        connection_id=card.connection_id,
        today=district_today(session, my_district(), utc_now()),
        undoes=undoes,
        class_id=card.id,
        to=to,
    )


def _back_to(session: Session, card: ClassCard, moment: datetime) -> ClassPreview | None:
    """What putting the class back would do; None where it follows no service or the moment is too long ago."""
    if card.connection_id is None or not utc_now() - UNDO_FOR < moment < utc_now():
        return None
    return class_preview(session, _undo(session, card, to=moment), card.id, card.name)
