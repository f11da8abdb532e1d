"""**My Classes**: the same address for teachers and for students, a page for each."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from webapp.store.database import tenant
from webapp.store.questions.classes import ClassCard, classes_of, waits_for_a_seat
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.reading_order import by_period, letters
from webapp.views.session import me, my_account, my_district
from webapp.views.times import ago

bp = Blueprint("my_classes", __name__, url_prefix="/classes")


@bp.get("")
def show() -> ResponseReturnValue:
    """All classes of whoever is signed in; those that are over come last, folded away."""
    student = "student" in me().roles
    cards = _my_cards("student" if student else "teacher")
    return render_template(
        "student/my_classes.html" if student else "teacher/my_classes.html",
        classes=[card for card in cards if card.state != "archived"],
        archived=[card for card in cards if card.state == "archived"],
        services=house().services,
        troubled=_troubled(cards),
        waits=student and not cards and _waits_for_a_seat(),
        now=utc_now(),
        ago=ago,
    )


def _troubled(cards: list[ClassCard]) -> dict[str, str]:
    """The services whose connection needs attention, each with the reason."""
    asked = (card for card in cards if card.provider and card.connection_state == "attention")
    return {card.provider: card.connection_reason or "" for card in asked if card.provider}


def _waits_for_a_seat() -> bool:
    with tenant(my_district()) as session:
        return waits_for_a_seat(session, my_account())


def _my_cards(role: str) -> list[ClassCard]:
    # A co-teacher's import may have put her into classes already, but opening them needs a place on a license.
    if role == "teacher" and not me().is_member:
        return []
    with tenant(my_district()) as session:
        cards = classes_of(session, my_account(), role)
    return sorted(cards, key=lambda card: (by_period(card.period), letters(card.name)))
