"""The signed word of a service on who has signed in: right in everything, or refused. TEST-9's table of tokens."""

import hmac
import time
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import RSAKey

from tests.providers.scripted import Reply, Scripted, body, doc, hang_up, status
from tests.providers.signer import CLIENT, NAMES, NONCE, Signer, new_key, part, public
from webapp.providers.errors import SignInRefused, Unreachable

BAD: dict[str, Callable[[Signer], str]] = {
    "no algorithm": lambda s: f"{part({'alg': 'none'})}.{part(s.claims())}.",
    "no algorithm, but a signature": lambda s: s.signed(s.claims(), alg="none"),
    "our own public key as a shared secret": lambda s: by_shared_secret(s),
    "a stronger algorithm that nobody agreed on": lambda s: s.signed(s.claims(), alg="RS512"),
    "a list of algorithms": lambda s: s.signed(s.claims(), alg=["RS256"]),
    "an algorithm of curves": lambda s: s.signed(s.claims(), alg="ES256"),
    "another key under the same id": lambda s: s.signed(s.claims(), key=new_key()),
    "a key that is not listed": lambda s: s.signed(s.claims(), key=new_key("k2"), kid="k2"),
    "a key id that is no text": lambda s: s.signed(s.claims(), kid=["k1"]),
    "content exchanged after signing": lambda s: exchanged(s),
    "a signature cut short": lambda s: s.signed(s.claims())[:-40],
    "no signature": lambda s: s.signed(s.claims()).rpartition(".")[0] + ".",
    "a key of its own": lambda s: with_own_key(s),
    "an address of its own keys": lambda s: s.signed(s.claims(), jku=f"{s.script.url}/certs"),
    "an address of its own certificate": lambda s: s.signed(s.claims(), x5u="https://evil.example/certificate"),
    "a certificate of its own": lambda s: s.signed(s.claims(), x5c=["MIIB"]),
    "rules of its own": lambda s: s.signed(s.claims(), crit=["exp"], exp=1),
    "content that is not encoded": lambda s: s.signed(s.claims(), b64=False, crit=["b64"]),
    "no issuer": lambda s: s.signed(s.claims(iss=...)),
    "another issuer": lambda s: s.signed(s.claims(iss="https://evil.example")),
    "the other service as issuer": lambda s: s.signed(s.claims(iss=the_other(s))),
    "an issuer that only looks alike": lambda s: s.signed(s.claims(iss=f"{s.script.url}/")),
    "issuers in a list": lambda s: s.signed(s.claims(iss=[s.script.url])),
    "no audience": lambda s: s.signed(s.claims(aud=...)),
    "another audience": lambda s: s.signed(s.claims(aud="their-client")),
    "an audience of none": lambda s: s.signed(s.claims(aud=[])),
    "audiences without us": lambda s: s.signed(s.claims(aud=["their-client", "his-client"], azp="their-client")),
    "several audiences, not made for us": lambda s: s.signed(s.claims(aud=[CLIENT, "their-client"])),
    "several audiences, made for another": lambda s: s.signed(s.claims(aud=[CLIENT, "theirs"], azp="theirs")),
    "one audience, made for another": lambda s: s.signed(s.claims(azp="their-client")),
    "no nonce": lambda s: s.signed(s.claims(nonce=...)),
    "an empty nonce": lambda s: s.signed(s.claims(nonce="")),
    "another attempt's nonce": lambda s: s.signed(s.claims(nonce="the-nonce-of-another")),
    "nonces in a list": lambda s: s.signed(s.claims(nonce=[NONCE])),
    "no end": lambda s: s.signed(s.claims(exp=...)),
    "an end that was 65 seconds ago": lambda s: s.signed(s.claims(exp=int(time.time()) - 65)),
    "an end in words": lambda s: s.signed(s.claims(exp="tomorrow")),
    "an end that is no number": lambda s: s.signed(s.claims(exp=float("nan"))),
    "no end of time": lambda s: s.signed(s.claims(exp=float("inf"))),
    "an end that is just true": lambda s: s.signed(s.claims(exp=True)),
    "no beginning": lambda s: s.signed(s.claims(iat=...)),
    "made in the future": lambda s: s.signed(s.claims(iat=int(time.time()) + 120)),
    "not good yet": lambda s: s.signed(s.claims(nbf=int(time.time()) + 120)),
    "nobody": lambda s: s.signed(s.claims(sub=...)),
    "an empty name": lambda s: s.signed(s.claims(sub="")),
    "another person than the service tells": lambda s: s.signed(s.claims(sub="43")),
    "a person in numbers": lambda s: s.signed(s.claims(sub=42)),
    "more than 16 KB": lambda s: s.signed(s.claims(picture="x" * 16_384)),
    "content that is a list": lambda s: s.signed([s.claims()]),
    "content that is nothing": lambda s: s.signed(b""),
    "content nested too deep": lambda s: s.signed(b'{"a":' * 5_000),
    "two parts": lambda s: s.signed(s.claims()).rpartition(".")[0],
    "five parts": lambda s: s.signed(s.claims()) + ".a.b",
    "no token at all": lambda s: "not a token",
    "a text beyond ASCII": lambda s: s.signed(s.claims()) + "é",
}

