"""One class: its roster, how fresh it is, what changed, and what it is called."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request
from sqlalchemy.orm import Session

from webapp.actions.rename_class import NameRefused, rename_class
from webapp.actions.request_sync import CannotSync, request_class_sync
from webapp.jobs.queue import nudge
from webapp.store.database import tenant
from webapp.store.questions.class_changes import PAGE, changes_of_class
from webapp.store.questions.classes import ClassCard, class_seen_by, roster_of
from webapp.views.changes_in_words import in_words
from webapp.views.fragments import may_be_fragment
from webapp.views.grades import grade
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.reading_order import by_family_name
from webapp.views.session import me, my_account, my_district
from webapp.views.sync_status import Clock, freshness, standing_still

bp = Blueprint("class_page", __name__, url_prefix="/classes/<uuid:class_id>")
bp.add_app_template_filter(grade)
bp.after_request(may_be_fragment)


@bp.get("")
def show(class_id: UUID) -> ResponseReturnValue:
    """The class: for its teachers with everybody in it, for its students without their classmates."""
    if "student" in me().roles:
        return _students_page(class_id)
    template = "teacher/_roster.html" if request.htmx else "teacher/class_page.html"
    with tenant(my_district()) as session:
        return _roster_page(template, session, own_class_or_404(session, class_id))


@bp.post("/sync")
def sync(class_id: UUID) -> ResponseReturnValue:
    """Ask the rostering service for this class's changes now."""
    with tenant(my_district()) as session:
        card = own_class_or_404(session, class_id)
    if card.state == "active":
        _ask_for_sync(class_id)
    if not request.htmx:
        return redirect(url_for(".show", class_id=class_id), 303)
    with tenant(my_district()) as session:
        return _roster_page("teacher/_roster.html", session, own_class_or_404(session, class_id))


@bp.get("/changes")
def changes(class_id: UUID) -> ResponseReturnValue:
    """Who joined and left this class, and what it was called, newest first."""
    with tenant(my_district()) as session:
        card = own_class_or_404(session, class_id)
        rows = changes_of_class(session, class_id, before_id=request.args.get("before", type=int))
    return render_template(
        "teacher/changes.html",
        card=card,
        **_head(card),
        days=in_words(rows[:PAGE], zone=me().time_zone, services=house().services),
        older=rows[PAGE - 1].id if len(rows) > PAGE else None,
    )


@bp.post("/name")
def rename(class_id: UUID) -> ResponseReturnValue:
    """Call the class what its teacher calls it; an empty name follows the rostering service again."""
    with tenant(my_district()) as session:
        own_class_or_404(session, class_id)
    try:
        rename_class(my_district(), class_id, my_account(), request.form.get("name"), now=utc_now())
    except NameRefused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".show", class_id=class_id), 303)


def own_class_or_404(session: Session, class_id: UUID) -> ClassCard:
    """The class, if whoever is signed in teaches it now and is on a license; anybody else can't tell that it exists."""
    card = class_seen_by(session, class_id, my_account(), "teacher") if me().is_member else None
    return card or abort(404)


def _ask_for_sync(class_id: UUID) -> None:
    try:
        run_id = request_class_sync(my_district(), class_id, my_account(), now=utc_now())
    except CannotSync as refusal:
        flash(str(refusal), "error")
    else:
        nudge(run_id, my_district(), fast=True)


def _students_page(class_id: UUID) -> str:
    with tenant(my_district()) as session:
        card = class_seen_by(session, class_id, my_account(), "student") or abort(404)
    return render_template("student/class_page.html", card=card)


def _roster_page(template: str, session: Session, card: ClassCard) -> str:
    people = by_family_name(roster_of(session, card.id))
    head = _head(card)
    return render_template(
        template,
        card=card,
        **head,
        students=[person for person in people if person.role == "student"],
        teachers=sorted((one for one in people if one.role == "teacher"), key=lambda one: not one.primary_teacher),
        fresh=freshness(session, card, head["service"], Clock(utc_now(), me().time_zone, house().settings.sync_hour)),
    )


def _head(card: ClassCard) -> dict[str, str]:
    service = house().services.get(card.provider or "")
    label = service.label if service else "the rostering service"
    return {"service": label, "stopped": standing_still(card, label)}
