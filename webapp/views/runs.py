"""The runs of a connection for those who answer for it: what each changed, and taking a whole one back."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.actions.request_undo import CannotUndo, request_undo, why_not
from webapp.jobs.queue import nudge
from webapp.store.database import tenant
from webapp.store.questions.recent_runs import (
    PAGE,
    RunHead,
    recent_runs,
    run_head,
    sight_of_connection,
    sight_of_run,
)
from webapp.store.questions.run_changes import (
    CLASSES_AT_ONCE,
    ROWS_AT_ONCE,
    classes_touched,
    everything_touched,
    left_alone_by,
    people_touched,
    touched_in,
)
from webapp.store.questions.runs import connection_by_id, district_today, run_by_id
from webapp.store.questions.sight import EVERYTHING, Sight
from webapp.store.questions.undo_previews import NAMED_AT_ONCE, RunPreview, run_preview
from webapp.store.questions.undoing import UNDO_FOR
from webapp.store.undo_plan import Undo
from webapp.views import run_words
from webapp.views.connection_words import label_of
from webapp.views.csv_files import csv_file
from webapp.views.deciding import actor, district_of, home, must_log_in_again, write_down
from webapp.views.fragments import may_be_fragment
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.session import me, my_account
from webapp.views.times import ago, moment

bp = Blueprint("runs", __name__)
bp.after_request(may_be_fragment)

HEADER = ("class", "record", "role", "given_name", "family_name", "source_id", "before", "after")


@dataclass(frozen=True)
class Opened:
    """A run, and what whoever is signed in may see and do."""

    run: RunHead
    sight: Sight
    why_not: str
    """Why it cannot be undone; empty where it can."""


@bp.get("/connections/<uuid:connection_id>/runs")
def recent(connection_id: UUID) -> ResponseReturnValue:
    """What syncs and people did by this connection in the last 30 days, newest first."""
    with tenant(district_of(connection=connection_id)) as session:
        connection = connection_by_id(session, connection_id) or abort(404)
        sight = EVERYTHING if me().operator_id else sight_of_connection(session, my_account(), connection_id)
        before, since = request.args.get("before", type=UUID), utc_now() - UNDO_FOR
        found = recent_runs(session, connection_id, sight or abort(404), since=since, before=before)
    return render_template(
        "runs/recent.html",
        connection=connection,
        service=label_of(connection.provider, house().services),
        runs=found[:PAGE],
        older=found[PAGE - 1].run_id if len(found) > PAGE else None,
        newest=before is None,
        back=home(),
        **_words(),
    )


@bp.get("/runs/<uuid:run_id>")
def show(run_id: UUID) -> ResponseReturnValue:
    """One run: what it changed, class by class, and how an undo goes. An operator reads numbers here."""
    return _page(_opened_or_404(run_id), names=me().operator_id is None)


@bp.post("/runs/<uuid:run_id>/names")
def names(run_id: UUID) -> ResponseReturnValue:
    """The same with names for an operator, which the district's book tells."""
    opened = _opened_or_404(run_id)
    if me().operator_id is None:
        return redirect(url_for(".show", run_id=run_id), 303)
    return _page(opened, names=True)


@bp.get("/runs/<uuid:run_id>/list.csv")
def download(run_id: UUID) -> ResponseReturnValue:
    """All that the run changed, as a file; for an operator without names."""
    opened = _opened_or_404(run_id)
    named = me().operator_id is None
    with tenant(opened.run.district_id) as session:
        touched = everything_touched(session, opened.run, opened.sight)
    rows = []
    for row in touched:
        # Names and numbers stand on both sides of a person's row, so an operator's file has neither.
        before, after = run_words.before_and_after(row) if named or row.record != "account" else ("", "")
        name = (row.given_name, row.family_name) if named else ("", "")
        rows.append((row.class_name, row.record, row.role, *name, row.source_id, before, after))
    write_down(opened.run.district_id, "run.file", ("sync_run", run_id), [row.account_id for row in touched])
    return csv_file(f"run-{run_id}.csv", HEADER, rows)


@bp.route("/runs/<uuid:run_id>/undo", methods=["GET", "POST"])
def undo(run_id: UUID) -> ResponseReturnValue:
    """Show what taking the whole run back would do, and then do it."""
    opened = _opened_or_404(run_id)
    if instead := must_log_in_again(opened.sight, url_for(".undo", run_id=run_id)):
        return instead
    if request.method != "POST" and not opened.why_not:
        return _confirmation(opened)
    try:
        undo_id = request_undo(opened.run.district_id, run_id, now=utc_now(), by=actor())
    except CannotUndo as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for(".show", run_id=run_id), 303)
    nudge(undo_id, opened.run.district_id, fast=True)
    return redirect(url_for(".show", run_id=undo_id), 303)


def _opened_or_404(run_id: UUID) -> Opened:
    """The run, where it is one of theirs; another district's is not there."""
    with tenant(district_of(run=run_id)) as session:
        run = run_by_id(session, run_id) or abort(404)
        sight = EVERYTHING if me().operator_id else sight_of_run(session, my_account(), run_id)
        head = run_head(session, run_id, sight or abort(404))
        assert head is not None and sight is not None
        if sight.licenses is not None and head.nothing:
            abort(404)  # it is wholly about classes of others
        return Opened(head, sight, why_not(session, run, now=utc_now()))


def _page(opened: Opened, *, names: bool) -> str:
    run, sight = opened.run, opened.sight
    page = max(request.args.get("page", 0, type=int), 0)
    with tenant(run.district_id) as session:
        classes = classes_touched(session, run.run_id, sight, page=page)
        shown = classes[:CLASSES_AT_ONCE]
        rows = touched_in(session, run, sight, [one.class_id for one in shown]) if names else []
        people = people_touched(session, run, sight) if names and not page else []
        stayed = left_alone_by(session, run.run_id, sight) if run.skipped and names else []
    read = [one.account_id for one in rows[:ROWS_AT_ONCE] + people[:ROWS_AT_ONCE]]
    read += [one.account_id for one in stayed]
    write_down(run.district_id, "run.names", ("sync_run", run.run_id), read)
    return render_template(
        "runs/_run.html" if request.headers.get("HX-Request") else "runs/show.html",
        opened=opened,
        run=run,
        service=_service(run),
        names=names,
        lines=run_words.class_lines(shown, rows[:ROWS_AT_ONCE]),
        people=people[:ROWS_AT_ONCE],
        cut=len(rows) > ROWS_AT_ONCE or len(people) > ROWS_AT_ONCE,
        stayed=[run_words.stayed(one) for one in stayed],
        page=page,
        more=len(classes) > CLASSES_AT_ONCE,
        **_words(),
    )


def _confirmation(opened: Opened) -> str:
    run, named = opened.run, me().operator_id is None
    with tenant(run.district_id) as session:
        would = _preview(session, run)
    people = would.people if named else []
    write_down(run.district_id, "run.preview", ("sync_run", run.run_id), [one.account_id for one in people])
    return render_template(
        "runs/undo.html",
        run=run,
        service=_service(run),
        would=would,
        cut=len(would.people) >= NAMED_AT_ONCE,
        named=named,
        **_words(),
    )


def _preview(session: Session, run: RunHead) -> RunPreview:
    today = district_today(session, run.district_id, utc_now())
    return run_preview(session, Undo(run.district_id, run.connection_id, today, undoes=run.run_id))


def _service(run: RunHead) -> str:
    return label_of(run.provider, house().services)


def _words() -> dict[str, object]:
    now = utc_now()
    return {"say": run_words, "moment": moment, "since": lambda when: ago(when, now), "days": UNDO_FOR.days}
