"""**Add from Rostering Service**: the sections that a teacher could import, and how far her import is."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request
from sqlalchemy.orm import Session

from webapp.actions.continuations import CannotContinue
from webapp.actions.offer_sections import CannotImport, offer_sections
from webapp.actions.request_import import ChooseLicense, NothingTicked, NotYourSection, request_import
from webapp.jobs.queue import nudge
from webapp.store.database import tenant
from webapp.store.questions.class_runs import import_asked_by
from webapp.store.questions.classes import ClassCard, classes_of_sections
from webapp.store.questions.succession import not_continued
from webapp.store.tables import SyncRun
from webapp.views.fragments import may_be_fragment
from webapp.views.house import house
from webapp.views.import_list import Choices, import_lines
from webapp.views.now import utc_now
from webapp.views.reading_order import by_period, letters
from webapp.views.session import my_account, my_district
from webapp.views.times import short_day

bp = Blueprint("import_classes", __name__, url_prefix="/classes")
bp.add_app_template_filter(short_day)
bp.after_request(may_be_fragment)


@bp.get("/add")
def offer() -> ResponseReturnValue:
    """Her sections, asked live; or the one cause why there are none to import, and the next step."""
    return _list(Choices(class_id=request.args.get("class", type=UUID)))


@bp.post("/add")
def start() -> ResponseReturnValue:
    """Ask for the ticked sections; from here on the progress page tells the rest."""
    choices = _chosen()
    try:
        run_id = request_import(
            my_district(),
            my_account(),
            choices.ticked,
            services=house().services,
            now=utc_now(),
            license_id=request.form.get("license", type=UUID),
            continuing=choices.continuing,
        )
    except (NothingTicked, CannotContinue) as refusal:
        return _list(choices, refusal.sentence)
    except CannotImport as cause:
        return _cannot(cause)
    except NotYourSection as refusal:
        return render_template("teacher/not_your_section.html", sentence=refusal.sentence), 403
    except ChooseLicense as choice:
        return render_template(
            "teacher/choose_license.html",
            licenses=choice.licenses,
            ticked=choices.ticked,
            continuing=choices.continuing,
        )
    nudge(run_id, my_district(), fast=True)
    return redirect(url_for(".progress", run_id=run_id), 303)


@bp.get("/imports/<uuid:run_id>")
def progress(run_id: UUID) -> ResponseReturnValue:
    """How far an import of her own is; at its end, the new classes."""
    template = "teacher/_import_progress.html" if request.htmx else "teacher/import_progress.html"
    with tenant(my_district()) as session:
        run = import_asked_by(session, run_id, my_account()) or abort(404)
        ended = run.state in ("done", "held")
        return render_template(
            template,
            run=run,
            open=run.state in ("requested", "running", "parked"),
            ended=ended,
            classes=_new_classes(session, run) if ended else [],
            continued=[one["class"] for one in run.continues.values()],
            not_continued=not_continued(session, run) if ended else [],
        )


def _chosen() -> Choices:
    """What the form says: which sections, and with which of them a class goes on."""
    ticked = request.form.getlist("section")
    classes = {one: request.form.get(f"with-{one}", type=UUID) for one in ticked}
    continuing = {section: class_id for section, class_id in classes.items() if class_id}
    return Choices(ticked, continuing, request.form.get("class", type=UUID))


def _list(choices: Choices, problem: str = "") -> ResponseReturnValue:
    try:
        offered = offer_sections(
            my_district(), my_account(), services=house().services, now=utc_now(), class_id=choices.class_id
        )
    except CannotImport as cause:
        return _cannot(cause)
    lines = import_lines(offered, choices)
    going_on = next((one.continues.name for one in offered if one.continues and choices.class_id), "")
    page = render_template(
        "teacher/import_list.html",
        problem=problem,
        class_id=choices.class_id,
        going_on=going_on,
        now=[line for line in lines if line.offered.current],
        other_terms=[line for line in lines if not line.offered.current],
        importable=sum(line.importable for line in lines),
        services=house().services,
        sources=" and ".join(dict.fromkeys(house().services[one.provider].label for one in offered)),
    )
    return page, 422 if problem else 200


def _new_classes(session: Session, run: SyncRun) -> list[ClassCard]:
    cards = classes_of_sections(session, run.connection_id, run.scope or [])
    return sorted(cards, key=lambda card: (by_period(card.period), letters(card.name)))


def _cannot(cause: CannotImport) -> ResponseReturnValue:
    service = house().services.get(cause.provider)
    return render_template("teacher/cannot_import.html", cause=cause, service=service)
