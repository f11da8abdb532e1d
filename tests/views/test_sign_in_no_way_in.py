"""Everybody who is not let in reads why in plain words, has a way on, and finds whom to write to."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.factory import synced
from tests.providers.at_sandbox import At
from tests.views.browser import Browser
from tests.views.imports import customer_of, imported_section
from tests.views.portal import refused
from tests.views.school import School, a_school, counts, known_teacher, meanwhile, now
from webapp.settings import Settings
from webapp.simulator.server import Sandbox
from webapp.views import create_app

both = pytest.mark.parametrize("service", ["clever", "classlink"])
SUPPORT = "help@rollbook.example"
Case = Callable[[School, str], TestResponse]


@pytest.fixture
def school(settings: Settings, at: At) -> School:
    """A connected district, in a house that names its support."""
    return a_school(create_app(settings.model_copy(update={"support_email": SUPPORT})), at)


def on_the_way_back(school: School, service: str, kind: str = "teacher") -> tuple[Browser, str]:
    """Somebody of that kind whom nobody invited, and the callback that brings them here."""
    browser = school.browser()
    browser.be(service, school.person(kind, service)["clever_id"])
    return browser, browser.callback(browser.get(f"/auth/{service}/start"))


def arrives(school: School, service: str, kind: str = "teacher") -> TestResponse:
    """The page that this somebody comes to."""
    browser, link = on_the_way_back(school, service, kind)
    return browser.follow(browser.get(link))


def not_shared(school: School, service: str) -> TestResponse:
    browser, link = on_the_way_back(school, service)
    hide(school, service)
    return browser.get(link)


def hide(school: School, service: str) -> None:
    """The service no longer shares the teacher's record."""
    teacher = school.person("teacher", service)
    if service == "clever":
        school.at.fault("clever", "status", status=404, path=f"/users/{teacher['clever_id']}")
    else:
        school.at.switch(oneroster_hides_teacher=teacher["sourced_id"])


def before_the_launch(school: School, service: str) -> TestResponse:
    browser, link = on_the_way_back(school, service)
    hide(school, service)
    school.at.switch(clever_launch_date="2099-08-12")
    return browser.get(link)


def no_access(school: School, service: str) -> TestResponse:
    meanwhile("delete from connection")
    return arrives(school, service)


def expired_code(school: School, service: str) -> TestResponse:
    browser, link = on_the_way_back(school, service)
    return browser.get(re.sub(r"code=[^&]+", "code=expired", link))


def used_code(school: School, service: str) -> TestResponse:
    browser, link = on_the_way_back(school, service)
    browser.get(link)
    return browser.get(link)


def down(school: School, service: str) -> TestResponse:
    browser, link = on_the_way_back(school, service)
    school.at.fault(service, "down")
    return browser.get(link)


def disconnected(school: School, service: str) -> TestResponse:
    browser, link = on_the_way_back(school, service)
    if service == "clever":
        school.at.fault("clever", "status", status=401, path="/v3.1/users/")
    else:
        school.at.switch(classlink_enabled=False)
    return browser.get(link)


def refused_consent(school: School, service: str) -> TestResponse:
    browser = school.browser()
    return browser.get(refused(browser, browser.get(f"/auth/{service}/start")))


def wrongly_signed(school: School, service: str) -> TestResponse:
    school.at.switch(**{"clever_wrong_token" if service == "clever" else "classlink_id_token": "expired"})
    return arrives(school, service)


def switched_off_here(school: School, service: str) -> TestResponse:
    person, browser = known_teacher(school, service), school.browser()
    meanwhile("update account set disabled_at = now()")
    browser.be(service, person)
    return browser.press(service)


CASES: dict[str, tuple[Case, int, str]] = {
    "no account": (lambda school, service: arrives(school, service), 403, "not on a license yet"),
    "a principal": (lambda school, service: arrives(school, service, "site_admin"), 403, "not on a license yet"),
    "staff with no role here": (
        lambda school, service: arrives(school, service, "aide"),
        403,
        "the person who manages",
    ),
    "a student before any import": (lambda school, service: arrives(school, service, "student"), 200, "no class for"),
    "a parent": (lambda school, service: arrives(school, service, "guardian"), 403, "This is a parent"),
    "not shared": (not_shared, 403, "Your school does not share your account"),
    "no access": (no_access, 403, "district is not connected yet"),
    "disconnected": (disconnected, 424, "district has disconnected us"),
    "expired code": (expired_code, 400, "try that again"),
    "used code": (used_code, 400, "try that again"),
    "wrongly signed": (wrongly_signed, 400, "try that again"),
    "service down": (down, 424, "does not answer right now"),
    "refused consent": (refused_consent, 400, "You stopped at"),
    "account switched off": (switched_off_here, 403, "account is switched off"),
}


