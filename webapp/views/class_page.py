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
from webapp.store.questions.class_changes import PAGE, ClassChange, changes_of_class
from webapp.store.questions.class_moves import moves_of
from webapp.store.questions.classes import ClassCard, class_seen_by, roster_of
from webapp.store.questions.hand_marks import hand_marks
from webapp.store.questions.undoing import left_alone, open_undo_of_class, undo_states
from webapp.views.changes_in_words import Around, Day, in_words
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
        ask_for_sync(class_id)
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
        days, undoing = _days(session, card, rows[:PAGE]), open_undo_of_class(session, class_id) is not None
    return render_template(
        "teacher/_changes.html" if request.htmx else "teacher/changes.html",
        card=card,
        **head_of(card),
        days=days,
        undoing=undoing,
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


def _days(session: Session, card: ClassCard, rows: list[ClassChange]) -> list[Day]:
    runs = {row.run_id for row in rows if row.run_id}
    around = Around(
        zone=me().time_zone,
        services=house().services,
        service=head_of(card)["service"],
        undo=undo_states(session, card.id, runs, utc_now()),
        left_alone=left_alone(session, card.id, runs),
        moves=moves_of(session, card.id, runs, my_account()),
        name=card.name,
    )
    return in_words(rows, around)


def ask_for_sync(class_id: UUID) -> None:
    """The class's rostering service is asked soon; where that cannot be, the next page says why."""
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
    head = head_of(card)
    return render_template(
        template,
        card=card,
        **head,
        marks=hand_marks(session, card.id),
        students=[person for person in people if person.role == "student"],
        teachers=sorted((one for one in people if one.role == "teacher"), key=lambda one: not one.primary_teacher),
        fresh=freshness(session, card, head["service"], Clock(utc_now(), me().time_zone, house().settings.sync_hour)),
    )


def head_of(card: ClassCard) -> dict[str, str]:
    """What the head of every page of a class says besides the card itself."""
    service = house().services.get(card.provider or "")
    label = service.label if service else "the rostering service"
    return {"service": label, "stopped": standing_still(card, label)}
