"""What both services' machinery reads from a request, and how it answers with JSON."""

from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response

from webapp.simulator.desk import Desk


def bearer(request: Request) -> str:
    """The bearer token that the request carries, or nothing."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def is_client(desk: Desk, request: Request) -> bool:
    """Whether the request carries our client's id and secret as Basic authentication."""
    sent = request.authorization
    return bool(sent and sent.type == "basic" and desk.knows(sent.username or "", sent.password or ""))


def body_of(request: Request) -> dict[str, str]:
    """The body's fields, sent as a form or as JSON."""
    if request.mimetype == "application/json":
        sent = request.get_json()
        return {key: str(value) for key, value in sent.items()} if isinstance(sent, dict) else {}
    return request.form.to_dict()


def as_json(body: dict[str, Any], status: int = 200) -> Response:
    """A small JSON answer."""
    return Response(msgspec.json.encode(body), status, mimetype="application/json")
