"""Single sign-on where the service is in trouble or refuses us: plain pages, nothing changed, a line in the log."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from tests.views.browser import OURS
from tests.views.school import School, counts, known_teacher, rows
from webapp.providers.table import services
from webapp.settings import Settings
from webapp.views import create_app
from webapp.views.house import House

both = pytest.mark.parametrize("service", ["clever", "classlink"])


@both
def test_a_service_that_is_down_is_a_plain_page_and_nothing_has_changed(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link, before = browser.callback(browser.get(f"/auth/{service}/start")), counts()
    school.at.fault(service, "down")
    page = browser.get(link)
    assert page.status_code == 424
    assert "does not answer" in page.text
    assert "Traceback" not in page.text
    assert counts() == before


@both
def test_a_service_that_refuses_our_own_credentials_is_said_to_and_stands_in_the_log(
    school: School, service: str
) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link, before = browser.callback(browser.get(f"/auth/{service}/start")), counts()
    wrong = school.at.settings.model_copy(update={f"{service}_client_secret": "not-ours"})
    school.app.extensions["rollbook"] = House(wrong, services(wrong))
    with capture_logs() as logged:
        page = browser.get(link)
    assert page.status_code == 424
    assert "does not accept us" in page.text and "another browser" not in page.text
    assert counts() == before
    warnings = [line for line in logged if line["log_level"] == "warning"]
    assert [(line["provider"], line["status"]) for line in warnings] == [(service, 401)]
    assert "not-ours" not in str(logged)


def try_again(page: TestResponse) -> str:
    """Where the page's own button leads."""
    link = re.search(r'href="(/auth/[^"]+/start[^"]*)"', page.text)
    assert link
    return html.unescape(link.group(1))


@both
def test_the_button_of_a_page_of_trouble_still_accepts_the_invitation(school: School, service: str) -> None:
    browser, token = school.browser(), school.invited().token
    browser.be(service, school.person("teacher", service)["clever_id"])
    link = browser.callback(browser.post(f"/invitations/{token}/with/{service}"))
    denied = browser.get(f"{link.partition('?')[0]}?error=access_denied&state={state_in(link)}")
    assert browser.follow(browser.get(try_again(denied))).request.path == "/classes"
    assert rows("select role from license_member") == [("teacher",)]


@both
def test_the_button_still_accepts_after_the_wrong_person_was_signed_in_there(school: School, service: str) -> None:
    browser, token = school.browser(), school.invited().token
    browser.be(service, school.person("student", service)["clever_id"])
    refused = browser.follow(browser.post(f"/invitations/{token}/with/{service}"))
    browser.be(service, school.person("teacher", service)["clever_id"])
    assert browser.follow(browser.get(try_again(refused))).request.path == "/classes"


def test_SEC_1_another_browser_gets_nothing_from_a_failed_tries_button(school: School) -> None:
    browser, other, token = school.browser(), school.browser(), school.invited().token
    onward = browser.onward(browser.post(f"/invitations/{token}/with/clever"))
    other.be("clever", school.person("teacher")["clever_id"])
    page = browser.get(f"/auth/clever/callback?error=access_denied&state={state_in(str(onward))}")
    assert "again=" in try_again(page)
    assert other.follow(other.get(try_again(page))).status_code == 403
    assert rows("select count(*) from license_member") == [(0,)]


def test_once_the_invitation_was_accepted_the_button_simply_logs_in(school: School) -> None:
    browser, token = school.browser(), school.invited().token
    browser.be("clever", school.person("teacher")["clever_id"])
    link = browser.callback(browser.post(f"/invitations/{token}/with/clever"))
    browser.follow(browser.get(link))
    browser.post("/logout")
    assert browser.follow(browser.get(try_again(browser.get(link)))).request.path == "/classes"


def test_the_button_of_a_failed_link_leads_to_the_page_that_links(school: School) -> None:
    browser = school.member()
    browser.be("clever", school.person("student")["clever_id"])
    refused = browser.follow(browser.post("/account/link/clever"))
    assert browser.get(try_again(refused)).location == "/classes/add"


def state_in(address: str) -> str:
    """The state that this address carries."""
    return parse_qs(urlsplit(address).query)["state"][0]


def test_a_page_of_trouble_names_support_once(settings: Settings) -> None:
    with_support = settings.model_copy(update={"support_email": "help@rollbook.example"})
    page = create_app(with_support).test_client().get("/auth/clever/callback?error=access_denied", base_url=OURS)
    assert page.text.count("mailto:help@rollbook.example") == 1


@both
def test_a_service_that_gives_no_token_for_the_code_is_a_plain_page(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link, before = browser.callback(browser.get(f"/auth/{service}/start")), counts()
    page = browser.get(re.sub(r"code=[^&]+", "code=made-up", link))
    assert page.status_code == 400
    assert counts() == before