GOOD: dict[str, Callable[[Signer], str]] = {
    "as documented": lambda s: s.signed(s.claims()),
    "we as the one audience in a list": lambda s: s.signed(s.claims(aud=[CLIENT])),
    "several audiences, made for us": lambda s: s.signed(s.claims(aud=[CLIENT, "their-client"], azp=CLIENT)),
    "the service's public name, through a proxy": lambda s: s.signed(s.claims(iss=NAMES[s.service])),
    "an end some seconds ago, by our clock": lambda s: s.signed(s.claims(exp=int(time.time()) - 30)),
    "made some seconds ahead, by our clock": lambda s: s.signed(s.claims(iat=int(time.time()) + 30)),
    "a time from which it is good": lambda s: s.signed(s.claims(nbf=int(time.time()) - 1)),
    "no key id": lambda s: s.signed(s.claims(), kid=...),
    "a hint that leads nowhere": lambda s: s.signed(s.claims(), x5t="AAAA", sandbox="yes"),
    "much that nobody asked for": lambda s: s.signed(s.claims(profile="Teacher", address={"locality": "Maple"})),
}


def by_shared_secret(signer: Signer) -> str:
    content = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(signer.claims())}"
    secret = signer.key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"{content}.{part(hmac.digest(secret, content.encode(), 'sha256'))}"


def with_own_key(signer: Signer) -> str:
    own = new_key()
    return signer.signed(signer.claims(), key=own, jwk=own.as_dict(private=False))


def exchanged(signer: Signer) -> str:
    head, _, signature = signer.signed(signer.claims()).split(".")
    return f"{head}.{part(signer.claims(sub='1'))}.{signature}"


def the_other(signer: Signer) -> str:
    return NAMES["classlink" if signer.service == "clever" else "clever"]


@pytest.fixture(scope="session")
def key() -> RSAKey:
    return new_key()


@pytest.fixture(params=["clever", "classlink"])
def signer(request: pytest.FixtureRequest, script: Scripted, key: RSAKey) -> Signer:
    return Signer(request.param, script, key)


@pytest.mark.parametrize("wrong", BAD)
def test_SEC_5_an_id_token_that_is_wrong_in_anything_is_refused(signer: Signer, wrong: str) -> None:
    token = BAD[wrong](signer)
    with pytest.raises(SignInRefused) as caught:
        signer.sign_in(token)
    assert token not in str(caught.value)
    assert caught.value.__suppress_context__ or not caught.value.__context__


@pytest.mark.parametrize("right", GOOD)
def test_SEC_5_an_id_token_that_is_right_signs_in(signer: Signer, right: str) -> None:
    visitor = signer.sign_in(GOOD[right](signer))
    assert (visitor.authority, visitor.subjects["user_id"]) == ("7", "42")


def test_where_a_service_signs_nothing_its_answer_decides(signer: Signer) -> None:
    assert signer.sign_in().subjects["user_id"] == "42"
    assert signer.key_readings() == 0


