"""Clever's OpenID Connect: what its documents say of the id_token, and how it may be wrong."""

import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.simulator.visitor import Caller, Shared
from tests.simulator.walking import set_switches
from webapp.simulator.clever.doors import WRONG_TOKENS


@pytest.fixture
def teacher(tiny: Shared) -> str:
    """A teacher's id."""
    return str(tiny.clever_all("users?role=teacher")[0]["id"])


def token_of(caller: Caller, person: str, **asked: str) -> str:
    """The id_token that comes with a sign-in; empty where none comes."""
    return str(caller.exchange_clever(caller.code("clever", person, **asked)).json().get("id_token", ""))


def discovered(caller: Caller) -> dict[str, Any]:
    """The OpenID configuration."""
    found: dict[str, Any] = caller.get("/clever/.well-known/openid-configuration")
    return found


def claims_of(caller: Caller, token: str) -> dict[str, Any]:
    """The claims, their signature checked with the keys that the configuration leads to."""
    keys = caller.get(discovered(caller)["jwks_uri"].removeprefix(caller.sandbox.url))
    return dict(jwt.decode(token, KeySet.import_key_set(keys), algorithms=["RS256"]).claims)


def test_the_claims_are_those_of_the_documents(caller: Caller, tiny: Shared, teacher: str) -> None:
    claims = claims_of(caller, token_of(caller, teacher, nonce="n-1"))
    user = tiny.clever(f"users/{teacher}")["data"]
    role = user["roles"]["teacher"]
    assert claims == {
        "iss": caller.sandbox.url + "/clever",
        "aud": "clever-sandbox-client",
        "sub": teacher,
        "multi_role_user_id": teacher,
        "user_id": role["legacy_id"],
        "user_type": "teacher",
        "district": user["district"],
        "email": user["email"],
        "email_verified": False,
        "given_name": user["name"]["first"],
        "family_name": user["name"]["last"],
        "nonce": "n-1",
        "iat": claims["iat"],
        "exp": claims["iat"] + 3600,
    }
    assert role["legacy_id"] != teacher
    assert discovered(caller)["issuer"] == claims["iss"]


def test_students_kept_their_id_and_no_nonce_is_invented(caller: Caller, tiny: Shared) -> None:
    student = tiny.clever_all("users?role=student")[0]["id"]
    claims = claims_of(caller, token_of(caller, student))
    assert claims["user_id"] == claims["sub"] == student
    assert "nonce" not in claims


def test_openid_connect_is_clevers_to_switch_on(caller: Caller, tiny: Shared, teacher: str) -> None:
    set_switches(tiny, clever_openid=False)
    assert token_of(caller, teacher) == ""


@pytest.mark.parametrize("wrong", WRONG_TOKENS)
def test_a_wrong_token_is_wrong_in_that_way_alone(caller: Caller, tiny: Shared, teacher: str, wrong: str) -> None:
    right = claims_of(caller, token_of(caller, teacher, nonce="n-1"))
    set_switches(tiny, clever_wrong_token=wrong)
    token = token_of(caller, teacher, nonce="n-1")
    if wrong == "missing":
        assert token == ""
    elif wrong in ("alg none", "bad signature"):
        with pytest.raises((JoseError, ValueError)):
            claims_of(caller, token)
        head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        assert head["alg"] == ("none" if wrong == "alg none" else "RS256")
    else:
        claims = claims_of(caller, token)
        times = {"iat", "exp"}
        differs = {key for key in right if claims[key] != right[key]} - (times if wrong != "expired" else set())
        expected = {"expired": times, "another's sub": {"sub", "multi_role_user_id"}}.get(wrong, {wrong.split()[-1]})
        assert differs == expected
        assert (claims["exp"] < right["iat"]) == (wrong == "expired")