@both
@pytest.mark.parametrize("cause", CASES)
def test_clever_row_14_and_classlink_row_2_a_login_that_fails_says_why_and_shows_a_way_on(
    school: School, service: str, cause: str
) -> None:
    case, status, words = CASES[cause]
    page = case(school, service)
    assert (page.status_code, words in page.text) == (status, True), page.text
    assert re.search(r'href="(/auth/\w+/start|/login)', page.text)
    assert page.text.count(f"mailto:{SUPPORT}") == 1
    assert "Traceback" not in page.text and "Signed in as" not in page.text


def test_clever_row_14_before_the_launch_date_the_page_names_it(school: School) -> None:
    page = before_the_launch(school, "clever")
    assert page.status_code == 403
    assert "August 12, 2099" in page.text


@both
def test_clever_row_14_a_login_that_fails_changes_nothing(school: School, service: str) -> None:
    before = counts()
    for case in (not_shared, expired_code, used_code, wrongly_signed, disconnected):
        case(school, service)
        school.at.steer("DELETE", "/sandbox/faults")
    assert counts() == before


@both
@pytest.mark.parametrize(
    "wrong", ["wrong aud", "wrong iss", "wrong nonce", "another's sub", "bad signature", "alg none"]
)
def test_SEC_5_a_simulated_service_that_signs_wrongly_signs_nobody_in(school: School, service: str, wrong: str) -> None:
    theirs = {
        "wrong aud": "another audience",
        "wrong iss": "another issuer",
        "wrong nonce": "another nonce",
        "another's sub": "somebody else's sub",
        "bad signature": "another key",
        "alg none": "alg none",
    }
    person = known_teacher(school, service)
    school.at.switch(clever_wrong_token=wrong, classlink_id_token=theirs[wrong])
    browser, before = school.browser(), counts()
    browser.be(service, person)
    assert browser.press(service).status_code == 400
    assert counts() == before


@both
def test_a_service_that_signs_nothing_still_signs_people_in(school: School, service: str) -> None:
    person = known_teacher(school, service)
    school.at.switch(clever_openid=False, classlink_id_token="been left out")
    browser = school.browser()
    browser.be(service, person)
    assert browser.press(service).request.path == "/classes"


def test_classlink_row_16_somebody_whom_the_roster_has_switched_off_is_told_so(
    school: School, sandbox: Sandbox
) -> None:
    teacher = school.person("teacher", "classlink")
    switch_off(sandbox, school.at.number, teacher["sourced_id"])
    page = arrives(school, "classlink")
    assert page.status_code == 403
    assert "Your school has switched your account off" in page.text


def test_classlink_row_16_neither_an_invitation_nor_a_link_helps_somebody_who_is_switched_off(
    school: School, sandbox: Sandbox
) -> None:
    teacher, browser = school.person("teacher", "classlink"), school.member()
    switch_off(sandbox, school.at.number, teacher["sourced_id"])
    before, token = counts(), school.invited("other@school.example").token
    for path in (f"/invitations/{token}/with/classlink", "/account/link/classlink"):
        browser.be("classlink", teacher["clever_id"])
        assert "switched your account off" in browser.follow(browser.post(path)).text
    assert counts() == before


def test_classlink_row_16_a_sync_finds_who_was_switched_off_and_who_was_switched_on_again(
    school: School, sandbox: Sandbox
) -> None:
    _name, student = imported_section(school, "classlink")
    customer, browser = customer_of(school, "classlink"), school.browser()
    sourced_id = next(one["sourced_id"] for one in school.at.truth()["people"] if one["clever_id"] == student)
    browser.be("classlink", student)
    for hour, enabled, words in ((1, False, "switched your account off"), (2, True, "My Classes")):
        switch_off(sandbox, school.at.number, sourced_id, enabled=enabled)
        assert synced(customer, school.at.services, now() + timedelta(hours=hour)).state == "done"
        assert words in browser.press("classlink").text


@both
def test_classlink_row_20_who_is_known_here_still_gets_in_after_the_district_disconnected_us(
    school: School, service: str
) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    browser.be(service, person)
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    if service == "clever":
        school.at.fault("clever", "status", status=401, path="/v3.1/users/")
    else:
        school.at.switch(classlink_enabled=False)
    assert browser.follow(browser.get(link)).request.path == "/classes"


def switch_off(sandbox: Sandbox, number: int, sourced_id: str, *, enabled: bool = False) -> None:
    """The district's roster says from now on that this person may not sign in (or may again)."""
    district = sandbox.stage.district(number)
    assert district
    district.people[sourced_id].enabled = enabled
    district.touched()
