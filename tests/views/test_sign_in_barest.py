"""A service that tells the least it may, over real HTTP: nobody stays outside for what is missing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from tests.providers.scripted import Scripted, doc, scripted_server, status
from tests.providers.signer import Signer, new_key
from tests.views.browser import Browser
from tests.views.school import now, rows
from webapp.actions.add_connection import add_connection
from webapp.actions.create_license import Created, LicenseOrder, create_license
from webapp.actions.invite import invite
from webapp.views.house import House, house

ADDRESS = "tess@school.example"


@pytest.fixture(scope="session")
def key() -> RSAKey:
    return new_key()


@pytest.fixture
def script() -> Iterator[Scripted]:
    with scripted_server() as script:
        yield script


@pytest.fixture(params=["clever", "classlink"])
def signer(request: pytest.FixtureRequest, script: Scripted, key: RSAKey, app: Flask) -> Signer:
    """A service that knows nothing but ids, and the application that uses it."""
    signer = Signer(request.param, script, key)
    with app.app_context():
        app.extensions["rollbook"] = House(house().settings, {signer.service: signer.ours})
    script.on("/oauth/tokens?owner_type=district", doc({"data": [token_row()], "links": []}))
    script.on("/oauth/tokens?owner_type=district&district=7", doc({"data": [token_row()], "links": []}))
    script.on("/v3.1/users/42", doc({"data": {"id": "42", "roles": {"teacher": {}}}}))
    script.on("/v3.1/users/42/sections", doc({"data": [], "links": []}))
    script.on("/v3.1/districts/7", doc({"data": {"id": "7"}}))
    script.on("/v2/my/info", doc({"UserId": 42, "TenantId": 7, "SourcedId": "s1"}))
    script.on("/applications", doc({"applications": [application()]}))
    script.on("/the-app/ims/oneroster/v1p1/users/s1", doc({"user": {"sourcedId": "s1", "role": "teacher"}}))
    script.on("/the-app/ims/oneroster/v1p1/teachers/s1/classes", doc({"classes": []}))
    script.on("/the-app/ims/oneroster/v1p1/orgs", doc({"orgs": []}))
    return signer


def token_row() -> dict[str, object]:
    return {"id": "x", "owner": {"type": "district", "id": "7"}, "access_token": "district token"}


def application() -> dict[str, object]:
    return {"tenant_id": 7, "oneroster_application_id": "the-app", "bearer": "district token", "enabled": "true"}


def customer(signer: Signer) -> Created:
    created = create_license(LicenseOrder("Maple Schools", 500, "admin@school.example"), now=now())
    add_connection(
        created.license_id,
        signer.service,
        "7",
        method="teacher_choice",
        services={signer.service: signer.ours},
        now=now(),
    )
    return created


def back(browser: Browser, signer: Signer, way_out: TestResponse, id_token: str = "") -> TestResponse:
    """Come back from the service with a code, for which it gives these tokens."""
    onward = browser.onward(way_out)
    assert onward
    state, nonce = (onward.partition(f"{name}=")[2].partition("&")[0] for name in ("state", "nonce"))
    signer.gives(id_token or signer.signed(signer.claims(nonce=nonce)))
    return browser.get(f"/auth/{signer.service}/callback?code=C&state={state}")


def accepted(browser: Browser, signer: Signer) -> TestResponse:
    created = customer(signer)
    token = invite(created.district_id, created.license_id, ADDRESS, "teacher", now=now()).token
    return back(browser, signer, browser.post(f"/invitations/{token}/with/{signer.service}"))


def test_clever_row_15_a_teacher_without_name_e_mail_school_and_sections_is_let_in(app: Flask, signer: Signer) -> None:
    browser = Browser(app, signer.script.url)
    assert accepted(browser, signer).location == "/classes"
    assert browser.get("/classes").status_code == 200
    assert rows("select email, roster_email from account") == [(ADDRESS, None)]
    again = Browser(app, signer.script.url)
    assert back(again, signer, again.get(f"/auth/{signer.service}/start")).location == "/classes"


def test_clever_row_12_somebody_without_a_name_sees_her_address_in_the_head(app: Flask, signer: Signer) -> None:
    browser = Browser(app, signer.script.url)
    accepted(browser, signer)
    assert f"Signed in as</span> {ADDRESS}" in browser.get("/classes").text


def test_clever_row_15_a_name_of_one_word_is_a_name(app: Flask, signer: Signer) -> None:
    browser = Browser(app, signer.script.url)
    signer.script.on(
        "/v3.1/users/42", doc({"data": {"id": "42", "name": {"last": "Teller"}, "roles": {"teacher": {}}}})
    )
    user = {"sourcedId": "s1", "role": "teacher", "familyName": "Teller"}
    signer.script.on("/the-app/ims/oneroster/v1p1/users/s1", doc({"user": user}))
    accepted(browser, signer)
    assert "Signed in as</span> Teller" in browser.get("/classes").text


def test_classlink_row_4_neither_token_is_kept_anywhere(app: Flask, signer: Signer) -> None:
    browser = Browser(app, signer.script.url)
    answer = accepted(browser, signer)
    kept = str(answer.headers) + str(browser.session()) + browser.get("/classes").text
    assert "ACCESS-TOKEN" not in kept and "eyJ" not in kept


def test_SEC_5_a_signed_word_of_another_attempt_signs_nobody_in(app: Flask, signer: Signer) -> None:
    browser = Browser(app, signer.script.url)
    customer(signer)
    page = back(browser, signer, browser.get(f"/auth/{signer.service}/start"), signer.signed(signer.claims()))
    assert page.status_code == 400
    assert "try that again" in page.text
    assert rows("select count(*) from sign_in") == [(0,)]


def test_keys_that_cannot_be_read_are_a_page_that_says_to_wait(app: Flask, signer: Signer) -> None:
    signer.lists(status(503))
    browser = Browser(app, signer.script.url)
    customer(signer)
    page = back(browser, signer, browser.get(f"/auth/{signer.service}/start"))
    assert page.status_code == 424
    assert "does not answer right now" in page.text