@pytest.mark.parametrize("odd", [["a"], {"a": "b"}, 7, True])
def test_SEC_5_an_id_token_that_is_no_text_is_refused(signer: Signer, odd: object) -> None:
    with pytest.raises(SignInRefused):
        signer.sign_in(odd)


@pytest.mark.parametrize("district", ["8", 7, ["7"]])
def test_SEC_5_clevers_token_names_the_district_that_clever_tells(
    script: Scripted, key: RSAKey, district: object
) -> None:
    signer = Signer("clever", script, key)
    assert signer.sign_in(signer.signed(signer.claims(district="7"))).authority == "7"
    if district != 7:
        with pytest.raises(SignInRefused):
            signer.sign_in(signer.signed(signer.claims(district=district)))


def test_a_clever_library_teachers_token_names_no_district(script: Scripted, key: RSAKey) -> None:
    signer = Signer("clever", script, key)
    script.on("/v3.1/me", doc({"data": {"id": "42", "authorized_by": "teacher"}}))
    assert signer.sign_in(signer.signed(signer.claims(district=None))).authority == ""


def test_a_whole_schools_sign_ins_read_the_keys_once(signer: Signer) -> None:
    for _ in range(5):
        signer.sign_in(signer.signed(signer.claims()))
    assert signer.key_readings() == 1


def test_a_service_may_change_its_key_at_any_time(signer: Signer) -> None:
    signer.sign_in(signer.signed(signer.claims()))
    fresh = new_key("k2")
    signer.lists(public(fresh, signer.key))
    assert signer.sign_in(signer.signed(signer.claims(), key=fresh, kid="k2"))
    assert signer.key_readings() == 2


def test_tokens_of_unknown_keys_do_not_have_the_keys_read_again_and_again(signer: Signer) -> None:
    signer.sign_in(signer.signed(signer.claims()))
    for number in range(5):
        with pytest.raises(SignInRefused):
            signer.sign_in(signer.signed(signer.claims(), kid=f"unknown-{number}"))
    assert signer.key_readings() == 2


@pytest.mark.parametrize(
    "trouble",
    [
        status(503),
        status(401),
        status(404),
        status(302, Location="https://evil.example/keys"),
        hang_up,
        body(b"<h1>Hello</h1>", kind="text/html"),
        body(b'{"keys": {}}'),
        doc(["keys"]),
    ],
)
def test_keys_that_cannot_be_read_are_the_services_trouble_not_the_visitors(signer: Signer, trouble: Reply) -> None:
    signer.lists(trouble)
    with pytest.raises(Unreachable):
        signer.sign_in(signer.signed(signer.claims()))


@pytest.mark.parametrize(
    "row",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "k1"},
        {"kty": "EC", "crv": "P-256", "x": "a", "y": "b", "kid": "k1"},
        {"kty": "RSA", "kid": "k1"},
        {"kty": "RSA", "kid": "k1", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "kid": "k1", "n": "ä", "e": "?"},
        {"kty": "later-than-us"},
        {},
    ],
)
def test_keys_of_another_kind_may_stand_beside_the_right_one(signer: Signer, row: dict[str, str]) -> None:
    signer.lists(doc({"keys": [row, signer.key.as_dict(private=False)]}))
    assert signer.sign_in(signer.signed(signer.claims()))


@pytest.mark.parametrize("said", [{"use": "enc"}, {"alg": "RS512"}])
def test_a_key_that_is_meant_for_something_else_proves_nothing(signer: Signer, said: dict[str, str]) -> None:
    signer.lists(doc({"keys": [{**signer.key.as_dict(private=False), **said}]}))
    with pytest.raises(SignInRefused):
        signer.sign_in(signer.signed(signer.claims()))


def test_clevers_keys_are_read_from_a_configured_host_only(script: Scripted, key: RSAKey) -> None:
    signer = Signer("clever", script, key)
    script.on("/.well-known/openid-configuration", doc({"jwks_uri": "https://evil.example/certs"}))
    with pytest.raises(Unreachable):
        signer.sign_in(signer.signed(signer.claims()))
    assert signer.key_readings() == 0
