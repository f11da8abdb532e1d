"""Both services' sign-in: codes, tokens, sessions, portal and tile."""

import base64
import hashlib
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.simulator.conftest import Clock
from tests.simulator.visitor import AUTHORIZE, CALLBACKS, PREFIX, Caller, Shared, answer_of

SERVICES = ("clever", "classlink")
PORTALS = {"clever": "/clever/portal", "classlink": "/launchpad/home"}
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-of-those-of-the-standard"


@pytest.fixture
def teacher(tiny: Shared) -> dict[str, Any]:
    """Any teacher of the small district."""
    return next(one for one in tiny.truth()["people"] if one["kind"] == "teacher")


def exchange(caller: Caller, service: str, code: str, **more: str) -> int:
    """The status that a code gets."""
    answer = caller.exchange_clever(code, **more) if service == "clever" else caller.exchange_classlink(code, **more)
    return answer.status


@pytest.mark.parametrize("service", SERVICES)
def test_a_code_is_redeemed_once(caller: Caller, teacher: dict[str, Any], service: str) -> None:
    code = caller.code(service, teacher["clever_id"])
    assert [exchange(caller, service, code), exchange(caller, service, code)] == [200, 400]


@pytest.mark.parametrize(("service", "life"), [("clever", 60), ("classlink", 300)])
def test_a_code_dies_of_age(caller: Caller, teacher: dict[str, Any], clock: Clock, service: str, life: int) -> None:
    code = caller.code(service, teacher["clever_id"])
    clock.ahead += life + 1
    assert exchange(caller, service, code) == 400


@pytest.mark.parametrize("service", SERVICES)
def test_a_code_is_bound_to_client_address_and_challenge(caller: Caller, teacher: dict[str, Any], service: str) -> None:
    def fresh(**more: str) -> str:
        return caller.code(service, teacher["clever_id"], **more)

    assert exchange(caller, service, fresh(), redirect_uri="http://localhost:9/auth/clever/callback") == 400
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert exchange(caller, service, fresh(**asked)) == 400
    assert exchange(caller, service, fresh(**asked), code_verifier="another") == 400
    assert exchange(caller, service, fresh(**asked), code_verifier=VERIFIER) == 200
    if service == "clever":
        assert caller.exchange_clever(fresh(), secret="wrong").status == 401
    else:
        assert caller.exchange_classlink(fresh(), client_secret="wrong").status == 401


@pytest.mark.parametrize("service", SERVICES)
def test_a_stranger_is_asked_who_they_are_and_then_sent_on(
    caller: Caller, teacher: dict[str, Any], service: str
) -> None:
    path = caller.authorize_path(service, state="of mine", sandbox_district="2")
    asked = caller.ask("GET", path)
    assert asked.status == 200
    assert "Cancel / refuse" in asked.data.decode()
    sent_on = answer_of(caller.form(path, person=teacher["clever_id"]))
    assert sent_on["state"] == "of mine"
    assert sent_on.get("response_type") == ("code" if service == "classlink" else None)
    assert answer_of(caller.authorize(service, state="again"))["state"] == "again"


@pytest.mark.parametrize("service", SERVICES)
def test_refusing_tells_the_application(caller: Caller, service: str) -> None:
    refused = answer_of(caller.form(caller.authorize_path(service, state="s"), refuse="yes"))
    state = {} if service == "classlink" else {"state": "s"}  # ClassLink's documentation shows the error alone
    assert refused == {"error": "access_denied"} | state


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "more",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://evil.example/auth/clever/callback"},
        {"redirect_uri": "http://localhost:8000/elsewhere"},
        {"redirect_uri": "http://localhost:8000/auth/clever/callback?more=1"},
        {"response_type": "token"},
    ],
)
def test_an_unknown_client_or_address_is_shown_a_page(caller: Caller, service: str, more: dict[str, str]) -> None:
    assert caller.authorize(service, **more).status == 400


