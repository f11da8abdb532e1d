"""Who a signed-in person is, as Clever tells it: `/me`, `/userinfo` and the id_token."""

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from joserfc import jwt
from werkzeug.wrappers import Response

from webapp.simulator.answers import as_json
from webapp.simulator.clever.users import clever_role, legacy_id
from webapp.simulator.desk import Code
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person

TOKEN_LIFE = 3600


def user_of(district: District, person: Person) -> Person:
    """The person whose Clever user they are part of, mostly themselves."""
    return district.people.get(person.merged_into, person)


def who_am_i(version: str, district: District, person: Person) -> Response:
    """`/me`: an id and a district, neither name nor role."""
    user = user_of(district, person).clever_id
    links = [
        {"rel": "self", "uri": "/me"},
        {"rel": "canonical", "uri": f"/{version}/users/{user}"},
        {"rel": "district", "uri": f"/{version}/districts/{district.clever_id}"},
    ]
    kind = clever_role(person) if district.doors.clever.clever_me_tells_role else "user"
    data = {"id": user, "district": district.clever_id, "type": kind, "authorized_by": "district"}
    return as_json({"type": kind, "data": data, "links": links})


def userinfo(district: District, person: Person) -> Response:
    """`/userinfo`: the signed-in person in the words of OpenID Connect, with the role of this sign-in alone."""
    schools = [district.schools[one].clever_id for one in person.schools if one in district.schools]
    more = {
        "district_id": district.clever_id,
        "name": {"first": person.given, "last": person.family, "middle": person.middle},
        "schools": schools,
        "authorized_by": "district",
    }
    return as_json(claims_about(district, person) | more)


def claims_about(district: District, person: Person) -> dict[str, Any]:
    """What the id_token and `/userinfo` both say."""
    user = user_of(district, person).clever_id
    email = {"email": person.email} if person.email else {}
    return {
        "sub": user,
        "multi_role_user_id": user,
        "user_id": legacy_id(person),
        "user_type": clever_role(person),
        "district": district.clever_id,
        **email,
        "email_verified": False,
        "given_name": person.given,
        "family_name": person.family,
    }


def issuer(stage: Stage) -> str:
    """Who signs the id_token: Clever's own address."""
    return f"{stage.url}/clever"


def id_token(stage: Stage, code: Code) -> str:
    """The signed claims for a code that was redeemed, or what the switches make of them; empty where there is none."""
    found = stage.person(code.visitor)
    if not found or not found[0].doors.clever.clever_openid:
        return ""
    now, wrong = int(stage.clock()), found[0].doors.clever.clever_wrong_token
    claims = claims_about(*found) | {
        "iss": issuer(stage),
        "aud": stage.desks["clever"].client_id,
        "iat": now,
        "exp": now + TOKEN_LIFE,
    }
    if code.asked.nonce is not None:
        claims["nonce"] = code.asked.nonce
    return signed(stage, claims | wrong_claims(found[0], claims, wrong), wrong)


def wrong_claims(district: District, claims: dict[str, Any], wrong: str) -> dict[str, Any]:
    """The claims that must not be believed."""
    others = (one.clever_id for one in district.people.values() if one.clever_id != claims["sub"])
    stranger = next(others, district.clever_id)
    wrongs: dict[str, dict[str, Any]] = {
        "wrong aud": {"aud": "somebody-else"},
        "wrong iss": {"iss": "https://clever.example"},
        "expired": {"iat": claims["iat"] - 2 * TOKEN_LIFE, "exp": claims["iat"] - TOKEN_LIFE},
        "wrong nonce": {"nonce": "not-yours"},
        "another's sub": {"sub": stranger, "multi_role_user_id": stranger},
    }
    return wrongs.get(wrong, {})


def signed(stage: Stage, claims: dict[str, Any], wrong: str) -> str:
    """The claims as a token; wrongly signed, not signed, or not there at all, if that is asked for."""
    if wrong == "missing":
        return ""
    if wrong == "alg none":
        parts = (msgspec.json.encode(part) for part in ({"alg": "none", "typ": "JWT"}, claims))
        return b".".join([*(urlsafe_b64encode(part).rstrip(b"=") for part in parts), b""]).decode()
    token = jwt.encode({"alg": "RS256", "kid": "sandbox"}, claims, stage.signing_key)
    return token[:-20] + token[-20:].swapcase() if wrong == "bad signature" else token
