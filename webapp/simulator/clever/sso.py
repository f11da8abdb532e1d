"""Clever's OAuth addresses beside the authorize page: tokens of users, tokens of districts."""

from typing import Any

from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer, body_of, is_client
from webapp.simulator.clever.api import connected, district_of, unknown_token
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

SCOPES = ["read:user_id", "read:students_basic", "read:teachers_basic", "read:district_admins_basic", "read:sis"]


def exchange(stage: Stage, request: Request) -> Response:
    """A code for a user's token: Basic authentication, a form or JSON, each code once."""
    if not is_client(stage.desks["clever"], request):
        return as_json({"error": "invalid_client", "error_description": "client authentication failed"}, 401)
    sent = body_of(request)
    if sent.get("grant_type") != "authorization_code":
        return as_json({"error": "unsupported_grant_type"}, 400)
    code = stage.desks["clever"].take_code(
        sent.get("code", ""), redirect_uri=sent.get("redirect_uri", ""), verifier=sent.get("code_verifier")
    )
    if code is None:
        return as_json({"error": "invalid_grant", "error_description": "invalid code"}, 400)
    # Clever documents neither an expiry nor a refresh token.
    return as_json({"access_token": stage.desks["clever"].give_token(code.visitor), "token_type": "bearer"})


def list_tokens(stage: Stage, request: Request) -> Response:
    """The district-app tokens of every district that is connected, or of the one asked for."""
    if not is_client(stage.desks["clever"], request):
        return as_json({"error": "invalid_client"}, 401)
    if request.args.get("owner_type") != "district":
        return as_json({"error": "invalid_request", "error_description": "owner_type must be district"}, 400)
    wanted = request.args.get("district")
    shared = [one for one in stage.districts if one.doors.clever.clever_connected and wanted in (None, one.clever_id)]
    links = [{"rel": "self", "uri": request.full_path.removeprefix("/clever")}]
    return as_json({"data": [token_row(one) for one in shared], "links": links})


def token_row(district: District) -> dict[str, Any]:
    """One district's row of the token list."""
    return {
        "id": "4a" + district.clever_id[2:],
        "created": district.opened,
        "owner": {"type": "district", "id": district.clever_id},
        "access_token": district.doors.clever.clever_token,
        "scopes": SCOPES,
    }


def token_info(stage: Stage, request: Request) -> Response:
    """Which client a token was given to, and for what."""
    token = bearer(request)
    if district_of(stage, token) or connected(stage.person(stage.desks["clever"].holder(token))):
        return as_json({"client_id": stage.desks["clever"].client_id, "scopes": SCOPES})
    return unknown_token()
