"""The service says no, or somebody said no there: the button still leads to what she came for."""

import html
import re

import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.views.portal import refused
from tests.views.school import School, counts, known_teacher, meanwhile, rows

both = pytest.mark.parametrize("service", ["clever", "classlink"])


def button(page: TestResponse) -> str:
    """Where the page's own button leads."""
    link = re.search(r'href="(/auth/[^"]+/start[^"]*)"', page.text)
    assert link
    return html.unescape(link.group(1))


@both
def test_who_refuses_at_the_service_is_told_so_and_is_not_signed_in(school: School, service: str) -> None:
    browser, before = school.browser(), counts()
    page = browser.get(refused(browser, browser.get(f"/auth/{service}/start")))
    assert page.status_code == 400
    assert "You stopped at" in page.text
    assert counts() == before


def test_classlink_brings_her_back_without_the_state_and_clever_with_it(school: School) -> None:
    browser = school.browser()
    assert "state=" in refused(browser, browser.get("/auth/clever/start"))
    assert "state=" not in refused(browser, browser.get("/auth/classlink/start"))


@both
def test_who_refused_by_mistake_still_accepts_her_invitation(school: School, service: str) -> None:
    browser, token = school.browser(), school.invited().token
    page = browser.get(refused(browser, browser.post(f"/invitations/{token}/with/{service}")))
    browser.be(service, school.person("teacher", service)["clever_id"])
    assert browser.follow(browser.get(button(page))).request.path == "/classes"
    assert rows("select role from license_member") == [("teacher",)]


@both
def test_who_refused_by_mistake_still_lands_where_she_wanted(school: School, service: str) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    page = browser.get(refused(browser, browser.get(f"/auth/{service}/start?next=/classes/add")))
    browser.be(service, person)
    assert browser.follow(browser.get(button(page))).request.path == "/classes/add"


@both
def test_who_refused_a_link_comes_back_to_the_page_that_links(school: School, service: str) -> None:
    browser = school.member()
    page = browser.get(refused(browser, browser.post(f"/account/link/{service}")))
    assert browser.get(button(page)).location == "/classes/add"
    assert "Tess Teacher" in page.text


@both
def test_the_button_of_a_refusal_is_her_browsers_alone(school: School, service: str) -> None:
    browser, other, token = school.browser(), school.browser(), school.invited().token
    back = refused(browser, browser.post(f"/invitations/{token}/with/{service}"))
    assert button(other.get(back)) == f"/auth/{service}/start"


def test_a_refusal_without_state_forgets_what_is_done_or_ten_minutes_old(school: School) -> None:
    browser, token = school.browser(), school.invited().token
    browser.be("classlink", school.person("teacher", "classlink")["clever_id"])
    browser.follow(browser.post(f"/invitations/{token}/with/classlink"))
    assert button(browser.get("/auth/classlink/callback?error=access_denied")) == "/auth/classlink/start"
    back = refused(browser, browser.get("/auth/classlink/start?next=/classes/add"))
    meanwhile("update sign_in_attempt set made_at = made_at - interval '10 minutes 1 second'")
    assert button(browser.get(back)) == "/auth/classlink/start"


def test_a_refusal_without_state_spends_nobodys_attempt(school: School) -> None:
    person = known_teacher(school, "classlink")
    browser = school.browser()
    browser.be("classlink", person)
    link = browser.callback(browser.get("/auth/classlink/start"))
    browser.get("/auth/classlink/callback?error=access_denied")
    assert browser.follow(browser.get(link)).request.path == "/classes"


@both
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 400, "You stopped at"),
        ("server_error", 424, "does not answer right now"),
        ("temporarily_unavailable", 424, "does not answer right now"),
        ("invalid_request", 424, "does not accept us"),
        ("unauthorized_client", 424, "does not accept us"),
        ("unsupported_response_type", 424, "does not accept us"),
        ("invalid_scope", 424, "does not accept us"),
        ("login_required", 400, "did not log you in"),
        ("<script>alert(1)</script>", 400, "did not log you in"),
    ],
)
def test_every_other_no_of_a_service_is_a_page_with_the_button(
    school: School, service: str, error: str, status: int, words: str
) -> None:
    with capture_logs() as logged:
        page = school.browser().client.get(
            f"/auth/{service}/callback", query_string={"error": error}, base_url="http://localhost:8000"
        )
    assert (page.status_code, words in page.text) == (status, True)
    assert button(page) == f"/auth/{service}/start"
    assert "alert(1)" not in page.text
    assert [line["error"] for line in logged if "error" in line] == ([error] if "accept us" in words else [])
