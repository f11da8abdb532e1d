"""The OAuth dance and who it brings, at the sandbox and with a service that has a bad day."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3

from tests.providers.at_sandbox import At
from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, body, doc, hang_up, status
from webapp.providers.errors import AccessWithdrawn, ClientRefused, SignInRefused, Unreachable
from webapp.providers.oauth import authorization, redeem
from webapp.providers.service import SignIn, Tokens
from webapp.providers.table import services
from webapp.settings import Settings

VERIFIER = "v" * 43
both = pytest.mark.parametrize("service", ["clever", "classlink"])


def callback(service: str) -> str:
    return f"http://localhost:8000/auth/{service}/callback"


def code_for(at: At, service: str, person: str, verifier: str | None = VERIFIER) -> str:
    """Sign in at the service as that person, as a browser would, and take the code from the address sent on to."""
    sign_in = at.services[service].sign_in()
    url = authorization(sign_in, redirect_uri=callback(service), state="s", nonce="n", verifier=verifier)
    with urllib3.PoolManager() as pool:
        answer = pool.request("POST", url, fields={"person": person}, encode_multipart=False, redirect=False)
    assert answer.status == 302, answer.data
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["s"]
    return query["code"][0]


@both
@pytest.mark.parametrize("role", ["student", "teacher"])
def test_whoever_signs_in_is_identified(at: At, service: str, role: str) -> None:
    person = at.person(service, role)
    code = code_for(at, service, person["clever_id"])
    tokens = redeem(at.services[service].sign_in(), code=code, redirect_uri=callback(service), verifier=VERIFIER)
    visitor = at.services[service].identify(tokens, nonce="n")
    assert (visitor.provider, visitor.authority) == (service, at.district[service])
    assert visitor.subjects[at.services[service].roster_kind] == person[at.ids(service)]
    assert (visitor.given_name, visitor.family_name) == (person["given"], person["family"])
    assert next(iter(visitor.subjects)) == at.services[service].roster_kind


@both
def test_a_code_is_good_once_and_with_its_verifier_only(at: At, service: str) -> None:
    sign_in, person = at.services[service].sign_in(), at.person(service, "teacher")["clever_id"]
    code = code_for(at, service, person)
    redeem(sign_in, code=code, redirect_uri=callback(service), verifier=VERIFIER)
    with pytest.raises(SignInRefused):
        redeem(sign_in, code=code, redirect_uri=callback(service), verifier=VERIFIER)
    with pytest.raises(SignInRefused):
        redeem(sign_in, code=code_for(at, service, person), redirect_uri=callback(service), verifier="w" * 43)


@both
def test_wrong_client_credentials_are_told_apart_from_a_bad_code(at: At, service: str) -> None:
    sign_in = replace(at.services[service].sign_in(), client_secret="wrong")
    code = code_for(at, service, at.person(service, "teacher")["clever_id"])
    with pytest.raises(ClientRefused):
        redeem(sign_in, code=code, redirect_uri=callback(service), verifier=VERIFIER)


@both
def test_a_token_that_is_nobodys_is_refused(at: At, service: str) -> None:
    with pytest.raises(SignInRefused):
        at.services[service].identify(Tokens("nobody"), nonce="n")


@both
def test_the_way_out_carries_what_the_way_back_is_checked_with(at: At, service: str) -> None:
    sign_in = at.services[service].sign_in()
    url = urlsplit(authorization(sign_in, redirect_uri=callback(service), state="S", nonce="N", verifier=VERIFIER))
    query = {key: values[0] for key, values in parse_qs(url.query).items()}
    assert query["response_type"] == "code"
    assert (query["client_id"], query["redirect_uri"]) == (sign_in.client_id, callback(service))
    assert (query["state"], query["nonce"], query["code_challenge_method"]) == ("S", "N", "S256")
    assert query["code_challenge"] and VERIFIER not in query["code_challenge"]
    assert query.get("scope", "") == sign_in.scope


@pytest.fixture
def sign_in(script: Scripted) -> SignIn:
    return SignIn(
        authorize_url=f"{script.url}/authorize",
        token_url=f"{script.url}/token",
        client_id="client",
        client_secret="secret",
        scope="",
        client_auth="client_secret_post",
    )


def test_the_code_goes_out_once_with_the_secret(script: Scripted, sign_in: SignIn) -> None:
    script.on("/token", doc({"access_token": "T", "token_type": "Bearer"}))
    assert redeem(sign_in, code="C", redirect_uri="http://localhost/back", verifier=None) == Tokens("T")
    sent = parse_qs(script.asked[0])
    assert (sent["code"], sent["client_id"], sent["client_secret"]) == (["C"], ["client"], ["secret"])
    assert "code_verifier" not in sent


def test_basic_client_authentication_keeps_the_secret_out_of_the_body(script: Scripted, sign_in: SignIn) -> None:
    script.on("/token", doc({"access_token": "T"}))
    basic = replace(sign_in, client_auth="client_secret_basic")
    assert redeem(basic, code="C", redirect_uri="http://localhost/back", verifier=VERIFIER) == Tokens("T")
    assert "secret" not in script.asked[0]
    assert script.headers[0]["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "answer",
    [
        status(400, b'{"error": "invalid_grant"}', Content_Type="application/json"),
        status(400, b'{"access_token": "T"}', Content_Type="application/json"),
        status(401, b'{"error": "invalid_grant"}', Content_Type="application/json"),
        status(403, b'["no"]', Content_Type="application/json"),
        doc({"error": ["odd"]}),
        status(302, Location="https://elsewhere.example/token"),
        doc({"token_type": "bearer"}),
        doc({"access_token": ""}),
        doc({"access_token": 7}),
        doc({"access_token": "T", "id_token": ["odd"]}),
        doc({"error": "invalid_grant", "access_token": "T"}),
        doc(["access_token"]),
        body(b"<h1>Hello</h1>", kind="text/html"),
    ],
)
def test_any_answer_without_a_good_token_is_a_refusal(script: Scripted, sign_in: SignIn, answer: Reply) -> None:
    script.on("/token", answer)
    with pytest.raises(SignInRefused) as caught:
        redeem(sign_in, code="C0DE", redirect_uri="http://localhost/back", verifier=None)
    assert "C0DE" not in str(caught.value)
    assert caught.value.__suppress_context__ or not caught.value.__context__


@pytest.mark.parametrize(
    "answer",
    [
        status(401),
        status(401, b"<p>Unauthorized</p>", Content_Type="text/html"),
        status(401, b'{"error": "invalid_client"}', Content_Type="application/json"),
        status(400, b'{"error": "unauthorized_client"}', Content_Type="application/json"),
        doc({"error": "invalid_client"}),
    ],
)
def test_a_service_that_refuses_our_id_and_secret_says_nothing_of_the_visitor(
    script: Scripted, sign_in: SignIn, answer: Reply
) -> None:
    script.on("/token", answer)
    with pytest.raises(ClientRefused) as caught:
        redeem(sign_in, code="C0DE", redirect_uri="http://localhost/back", verifier=None)
    assert caught.value.status in (200, 400, 401)
    assert "C0DE" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_secret_beyond_ascii_is_written_alike_for_codes_and_for_district_tokens(script: Scripted) -> None:
    settings = Settings(
        _env_file=None, clever_client_id="client", clever_client_secret="schlüssel🔑", clever_oauth_url=script.url
    )
    clever = services(settings, TINY)["clever"]
    script.on("/oauth/tokens", doc({"access_token": "T"}), doc({"data": []}))
    redeem(clever.sign_in(), code="C", redirect_uri="http://localhost/back", verifier=None)
    with pytest.raises(AccessWithdrawn):
        clever.district_token("d1")
    written = {headers["Authorization"] for headers in script.headers}
    assert [b64decode(one.removeprefix("Basic ")).decode() for one in written] == ["client:schlüssel🔑"]


@pytest.mark.parametrize("answer", [status(500), status(503), status(429), hang_up])
def test_a_service_in_trouble_is_unreachable_and_the_code_is_not_sent_twice(
    script: Scripted, sign_in: SignIn, answer: Reply
) -> None:
    script.on("/token", answer)
    with pytest.raises(Unreachable):
        redeem(sign_in, code="C", redirect_uri="http://localhost/back", verifier=None)
    assert len([target for target in script.asked if target == "/token"]) == 1


@pytest.fixture
def told(script: Scripted) -> Callable[..., Settings]:
    url = script.url
    return lambda: Settings(
        _env_file=None,
        clever_client_id="client",
        clever_client_secret="secret",
        clever_api_url=url,
        clever_oauth_url=url,
        classlink_client_id="client",
        classlink_client_secret="secret",
        classlink_nodeapi_url=url,
        classlink_roster_url=url,
    )


def test_classlink_row_8_only_the_scopes_that_are_needed_are_asked_for(told: Callable[..., Settings]) -> None:
    asked = {key: set(service.sign_in().scope.split()) for key, service in services(told()).items()}
    assert asked == {"clever": set(), "classlink": {"openid", "profile", "oneroster"}}


def test_tokens_are_not_shown_where_they_are_printed() -> None:
    assert "secret" not in repr(Tokens("secret access", "secret id"))


def test_a_service_is_on_where_its_client_is_named(told: Callable[..., Settings]) -> None:
    assert [service.configured() for service in services(told()).values()] == [True, True]
    assert [service.configured() for service in services(Settings(_env_file=None)).values()] == [False, False]


def test_the_token_list_is_looked_through_page_by_page(script: Scripted, told: Callable[..., Settings]) -> None:
    def token(district: str, kind: str = "district") -> dict[str, object]:
        return {"id": "x", "owner": {"type": kind, "id": district}, "access_token": f"token {district}"}

    next_ = [{"rel": "next", "uri": "/oauth/tokens?owner_type=district&starting_after=x"}]
    script.on("/oauth/tokens", doc({"data": [token("d1"), token("d2", "teacher")], "links": next_}))
    script.on("/oauth/tokens?owner_type=district&starting_after=x", doc({"data": [token("d2")], "links": []}))
    assert services(told(), TINY)["clever"].district_token("d2") == "token d2"