@pytest.mark.parametrize("service", SERVICES)
def test_a_portal_launch_brings_a_code_and_no_state(caller: Caller, teacher: dict[str, Any], service: str) -> None:
    caller.post("/sandbox/public-url", public_url="http://localhost:8000")
    launched = caller.form(PORTALS[service], person=teacher["clever_id"])
    assert launched.headers["Location"].startswith(CALLBACKS[service] + "?code=")
    assert "state" not in answer_of(launched)
    again = answer_of(caller.form(PORTALS[service]))
    assert exchange(caller, service, again["code"]) == 200


def test_the_last_address_seen_is_where_the_portal_leads(caller: Caller, teacher: dict[str, Any]) -> None:
    caller.session("clever", teacher["clever_id"])
    caller.authorize("clever", redirect_uri="http://localhost:8123/auth/clever/callback")
    launched = caller.ask("GET", "/clever/oauth/instant-login")
    assert launched.headers["Location"].startswith("http://localhost:8123/auth/clever/callback?code=")


@pytest.mark.parametrize("service", SERVICES)
def test_signing_out_ends_the_session_at_the_service(caller: Caller, teacher: dict[str, Any], service: str) -> None:
    caller.session(service, teacher["clever_id"])
    caller.form(f"{PREFIX[service]}/sign-out")
    assert caller.authorize(service).status == 200


@pytest.mark.parametrize(("service", "switch"), [("clever", "clever_connected"), ("classlink", "classlink_enabled")])
def test_a_district_that_does_not_share_stops_at_the_service(
    caller: Caller, tiny: Shared, service: str, switch: str
) -> None:
    person = tiny.truth()["people"][0]["clever_id"]
    caller.post(f"/sandbox/districts/{tiny.number}/switches", **{switch: False})
    caller.session(service, person)
    assert caller.authorize(service).status == 400


def test_classlinks_id_token_is_signed_and_has_no_nbf(caller: Caller, teacher: dict[str, Any]) -> None:
    code = caller.code("classlink", teacher["clever_id"], scope="openid,profile", nonce="n-1")
    answer = caller.exchange_classlink(code).json()
    here = caller.get("/launchpad/.well-known/openid-configuration")
    keys = KeySet.import_key_set(caller.get(here["jwks_uri"].removeprefix(caller.sandbox.url)))
    claims = jwt.decode(answer["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (here["issuer"], "c-sandbox-client", "n-1")
    assert claims["sub"] == str(teacher["classlink_id"])
    assert "nbf" not in claims
    assert not {"expires_in", "refresh_token"} & answer.keys()
    assert here["authorization_endpoint"].endswith(AUTHORIZE["classlink"])


def test_my_info_names_tenant_and_sourced_id(caller: Caller, teacher: dict[str, Any]) -> None:
    token = caller.exchange_classlink(caller.code("classlink", str(teacher["classlink_id"]))).json()["access_token"]
    info = caller.get("/nodeapi/v2/my/info", token=token)
    assert (info["SourcedId"], info["UserId"], info["Role"]) == (
        teacher["sourced_id"],
        teacher["classlink_id"],
        "Teacher",
    )
    refused = caller.ask("GET", "/nodeapi/v2/my/info", token="nobody")
    assert (refused.status, "message" in refused.json()) == (401, True)


def test_a_token_tells_its_client(caller: Caller, tiny: Shared) -> None:
    found = caller.get("/clever/oauth/tokeninfo", token=tiny.clever_token)
    assert found["client_id"] == "clever-sandbox-client"


def test_exchanges_are_counted_apart(caller: Caller, teacher: dict[str, Any]) -> None:
    caller.ask("DELETE", "/sandbox/requests")
    caller.exchange_clever(caller.code("clever", teacher["clever_id"]))
    caller.exchange_classlink("no code")
    told = caller.get("/sandbox/requests")
    assert (told["clever"], told["classlink"]) == (0, 0)
    assert (told["clever_token_exchanges"], told["classlink_token_exchanges"]) == (1, 1)
