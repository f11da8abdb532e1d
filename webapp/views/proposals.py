"""New ids that may be somebody who is here already: what waits, both side by side, and the answer (REL-30)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.actions.decide_proposal import CannotDecide, different_people, same_person, take_back
from webapp.store.database import tenant
from webapp.store.questions.proposals import (
    Proposal,
    Side,
    as_it_stands,
    decided_proposals,
    open_proposals,
    proposal_of,
    side_of,
    sight_of_proposal,
    sight_of_proposals,
)
from webapp.store.questions.sight import Sight
from webapp.store.questions.undoing import UNDO_FOR
from webapp.views import proposal_words
from webapp.views.connection_words import label_of
from webapp.views.deciding import home, must_log_in_again, write_down
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.session import me, my_account, my_district
from webapp.views.times import ago

bp = Blueprint("proposals", __name__, url_prefix="/same-person")


@dataclass(frozen=True)
class Opened:
    """A question, both people, what whoever is signed in may see and do, and what stands for all that."""

    proposal: Proposal
    known: Side
    new: Side
    sight: Sight
    seen: str

    @property
    def service(self) -> str:
        """What people call the service that shares the new id."""
        return label_of(self.proposal.provider, house().services)

    @property
    def undo(self) -> bool:
        """True where joining them can still be undone."""
        decided = self.proposal.decided_at
        return self.proposal.state == "accepted" and decided is not None and utc_now() - decided < UNDO_FOR


def waiting(session: Session) -> list[Proposal]:
    """What waits for whoever is signed in; for the pages that lead here."""
    sight = sight_of_proposals(session, my_account())
    return open_proposals(session, sight) if sight else []


@bp.get("")
def index() -> str:
    """What waits, and what was decided lately."""
    now = utc_now()
    with tenant(my_district()) as session:
        sight = sight_of_proposals(session, my_account())
        asked = open_proposals(session, sight) if sight else []
        decided = decided_proposals(session, sight, now - UNDO_FOR) if sight else []
    both = [account for one in (*asked, *decided) for account in (one.known_account_id, one.new_account_id)]
    write_down(my_district(), "same_person.list", ("district", my_district()), both)
    return render_template(
        "proposals/index.html",
        asked=asked,
        decided=decided,
        label_of=lambda provider: label_of(provider, house().services),
        outcome=lambda one: proposal_words.outcome(one, me().time_zone),
        back=home(),
        ago=lambda when: ago(when, now),
    )


@bp.get("/<uuid:proposal_id>")
def show(proposal_id: UUID) -> str:
    """Both side by side, and what to do; or what has become of the question."""
    opened = _opened_or_404(proposal_id)
    both = (opened.known.account_id, opened.new.account_id)
    write_down(my_district(), "same_person.look", ("identity_proposal", proposal_id), both)
    zone = me().time_zone
    return render_template(
        "proposals/show.html",
        opened=opened,
        why=proposal_words.why(opened.proposal, opened.service),
        doubts=proposal_words.doubts(opened.proposal, opened.known, opened.new),
        lines=list(proposal_words.lines(opened.known, opened.new, opened.service, zone)),
        place=proposal_words.place,
        outcome=proposal_words.outcome(opened.proposal, zone),
        since=ago(opened.proposal.made_at, utc_now()),
    )


@bp.route("/<uuid:proposal_id>/same", methods=["GET", "POST"])
def same(proposal_id: UUID) -> ResponseReturnValue:
    """Ask once more, then join the two."""
    return _decide(proposal_id, _join, confirm="proposals/confirm.html")


@bp.route("/<uuid:proposal_id>/different", methods=["GET", "POST"])
def different(proposal_id: UUID) -> ResponseReturnValue:
    """Keep the two apart."""
    return _decide(proposal_id, _keep_apart)


@bp.route("/<uuid:proposal_id>/undo", methods=["GET", "POST"])
def undo(proposal_id: UUID) -> ResponseReturnValue:
    """Part the two again."""
    return _decide(proposal_id, _part)


def _decide(proposal_id: UUID, act: Callable[[UUID], str], confirm: str = "") -> ResponseReturnValue:
    opened = _opened_or_404(proposal_id)
    shown = url_for(".show", proposal_id=proposal_id)
    if instead := must_log_in_again(opened.sight, shown):
        return instead
    if request.method != "POST":
        return render_template(confirm, opened=opened) if confirm and opened.proposal.waits else redirect(shown, 303)
    try:
        flash(act(proposal_id), "success")
    except CannotDecide as refused:
        flash(str(refused), "warning")
    return redirect(shown, 303)


def _join(proposal_id: UUID) -> str:
    seen = request.form.get("seen", "")
    same_person(my_district(), proposal_id, account_id=my_account(), seen=seen, now=utc_now())
    return "They are one person now. You can undo that for 30 days."


def _keep_apart(proposal_id: UUID) -> str:
    different_people(my_district(), proposal_id, account_id=my_account(), now=utc_now())
    return "They stay two people. Nobody is asked about these two again."


def _part(proposal_id: UUID) -> str:
    stayed = take_back(my_district(), proposal_id, account_id=my_account(), now=utc_now())
    left = f" {stayed} of their places in classes stayed, because they were changed since." if stayed else ""
    return f"They are two people again, each with their own id.{left}"


def _opened_or_404(proposal_id: UUID) -> Opened:
    """The question, where it is one of theirs; another district's is not there."""
    with tenant(my_district()) as session:
        found = proposal_of(session, proposal_id) or abort(404)
        sight = sight_of_proposal(session, my_account(), found) or abort(404)
        known = side_of(session, found.known_account_id, found, sight)
        new = side_of(session, found.new_account_id, found, sight)
        return Opened(found, known, new, sight, as_it_stands(session, proposal_id))
