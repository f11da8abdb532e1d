"""Clever's OAuth addresses beside the authorize page: tokens of users, tokens of districts, and OpenID Connect."""

from typing import Any

from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer, body_of, is_client
from webapp.simulator.clever.access import district_of, person_of, refused_token
from webapp.simulator.clever.identity import id_token, issuer
from webapp.simulator.clever.paging import links_of, page_of
from webapp.simulator.desk import Visitor
from webapp.simulator.stage import Stage
from webapp.simulator.world import District

SCOPES = [
    "read:user_id", "read:students_basic", "read:teachers_basic", "read:school_admins_basic",
    "read:district_admins_basic", "read:sections_limited", "read:student_contacts", "read:sis",
]  # fmt: skip


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
    answer = {"access_token": give_token(stage, code.visitor), "token_type": "bearer"}
    signed = id_token(stage, code)
    return as_json(answer | ({"id_token": signed} if signed else {}))


def give_token(stage: Stage, visitor: Visitor) -> str:
    """A fresh token of that person, which lives as long as their district's switch says."""
    desk, district = stage.desks["clever"], stage.district(visitor.district)
    token = desk.give_token(visitor)
    if district:
        desk.tokens[token] = (visitor, stage.clock() + district.doors.clever.clever_user_token_seconds)
    return token


def list_tokens(stage: Stage, request: Request) -> Response:
    """The district-app tokens of every district that is connected, or of the one asked for."""
    if not is_client(stage.desks["clever"], request):
        return as_json({"error": "invalid_client"}, 401)
    if request.args.get("owner_type") != "district":
        return as_json({"error": "invalid_request", "error_description": "owner_type must be district"}, 400)
    wanted = request.args.get("district")
    shared = [one for one in stage.districts if one.doors.clever.clever_connected and wanted in (None, one.clever_id)]
    rows = {str(row["id"]): row for row in map(token_row, shared)}
    page = page_of(sorted(rows), request.args, cap_of(stage), default=len(rows) or 1)
    links = links_of(page, "/oauth/tokens", request.args)
    return as_json({"data": [rows[one] for one in page.ids], "links": links})


def cap_of(stage: Stage) -> int:
    """The shortest page of the token list that any district asks for; mostly the list comes whole."""
    return min((cap for one in stage.districts if (cap := one.doors.clever.clever_token_list_cap)), default=0)


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
    if district_of(stage, token):
        return as_json({"client_id": stage.desks["clever"].client_id, "scopes": SCOPES})
    if person_of(stage, token):
        return as_json({"client_id": stage.desks["clever"].client_id, "scopes": SCOPES[:1]})
    return refused_token(stage, token)


def certificates(stage: Stage, request: Request) -> Response:
    """The public half of the signing key."""
    return as_json({"keys": [stage.signing_key.as_dict(private=False)]})


def discovery(stage: Stage, request: Request) -> Response:
    """The OpenID configuration. Scopes are set for each application in Clever's dashboard, not asked for."""
    here = issuer(stage)
    return as_json(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/oauth/authorize",
            "token_endpoint": f"{here}/oauth/tokens",
            "jwks_uri": f"{here}/oauth/certs",
            "userinfo_endpoint": f"{stage.url}/clever-api/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
    )
