"""ClassLink's OAuth addresses beside the authorize page, and what nodeapi says about the signed-in person."""

from typing import Any

from joserfc import jwt
from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, bearer, body_of, is_client
from webapp.simulator.desk import Code, Visitor
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person

ROLES = {"student": ("Student", 4), "guardian": ("Parent", 5), "district_admin": ("Tenant Administrator", 1)}
"""Principals and aides arrive as teachers: the roster record is the better place to learn what they are."""


def exchange(stage: Stage, request: Request) -> Response:
    """A code for a token; grant type and return address may be left out, but must be right if they are sent."""
    sent = body_of(request)
    known = stage.desks["classlink"].knows(sent.get("client_id", ""), sent.get("client_secret", ""))
    if not known and not is_client(stage.desks["classlink"], request):
        return as_json({"error": "invalid_client", "message": "client authentication failed"}, 401)
    if sent.get("grant_type", "authorization_code") != "authorization_code":
        return as_json({"error": "unsupported_grant_type"}, 400)
    code = take_code(stage, sent)
    if code is None:
        return as_json({"error": "invalid_grant", "message": "invalid code"}, 400)
    answer = {
        "access_token": stage.desks["classlink"].give_token(code.visitor),
        "token_type": "Bearer",
        "response_type": "code",
    }
    if "openid" in code.asked.scope.replace(",", " ").split():
        answer["id_token"] = id_token(stage, code)
    return as_json(answer)


def take_code(stage: Stage, sent: dict[str, str]) -> Code | None:
    """What the code stands for; without a return address the one that the code is bound to counts."""
    held = stage.desks["classlink"].codes.get(sent.get("code", ""))
    bound = held.asked.redirect_uri if held else ""
    return stage.desks["classlink"].take_code(
        sent.get("code", ""), redirect_uri=sent.get("redirect_uri", bound), verifier=sent.get("code_verifier")
    )


def id_token(stage: Stage, code: Code) -> str:
    """The signed claims about the person; there is no `nbf` among them, and `profile` is a role, not an address."""
    found = stage.person(code.visitor)
    if found is None:
        return ""
    district, person = found
    now = int(stage.clock())
    claims: dict[str, Any] = {
        "iss": issuer(stage),
        "sub": str(person.classlink_id),
        "aud": stage.desks["classlink"].client_id,
        "iat": now,
        "auth_time": now,
        "exp": now + 86_400,
        "login_hint": person.username,
        "email": person.email,
        "email_verified": True,
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "profile": role_of(person)[0],
        "address": {"locality": district.name},
    }
    if code.asked.nonce is not None:
        claims["nonce"] = code.asked.nonce
    return jwt.encode({"alg": "RS256", "kid": "sandbox"}, claims, stage.signing_key)


def issuer(stage: Stage) -> str:
    """Who signs the id_token: LaunchPad's own address."""
    return f"{stage.url}/launchpad"


def role_of(person: Person) -> tuple[str, int]:
    """ClassLink's word and number for what a person is."""
    return ROLES.get(person.kind, ("Teacher", 3))


def jwks(stage: Stage, request: Request) -> Response:
    """The public half of the signing key."""
    return as_json({"keys": [stage.signing_key.as_dict(private=False)]})


def discovery(stage: Stage, request: Request) -> Response:
    """The OpenID configuration."""
    here = issuer(stage)
    return as_json(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/oauth2/v2/auth",
            "token_endpoint": f"{here}/oauth2/v2/token",
            "jwks_uri": f"{here}/oauth2/v2/jwks",
            "userinfo_endpoint": f"{stage.url}/nodeapi/v2/my/profileinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "scopes_supported": ["openid", "email", "profile", "oneroster", "full"],
        }
    )


def answer_nodeapi(stage: Stage, request: Request, what: str) -> Response:
    """`/v2/my/...` for the token's holder."""
    visitor: Visitor | None = stage.desks["classlink"].holder(bearer(request))
    found = stage.person(visitor)
    if found is None:
        return as_json({"message": "Unauthorized"}, 401)
    if what == "info":
        return as_json(my_info(*found))
    if what == "profileinfo":
        return as_json({"sub": str(found[1].classlink_id), "name": found[1].name, "email": found[1].email})
    return as_json({"message": "Not found"}, 404)


def my_info(district: District, person: Person) -> dict[str, Any]:
    """The flat record that most vendors read."""
    role, level = role_of(person)
    return {
        "UserId": person.classlink_id,
        "TenantId": district.doors.classlink.tenant_id,
        "SourcedId": person.sourced_id,
        "LoginId": person.username,
        "Email": person.email,
        "FirstName": person.given,
        "LastName": person.family,
        "DisplayName": person.name,
        "Role": role,
        "Role_Level": level,
        "Tenant": district.name,
        "Building": district.schools[person.schools[0]].name if person.schools else district.name,
        "BuildingId": district.number * 100,
        "StateId": 5,
        "StateName": "California",
        "ProfileId": district.number * 10 + level,
        "Profile": role,
        "LanguageId": 1,
        "Language": "English",
        "AuthenticationType": 1,
        "DefaultTimeFormat": 12,
        "ImagePath": "",
        "LastAccessTime": district.opened,
        "OrgId": list(person.schools),
        "or_email": person.email,
    }
