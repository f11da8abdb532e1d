"""LaunchPad's id_token, and the wrong ones that nobody may accept."""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey

from webapp.simulator.classlink.nodeapi import role_of
from webapp.simulator.desk import Code
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person

DAY = 86_400
Claims = dict[str, Any]


def issuer(stage: Stage) -> str:
    """Who signs the id_token: LaunchPad's own address."""
    return f"{stage.url}/launchpad"


def id_token(stage: Stage, code: Code) -> str | None:
    """The signed claims about the code's person, or what the district's switch makes of them."""
    found = stage.person(code.visitor)
    if found is None:
        return None
    claims = claims_of(stage, *found)
    if code.asked.nonce is not None:
        claims["nonce"] = code.asked.nonce
    wrong = found[0].doors.classlink.classlink_id_token
    if wrong == "been left out":
        return None
    return signed(stage, spoilt(stage, claims, wrong, *found), wrong)


def claims_of(stage: Stage, district: District, person: Person) -> Claims:
    """The claims; there is no `nbf` among them, and `profile` is a role, not an address."""
    now = int(stage.clock())
    return {
        "iss": issuer(stage),
        "sub": str(person.classlink_id),
        "aud": stage.desks["classlink"].client_id,
        "iat": now,
        "auth_time": now,
        "exp": now + DAY,
        "login_hint": person.username,
        "email": person.email,
        "email_verified": True,
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "profile": role_of(person)[0],
        "address": {"locality": district.name},
    }


def spoilt(stage: Stage, claims: Claims, wrong: str, district: District, person: Person) -> Claims:
    """The claims with the one that is wrong."""
    if wrong == "no nonce":
        return {name: value for name, value in claims.items() if name != "nonce"}
    others = (
        str(one.classlink_id) for one in district.people.values() if one is not person and one.kind == person.kind
    )
    changes: dict[str, Claims] = {
        "another audience": {"aud": "c-somebody-else"},
        "another issuer": {"iss": f"{stage.url}/elsewhere"},
        "expired": {name: claims[name] - 2 * DAY for name in ("iat", "auth_time", "exp")},
        "another nonce": {"nonce": "of-another-sign-in"},
        "somebody else's sub": {"sub": next(others, "1")},
    }
    return claims | changes.get(wrong, {})


def signed(stage: Stage, claims: Claims, wrong: str) -> str:
    """The claims, signed with the published key, with another under its name, or not at all."""
    if wrong == "alg none":
        return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."
    key = RSAKey.generate_key(2048) if wrong == "another key" else stage.signing_key
    return jwt.encode({"alg": "RS256", "kid": "sandbox"}, claims, key)


def part(values: Claims) -> str:
    """One part of a token."""
    return urlsafe_b64encode(msgspec.json.encode(values)).rstrip(b"=").decode()
