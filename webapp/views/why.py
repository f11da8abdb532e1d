"""**Why?** about a row of a roster, an empty roster, and an empty list of classes."""

from uuid import UUID

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request
from sqlalchemy.orm import Session

from webapp.actions.offer_sections import CannotImport, offer_sections
from webapp.store.database import tenant
from webapp.store.questions.classes import ClassCard, class_in_licenses, class_seen_by
from webapp.store.questions.importing import licenses_of_teacher, open_connections, roster_subjects
from webapp.store.questions.licensing import licenses_run_by
from webapp.store.questions.why import (
    Aside,
    ground_of,
    person_set_aside,
    place_of,
    section_set_aside,
    steps_of,
    subject_of,
)
from webapp.views.fragments import may_be_fragment
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.session import me, my_account, my_district
from webapp.views.sync_status import Clock
from webapp.views.why_lists import about_class, about_my_classes, about_obstacle, known_of_teacher
from webapp.views.why_words import Answer, Fact, Standing, about_person

bp = Blueprint("why", __name__, url_prefix="/classes")
bp.after_request(may_be_fragment)


@bp.get("/why")
def no_classes() -> ResponseReturnValue:
    """Why her list of classes, or what she could import, is as it is; asked live."""
    known = _known_of_me()
    try:
        offered = offer_sections(my_district(), my_account(), services=house().services, now=utc_now())
    except CannotImport as cause:
        answer = about_obstacle(cause, known)
    else:
        labels = list(dict.fromkeys(house().services[one.provider].label for one in offered))
        answer = about_my_classes(offered, labels, known)
    return _page("Why are my classes not here?", answer, back=url_for("my_classes.show"))


@bp.get("/<uuid:class_id>/why")
def this_class(class_id: UUID) -> ResponseReturnValue:
    """Why this roster is empty, or lacks somebody."""
    with tenant(my_district()) as session:
        standing = _standing_or_404(session, class_id)
        aside = _aside_in(session, standing.card)
    return _page("Why is this roster as it is?", about_class(standing, aside), card=standing.card)


@bp.get("/<uuid:class_id>/why/<uuid:account_id>")
def this_person(class_id: UUID, account_id: UUID) -> ResponseReturnValue:
    """Why this person is on the roster, waits, or is not on it any more."""
    with tenant(my_district()) as session:
        standing = _standing_or_404(session, class_id)
        place = place_of(session, class_id, account_id) or abort(404)
        subject = _subject(session, standing, account_id)
        aside = _aside_of(session, standing.card, subject)
        answer = about_person(standing, place, steps_of(session, class_id, account_id), aside, subject)
    on = "is" if place.state == "active" else "waits" if place.state == "waiting" else "is not"
    where = "in this class" if place.state == "waiting" else "on this roster"
    return _page(f"Why {on} {place.name} {where}?", answer, card=standing.card)


def _known_of_me() -> Fact:
    with tenant(my_district()) as session:
        licenses, connections = licenses_of_teacher(session, my_account()), open_connections(session)
        subjects = roster_subjects(session, my_account())
    return known_of_teacher(licenses, connections, subjects, house().services, me().time_zone)


def _standing_or_404(session: Session, class_id: UUID) -> Standing:
    card = _class_or_404(session, class_id)
    service = house().services.get(card.provider or "")
    ground = ground_of(session, class_id) or abort(404)
    time = Clock(utc_now(), me().time_zone, house().settings.sync_hour)
    return Standing(card, ground, service.label if service else "the rostering service", time)


def _class_or_404(session: Session, class_id: UUID) -> ClassCard:
    """A class that she teaches, or one of a license that she looks after; anybody else can't tell that it exists."""
    taught = "teacher" in me().roles and me().is_member
    card = class_seen_by(session, class_id, my_account(), "teacher") if taught else None
    if card is None and "license_admin" in me().roles:
        licenses = [license.id for license in licenses_run_by(session, my_account())]
        card = class_in_licenses(session, class_id, licenses)
    return card or abort(404)


def _subject(session: Session, standing: Standing, account_id: UUID) -> str:
    provider = standing.card.provider or ""
    service = house().services.get(provider)
    kind = service.roster_kind if service else "sourced_id"
    return subject_of(session, account_id, provider, standing.ground.authority, kind)


def _aside_in(session: Session, card: ClassCard) -> list[Aside]:
    if card.connection_id is None or card.section_source_id is None:
        return []
    return section_set_aside(session, card.connection_id, card.section_source_id)


def _aside_of(session: Session, card: ClassCard, subject: str) -> list[Aside]:
    if card.connection_id is None or card.section_source_id is None or not subject:
        return []
    return person_set_aside(session, card.connection_id, subject, card.section_source_id)


def _page(title: str, answer: Answer, *, card: ClassCard | None = None, back: str = "") -> str:
    return render_template(
        "why/_answer.html" if request.htmx else "why/show.html", title=title, answer=answer, card=card, back=back
    )
