"""Errors in plain words, the headers of every answer, hosts, cookies over https, and what machines are told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.views.browser import OURS, Browser
from tests.views.headers import carries_the_headers
from tests.views.school import School
from webapp.settings import Settings
from webapp.store import database
from webapp.views import create_app


def broken(app: Flask) -> None:
    """Make one page fail as nobody foresaw."""

    def fail() -> str:
        raise RuntimeError("select secret from somewhere")

    app.view_functions["health.alive"] = fail


def asks_for_500(browser: Browser) -> TestResponse:
    broken(browser.app)
    return browser.get("/healthz")


def asks_for_429(browser: Browser) -> TestResponse:
    for _ in range(3):
        browser.get("/auth/clever/callback?code=x")
    return browser.get("/auth/clever/callback?code=x")


FAILING: dict[int, Callable[[Browser], TestResponse]] = {
    400: lambda browser: browser.client.get("/login", base_url="http://evil.example"),
    401: lambda browser: browser.get("/classes", **{"HX-Request": "true"}),
    403: lambda browser: browser.post("/login", **{"Sec-Fetch-Site": "cross-site"}),
    404: lambda browser: browser.get("/nowhere"),
    405: lambda browser: browser.client.delete("/login", base_url=OURS, headers={"Sec-Fetch-Site": "same-origin"}),
    413: lambda browser: browser.post("/login", {"email": "x" * (1024 * 1024 + 1)}),
    429: asks_for_429,
    500: asks_for_500,
}


@pytest.mark.parametrize("status", FAILING)
def test_SEC_24_SEC_31_every_error_is_a_plain_page_with_all_headers(school: School, status: int) -> None:
    answer = FAILING[status](school.browser())
    assert answer.status_code == status
    carries_the_headers(answer, str(status))
    for word in ("Traceback", "RuntimeError", "secret", "psycopg", "select "):
        assert word not in answer.text
    if status not in (401, 429):
        assert re.search(r"[0-9a-f]{8}", answer.text)


def test_SEC_31_pages_stay_plain_when_the_database_is_gone(school: School) -> None:
    browser = school.member()
    url = database.engine().url
    database.connect("postgresql+psycopg://nobody@/nothing?host=/nowhere")
    try:
        answer = browser.get("/classes")
        assert answer.status_code == 500
        assert "on our side" in answer.text
        assert browser.get("/readyz").status_code == 503
        assert browser.get("/healthz").status_code == 200
    finally:
        database.connect(url.render_as_string(hide_password=False))


def test_SEC_26_a_foreign_host_is_refused_with_the_right_address(school: School) -> None:
    page = school.browser().client.get("/login", base_url="http://evil.example")
    assert page.status_code == 400
    assert f'href="{OURS}"' in page.text
    assert "evil.example" not in page.text


def test_SEC_26_forwarded_headers_of_anybody_are_not_believed(school: School) -> None:
    answer = school.browser().get("/login", **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


def test_SEC_13_SEC_24_SEC_25_over_https_cookies_are_locked_to_the_host(settings: Settings) -> None:
    secure = settings.model_copy(update={"public_url": "https://rollbook.example"})
    client = create_app(secure).test_client()
    answer = client.get("/login", base_url="https://rollbook.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-rollbook-") and "; Secure" in cookie and "Domain" not in cookie
    assert "; HttpOnly" in cookie and "; SameSite=Lax" in cookie and "; Path=/" in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    out = client.post(
        "/logout",
        base_url="https://rollbook.example",
        data={"csrf_token": token.group(1)},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert out.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_SEC_13_two_houses_on_one_host_have_two_cookies(settings: Settings) -> None:
    other = settings.model_copy(update={"secret_key": "another secret of another house"})
    names = {create_app(one).config["SESSION_COOKIE_NAME"] for one in (settings, other)}
    assert len(names) == 2


def test_SEC_26_probes_may_call_us_by_any_name(school: School) -> None:
    client = school.browser().client
    for host in ("http://10.0.0.7:8000", "http://rollbook-web-0", "http://127.0.0.1:8000"):
        assert [client.get(path, base_url=host).status_code for path in ("/healthz", "/readyz", "/metrics")] == [
            200
        ] * 3
        assert client.post("/healthz", base_url=host).status_code == 405
    assert client.get("/healthz/more", base_url="http://10.0.0.7:8000").status_code == 400


def test_SEC_26_on_one_machine_a_loopback_address_leads_to_ours(school: School) -> None:
    client = school.browser().client
    for host in ("http://127.0.0.1:8000", "http://[::1]:9000"):
        answer = client.get("/login?next=/classes%3Fa", base_url=host)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{OURS}/login?next=/classes%3Fa")
        carries_the_headers(answer, host)
        assert client.post("/login", base_url=host).status_code == 400
    assert client.get("//evil.example/%0d%0aX:", base_url=host).headers["Location"] == f"{OURS}/"
    for foreign in ("http://127.0.0.1.evil.example", "http://[::2]:8000"):
        assert client.get("/login", base_url=foreign).status_code == 400


def test_SEC_26_on_the_internet_a_loopback_address_is_as_foreign_as_any(settings: Settings) -> None:
    public = settings.model_copy(update={"public_url": "https://rollbook.example"})
    client = create_app(public).test_client()
    assert client.get("/login", base_url="http://127.0.0.1:8000").status_code == 400
    assert client.get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200


def test_health_is_told_to_machines_as_plain_text(school: School) -> None:
    browser = school.browser()
    assert browser.get("/healthz").text == "ok\n"
    assert [browser.get(path).mimetype for path in ("/healthz", "/readyz", "/metrics")] == ["text/plain"] * 3
    assert browser.get("/readyz").status_code == 200
    numbers = browser.get("/metrics").text
    assert 'rollbook_sync_runs_open{state="requested"} 0.0' in numbers
    assert "rollbook_letters_unsent 1.0" in numbers
