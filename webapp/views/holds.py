"""What a sync holds for a person: how much, why, whom it concerns, and the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.actions.decide_hold import NothingHeld, approve_hold, discard_hold
from webapp.jobs.queue import nudge
from webapp.store.database import tenant
from webapp.store.questions.held_removals import held_classes, held_people, held_totals
from webapp.store.questions.holds import Hold, hold_of, newer_hold, sight_of_hold
from webapp.store.questions.sight import EVERYTHING, Sight
from webapp.store.tables import SyncRun
from webapp.views import hold_words
from webapp.views.connection_words import label_of
from webapp.views.csv_files import csv_file
from webapp.views.deciding import actor, district_of, home, must_log_in_again, write_down
from webapp.views.fragments import may_be_fragment
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.session import me, my_account
from webapp.views.times import ago

bp = Blueprint("holds", __name__, url_prefix="/holds/<uuid:run_id>")
bp.after_request(may_be_fragment)

NAMED_AT_ONCE = 1_000
"""People whom the page names; the file names all."""
CHANGED = "What waits has changed since you opened this page. Look at it again before you decide."
HEADER = ("class", "role", "given_name", "family_name", "source_id", "grade", "old", "new", "reason")


@dataclass(frozen=True)
class Opened:
    """A hold, and what whoever is signed in may see and do."""

    hold: Hold
    sight: Sight
    service: str


@bp.get("")
def show(run_id: UUID) -> ResponseReturnValue:
    """The hold, or what has become of it. An operator reads numbers here, and names only on request."""
    return _page(_opened_or_404(run_id), names=me().operator_id is None)


@bp.post("/names")
def names(run_id: UUID) -> ResponseReturnValue:
    """The same with names for an operator, once that stands in the district's book."""
    opened = _opened_or_404(run_id)
    if me().operator_id is None:
        return redirect(url_for(".show", run_id=run_id), 303)
    return _page(opened, names=True)


@bp.get("/list.csv")
def download(run_id: UUID) -> ResponseReturnValue:
    """Everybody concerned, as a file; for an operator without names."""
    opened = _opened_or_404(run_id)
    with tenant(opened.hold.district_id) as session:
        people = held_people(session, opened.hold, opened.sight)
        classes = [one for one in held_classes(session, opened.hold, opened.sight) if one.freezes]
    named = me().operator_id is None
    rows = [
        (
            one.class_name,
            one.role,
            one.given_name if named else "",
            one.family_name if named else "",
            one.source_id,
            one.grade,
            *hold_words.old_and_new(one),
            one.reason,
        )
        for one in people
    ]
    rows += [(one.name, "class", "", "", "", "", one.state, "frozen", one.reason) for one in classes]
    write_down(opened.hold.district_id, "hold.file", ("sync_run", run_id), [one.account_id for one in people])
    return csv_file(f"held-{run_id}.csv", HEADER, rows)


@bp.route("/approve", methods=["GET", "POST"])
def approve(run_id: UUID) -> ResponseReturnValue:
    """Ask once more, then let exactly what was shown go ahead."""
    return _decide(run_id, "approve", approve_hold)


@bp.route("/discard", methods=["GET", "POST"])
def discard(run_id: UUID) -> ResponseReturnValue:
    """Ask once more, then drop it: everything stays as it is."""
    return _decide(run_id, "discard", discard_hold)


def _decide(run_id: UUID, verdict: str, act: Callable[..., SyncRun]) -> ResponseReturnValue:
    opened = _opened_or_404(run_id)
    shown = url_for(".show", run_id=run_id)
    if instead := must_log_in_again(opened.sight, shown):
        return instead
    plan = request.values.get("plan", "")
    if not opened.hold.waits or plan != opened.hold.plan_hash:
        flash(CHANGED, "warning")
        return redirect(shown, 303)
    if request.method != "POST":
        return _confirmation(opened, verdict)
    try:
        # The plan's hash goes along: between this page's look and the action's another plan may come to wait.
        run = act(opened.hold.district_id, run_id, now=utc_now(), plan_hash=plan, by=actor())
    except NothingHeld as gone:
        flash(str(gone), "warning")
        return redirect(shown, 303)
    if run.state == "requested":
        nudge(run.id, opened.hold.district_id, fast=True)
    return redirect(shown, 303)


def _opened_or_404(run_id: UUID) -> Opened:
    """The hold, where it is one of theirs; another district's is not there."""
    with tenant(district_of(run=run_id)) as session:
        hold = hold_of(session, run_id) or abort(404)
        sight = EVERYTHING if me().operator_id else sight_of_hold(session, my_account(), hold) or abort(404)
    return Opened(hold, sight, label_of(hold.provider, house().services))


def _page(opened: Opened, *, names: bool) -> str:
    hold, sight = opened.hold, opened.sight
    with tenant(hold.district_id) as session:
        people = held_people(session, hold, sight, limit=NAMED_AT_ONCE + 1) if names else []
        classes, totals = held_classes(session, hold, sight), held_totals(session, hold, sight)
        newer = newer_hold(session, hold)
    write_down(hold.district_id, "hold.names", ("sync_run", hold.run_id), [one.account_id for one in people])
    return render_template(
        "holds/_hold.html" if request.headers.get("HX-Request") else "holds/show.html",
        **_head(opened),
        names=names,
        people_cut=len(people) > NAMED_AT_ONCE,
        lines=hold_words.class_lines(classes, people[:NAMED_AT_ONCE]),
        exchanged=[one for one in people[:NAMED_AT_ONCE] if one.class_id is None],
        totals=totals,
        newer=newer,
        outcome=hold_words.outcome(hold, opened.service, replaced=newer is not None),
    )


def _confirmation(opened: Opened, verdict: str) -> str:
    with tenant(opened.hold.district_id) as session:
        totals = held_totals(session, opened.hold, opened.sight)
    words = hold_words.approving(opened.hold, totals)
    return render_template("holds/confirm.html", **_head(opened), verdict=verdict, words=words)


def _head(opened: Opened) -> dict[str, object]:
    return {
        "hold": opened.hold,
        "sight": opened.sight,
        "service": opened.service,
        "why": hold_words.why(opened.hold, opened.service),
        "kinds": hold_words.KINDS,
        "roles": hold_words.ROLES,
        "old_and_new": hold_words.old_and_new,
        "back": home(),
        "since": ago(opened.hold.since, utc_now()),
    }
