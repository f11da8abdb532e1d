"""ClassLink's OAuth addresses beside the authorize page: codes for tokens, keys, discovery."""

from werkzeug.wrappers import Request, Response

from webapp.simulator.answers import as_json, body_of, is_client
from webapp.simulator.classlink.id_token import id_token, issuer
from webapp.simulator.desk import Code
from webapp.simulator.stage import Stage

SCOPES = ["openid", "email", "profile", "oneroster", "full", "classes", "classes.readonly", "admin", "inbox", "files"]
CLAIMS = (
    "sub given_name middle_name family_name preferred_username email email_verified profile phone_number_verified "
    "picture address classLink_tenant_id classLink_tenant_id_string classLink_role classLink_role_level "
    "classLink_sourcedId classLink_org_sourcedids"
)


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
    token = id_token(stage, code) if "openid" in code.asked.scope.replace(",", " ").split() else None
    return as_json(answer | ({"id_token": token} if token else {}))


def take_code(stage: Stage, sent: dict[str, str]) -> Code | None:
    """What the code stands for; without a return address the one that the code is bound to counts."""
    held = stage.desks["classlink"].codes.get(sent.get("code", ""))
    bound = held.asked.redirect_uri if held else ""
    return stage.desks["classlink"].take_code(
        sent.get("code", ""), redirect_uri=sent.get("redirect_uri", bound), verifier=sent.get("code_verifier")
    )


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
            "scopes_supported": SCOPES,
            "claims_supported": CLAIMS.split(),
            "grant_types_supported": ["authorization_code"],
        }
    )
