"""What Clever's answers are wrapped in: data with links, and the little that a refusal says."""

from typing import Any

import msgspec
from werkzeug.wrappers import Response

from webapp.simulator.answers import as_json
from webapp.simulator.clever.doors import CleverDoors

NO_ROUTE = "<!DOCTYPE html><html><body><h1>404 Not Found</h1><p>No such page for this token.</p></body></html>"


def envelope(data: bytes, links: list[dict[str, str]], more: dict[str, Any] | None = None) -> Response:
    """Clever's envelope around data that is encoded already."""
    tail = msgspec.json.encode({"links": links} | (more or {}))
    return Response(b'{"data":' + data + b"," + tail[1:], mimetype="application/json")


def links_first(answer: Response) -> Response:
    """The same answer, its links before its data: no order of keys is promised."""
    body: dict[str, Any] = msgspec.json.decode(answer.get_data())
    answer.set_data(msgspec.json.encode(dict(reversed(body.items()))))
    return answer


def no_route() -> Response:
    """An address that this token may not use: HTML, not JSON."""
    return Response(NO_ROUTE, 404, mimetype="text/html")


def refused(doors: CleverDoors, words: str, status: int) -> Response:
    """A refusal as JSON. Documents and recordings differ on the key, and somewhere there may be none at all."""
    keys = {"message": ("message",), "both": ("error", "message"), "nothing": ()}.get(
        doors.clever_errors_say, ("error",)
    )
    return as_json(dict.fromkeys(keys, words), status)


def not_found(doors: CleverDoors) -> Response:
    """Deleted, not shared, or never there: Clever does not tell which."""
    return refused(doors, "Resource not found", 404)


def unknown_token(status: str = "401") -> Response:
    """What a token that is not known, expired, rotated or disconnected gets."""
    if status == "404":
        return no_route()
    answer = as_json({"code": 101, "error": "Unrecognized token string", "data": {}}, int(status or "401"))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer
