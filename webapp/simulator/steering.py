"""Steering over HTTP: districts, moves, faults, switches and counters, JSON in and out."""

from dataclasses import asdict, fields
from datetime import date
from typing import Any, TypeVar

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from webapp.simulator.clever_api import as_json
from webapp.simulator.faults import KINDS, Fault
from webapp.simulator.moves import CannotMove, Wish, make_move
from webapp.simulator.pages import refusal
from webapp.simulator.seed import SIZES
from webapp.simulator.stage import Stage
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


def row(district: District) -> dict[str, Any]:
    """What one needs to connect to a district."""
    return {
        "number": district.number,
        "name": district.name,
        "clever_district": district.clever_id,
        "classlink_tenant": str(district.doors.tenant_id),
    }


def list_districts(stage: Stage, request: Request) -> Response:
    """Every district."""
    return as_json({"districts": [row(one) for one in stage.districts]})


def add_district(stage: Stage, request: Request) -> Response:
    """Grow one more district."""
    asked = sent(request)
    size = asked.get("size", "demo")
    if size not in SIZES:
        raise BadRequest(f"size is one of {', '.join(SIZES)}")
    today = date.fromisoformat(asked["today"]) if asked.get("today") else date.today()
    seed = int(asked.get("seed", 1))
    return as_json(row(stage.add_grown(seed=seed, size=size, today=today, name=asked.get("name"))), 201)


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
    wanted = {key: request.form.get(key, "").strip() for key in ("move", "section", "name")}
    try:
        happen(stage, number, Wish(**wanted))
    except BadRequest as reason:
        return refusal(stage.clever, str(reason.description))
    return redirect(f"/?district={number}", 303)


def add_fault(stage: Stage, request: Request) -> Response:
    """Switch one fault on."""
    fault = shaped(Fault, sent(request))
    if fault.fault not in KINDS or fault.service not in ("clever", "classlink"):
        raise BadRequest(f"fault is one of {', '.join(KINDS)}; service is clever or classlink")
    stage.faults.on.append(fault)
    return as_json({"faults": [asdict(one) for one in stage.faults.on]}, 201)


def clear_faults(stage: Stage, request: Request) -> Response:
    """Switch every fault off."""
    stage.faults.on.clear()
    return as_json({"faults": []})


def show_requests(stage: Stage, request: Request) -> Response:
    """What the services were asked since the last reset."""
    return as_json(stage.meter.told())


def reset_requests(stage: Stage, request: Request) -> Response:
    """Count from nought again."""
    stage.meter.counts.clear()
    stage.meter.paths.clear()
    return as_json(stage.meter.told())


def switch(stage: Stage, request: Request, number: int) -> Response:
    """What the district allows from now on, and which credentials it renews."""
    doors, asked = district_or_404(stage, number).doors, sent(request)
    plain = {"clever_connected", "classlink_enabled", "page_cap", "clever_rate_limit"}
    unknown = asked.keys() - plain - {"rotate_clever_token", "rotate_classlink_bearer"}
    if unknown:
        raise BadRequest(f"unknown: {', '.join(sorted(unknown))}")
    for name in plain & asked.keys():
        setattr(doors, name, asked[name])
    if asked.get("rotate_clever_token"):
        doors.rotate_clever_token()
    if asked.get("rotate_classlink_bearer"):
        doors.rotate_bearer()
    stage.keep()
    return as_json(asdict(doors))


def set_public_url(stage: Stage, request: Request) -> Response:
    """Where portal and tile lead from now on."""
    stage.set_public_url(str(sent(request).get("public_url", "")))
    return as_json({"clever": stage.clever.primary, "classlink": stage.classlink.primary})
