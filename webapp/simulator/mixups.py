"""Requests that are answered as if they had been others."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request

if TYPE_CHECKING:
    from webapp.simulator.stage import Stage

PLACES = ("offset", "starting_after")
NAMED_IN = ("HTTP_AUTHORIZATION", "RAW_PATH", "PATH_INFO")
LONG = 8
"""What is shorter than a credential could be part of something else."""


def from_the_start(request: Request) -> Request:
    """The same request for the first page."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in PLACES]
    return Request(request.environ | {"QUERY_STRING": urlencode(kept)})


def in_another_district(stage: "Stage", request: Request, number: int) -> Request:
    """The same request with the credentials of that district, or of any other one; as it is where it carries none."""
    named = "\n".join(str(request.environ.get(key, "")) for key in NAMED_IN)
    for service in stage.services.values():
        doors = [credentials(service.doors(one)) for one in stage.districts]
        own = next((one for one in doors if any(value in named for value in one.values())), None)
        others = [one for place, one in enumerate(doors, 1) if one is not own and number in (0, place)]
        if own and others:
            return Request(request.environ | exchanged(request.environ, own, others[-1]))
    return request


def credentials(doors: object) -> dict[str, str]:
    """The texts in a district's doors that are long enough to be secrets or ids."""
    values = {one.name: getattr(doors, one.name) for one in fields(doors)}  # type: ignore[arg-type]
    return {name: value for name, value in values.items() if isinstance(value, str) and len(value) >= LONG}


def exchanged(environ: dict[str, Any], own: dict[str, str], other: dict[str, str]) -> dict[str, Any]:
    """Where the request names the one district, now naming the other."""
    changed = {key: str(environ[key]) for key in NAMED_IN if key in environ}
    for name, value in own.items():
        if value and name in other:
            changed = {key: text.replace(value, other[name]) for key, text in changed.items()}
    return changed
