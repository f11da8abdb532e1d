"""Steering over HTTP: districts, moves, faults, switches and counters, JSON in and out."""

from dataclasses import asdict, fields
from datetime import date
from typing import Any, TypeVar

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json
from webapp.simulator.classlink.twins import twin_of
from webapp.simulator.faults import KINDS, Fault
from webapp.simulator.moves import CannotMove, Wish, make_move
from webapp.simulator.pages import refusal
from webapp.simulator.seed import SIZES
from webapp.simulator.stage import Stage
from webapp.simulator.switches import WrongSwitch, set_switch, shown, switches_of
from webapp.simulator.truth import truth_of
from webapp.simulator.world import District

Shape = TypeVar("Shape")


def sent(request: Request) -> dict[str, Any]:
    """The JSON object that was sent; an empty body is an empty one."""
    body = request.get_json(silent=True) if request.content_length else {}
    if not isinstance(body, dict):
        raise BadRequest("send a JSON object")
    return body


def shaped(shape: type[Shape], values: dict[str, Any]) -> Shape:
    """The values as that dataclass; an unknown or missing one is refused by name."""
    unknown = values.keys() - {field.name for field in fields(shape)}  # type: ignore[arg-type]
    if unknown:
        raise BadRequest(f"unknown: {', '.join(sorted(unknown))}")
    try:
        return shape(**values)
    except TypeError as refused:
        raise BadRequest(str(refused)) from refused


def refused(error: HTTPException) -> Response:
    """A refusal as JSON."""
    return as_json({"error": error.description}, error.code or 400)


def district_or_404(stage: Stage, number: int) -> District:
    """The district of that number."""
    if district := stage.district(number):
        return district
    raise NotFound(f"there is no district {number}")


def row(stage: Stage, district: District) -> dict[str, Any]:
    """What one needs to connect to a district."""
    return {
        "number": district.number,
        "name": district.name,
        **stage.names(district),
    }


def list_districts(stage: Stage, request: Request) -> Response:
    """Every district."""
    return as_json({"districts": [row(stage, one) for one in stage.districts]})


def add_district(stage: Stage, request: Request) -> Response:
    """Grow one more district, or a twin of one that is here."""
    asked = sent(request)
    if "twin_of" in asked:
        model = district_or_404(stage, int(asked["twin_of"]))
        return as_json(row(stage, stage.add(lambda number: twin_of(model, number))), 201)
    size = asked.get("size", "demo")
    if size not in SIZES:
        raise BadRequest(f"size is one of {', '.join(SIZES)}")
    today = date.fromisoformat(asked["today"]) if asked.get("today") else date.today()
    seed = int(asked.get("seed", 1))
    return as_json(row(stage, stage.add_grown(seed=seed, size=size, today=today, name=asked.get("name"))), 201)


def show_truth(stage: Stage, request: Request, number: int) -> Response:
    """What is true in a district, in words of neither service."""
    return as_json(truth_of(district_or_404(stage, number)))


def move(stage: Stage, request: Request, number: int) -> Response:
    """Let one thing happen."""
    wish = shaped(Wish, {key: value for key, value in sent(request).items() if value is not None})
    return as_json(happen(stage, number, wish))


def happen(stage: Stage, number: int, wish: Wish) -> dict[str, Any]:
    """Let one thing happen, and keep it."""
    try:
        happened = make_move(district_or_404(stage, number), wish)
    except CannotMove as reason:
        raise BadRequest(str(reason)) from reason
    stage.keep()
    return happened


def move_by_button(stage: Stage, request: Request, number: int) -> Response:
    """The same from the sandbox's page, which then tells what happened."""
    wanted = {key: request.form.get(key, "").strip() for key in ("move", "section", "name", "person", "school", "to")}
    try:
        happen(stage, number, Wish(**wanted))
    except BadRequest as reason:
        return refusal(next(iter(stage.desks.values())), str(reason.description))
    return redirect(f"/?district={number}", 303)


def add_fault(stage: Stage, request: Request) -> Response:
    """Switch one fault on."""
    fault = shaped(Fault, sent(request))
    if fault.fault not in KINDS or fault.service not in stage.services:
        raise BadRequest(f"fault is one of {', '.join(KINDS)}; service is {' or '.join(stage.services)}")
    stage.faults.on.append(fault)
    return as_json({"faults": [asdict(one) for one in stage.faults.on]}, 201)


def clear_faults(stage: Stage, request: Request) -> Response:
    """Switch every fault off, and tell how often they struck."""
    return as_json({"faults": [], "struck": stage.faults.clear()})


def show_requests(stage: Stage, request: Request) -> Response:
    """What the services were asked since the last reset."""
    return as_json(stage.meter.told())


def reset_requests(stage: Stage, request: Request) -> Response:
    """Count from nought again."""
    stage.meter.counts.clear()
    stage.meter.paths.clear()
    return as_json(stage.meter.told())


def switch(stage: Stage, request: Request, number: int) -> Response:
    """What the district allows from now on, which oddities it shows, and which credentials it renews."""
    district = district_or_404(stage, number)
    set_all(stage, district, sent(request))
    told = [asdict(one.doors(district)) for one in stage.services.values()]
    return as_json({name: value for doors in told for name, value in doors.items()})


def switch_by_form(stage: Stage, request: Request, number: int) -> Response:
    """The same from the sandbox's page: all switches of one service, where a box that is off sends nothing."""
    district = district_or_404(stage, number)
    asked: dict[str, Any] = request.form.to_dict()
    service = stage.services.get(asked.pop("service", ""))
    if service and "save" in asked:
        flags = {one.name: "" for one in shown(service.doors(district)) if one.kind == "flag"}
        asked = flags | {name: value for name, value in asked.items() if name != "save"}
    try:
        set_all(stage, district, asked)
    except BadRequest as reason:
        return refusal(next(iter(stage.desks.values())), str(reason.description))
    return redirect(f"/?district={number}", 303)


def set_all(stage: Stage, district: District, asked: dict[str, Any]) -> None:
    """Set what is named, and press what is named and true. Raises BadRequest, and then nothing has changed."""
    doors = [(one.doors(district), one.presses) for one in stage.services.values()]
    known = {field.name for one, _ in doors for field in switches_of(one)}.union(*(presses for _, presses in doors))
    if asked.keys() - known:
        raise BadRequest(f"unknown: {', '.join(sorted(asked.keys() - known))}")
    try:
        for one, presses in doors:
            for name in asked.keys() & presses.keys():
                if asked[name]:
                    presses[name](one)
            for name, value in asked.items():
                set_switch(one, name, value)
    except WrongSwitch as wrong:
        raise BadRequest(str(wrong)) from wrong
    district.touched()
    stage.keep()


def switch_fault_by_form(stage: Stage, request: Request) -> Response:
    """Switch one fault on, or all off, from the sandbox's page."""
    asked = request.form
    if "clear" in asked:
        stage.faults.clear()
    elif asked.get("fault") in KINDS and asked.get("service") in stage.services:
        numbers = {name: int(asked[name]) for name in ("status", "times", "skip") if asked.get(name, "").isdigit()}
        fault = Fault(service=asked["service"], fault=asked["fault"], path=asked.get("path", ""), **numbers)  # type: ignore[arg-type]
        stage.faults.on.append(fault)
    return redirect("/", 303)


def set_public_url(stage: Stage, request: Request) -> Response:
    """Where portal and tile lead from now on."""
    stage.set_public_url(str(sent(request).get("public_url", "")))
    return as_json({key: desk.primary for key, desk in stage.desks.items()})
