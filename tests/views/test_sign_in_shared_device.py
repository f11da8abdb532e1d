"""One browser, several people; one tile, two clicks; one address, opened twice."""

import pytest

from tests.views.portal import launched
from tests.views.school import School, counts, known_teacher, log_in, token_calls

both = pytest.mark.parametrize("service", ["clever", "classlink"])


@both
def test_SEC_3_a_portal_launch_as_somebody_else_replaces_who_was_signed_in(school: School, service: str) -> None:
    browser = school.member()
    before = browser.session()
    person = known_teacher(school, service)
    page = browser.follow(browser.get(launched(browser, service, person)))
    assert page.request.path == "/classes"
    assert "Tess Teacher" not in page.text
    copy = school.browser()
    copy.steal(before)
    assert copy.get("/classes").status_code == 303


@both
def test_SEC_3_whoever_is_not_let_in_does_not_go_on_as_the_person_before(school: School, service: str) -> None:
    browser, student = school.member(), school.person("student", service)["clever_id"]
    page = browser.follow(browser.get(launched(browser, service, student)))
    assert "no class for you yet" in page.text
    assert "Tess Teacher" not in page.text
    assert browser.get("/classes").status_code == 303


def test_SEC_3_a_page_that_refuses_somebody_names_nobody_else(school: School) -> None:
    browser, teacher = school.member(), school.person("teacher")["clever_id"]
    page = browser.follow(browser.get(launched(browser, "clever", teacher)))
    assert "not on a license yet" in page.text
    assert "Tess Teacher" not in page.text and "Back to the login page" in page.text


def test_who_fails_to_link_stays_signed_in(school: School) -> None:
    browser = school.member()
    browser.be("clever", school.person("student")["clever_id"])
    page = browser.follow(browser.post("/account/link/clever"))
    assert "Go on as Tess Teacher" in page.text
    assert browser.get("/classes").status_code == 200


@both
def test_SEC_2_a_tile_that_is_clicked_twice_signs_in(school: School, service: str) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    clicks = [browser.get(launched(browser, service, person)) for _ in range(2)]
    for click in clicks:
        assert browser.follow(click).request.path == "/classes"
    assert browser.get("/classes").status_code == 200


@both
def test_SEC_1_a_callback_that_is_opened_twice_goes_on_with_the_sign_in_that_it_began(
    school: School, service: str
) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    browser.be(service, person)
    link = browser.callback(browser.get(f"/auth/{service}/start?next=/classes/add"))
    browser.get(link)
    before, exchanged, session = counts(), token_calls(school.at), browser.session()
    again = browser.get(link)
    assert (again.status_code, again.location) == (302, "/classes/add")
    assert (counts(), token_calls(school.at), browser.session()) == (before, exchanged, session)
    assert browser.get("/classes/add").status_code == 200


def test_an_invitation_that_was_accepted_a_moment_ago_may_be_come_back_to(school: School) -> None:
    browser, token = school.browser(), school.invited().token
    browser.be("clever", school.person("teacher")["clever_id"])
    link = browser.callback(browser.post(f"/invitations/{token}/with/clever"))
    browser.get(link)
    assert browser.get(link).location == "/classes"


@both
def test_SEC_1_a_spent_callback_never_goes_on_as_anybody_else(school: School, service: str) -> None:
    person = known_teacher(school, service)
    browser = school.member("tess@school.example")
    browser.be(service, person)
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    browser.get(link)
    log_in(browser, "tess@school.example")
    page = browser.get(link)
    assert page.status_code == 400
    assert "Tess Teacher" in page.text
    assert "Tess Teacher" in browser.get("/classes").text


def test_SEC_1_a_spent_callback_of_the_other_service_is_refused(school: School) -> None:
    browser = school.browser()
    browser.be("clever", known_teacher(school, "clever"))
    link = browser.callback(browser.get("/auth/clever/start"))
    browser.get(link)
    assert browser.get(link.replace("/auth/clever/", "/auth/classlink/")).status_code == 400


def test_SEC_1_a_copied_cookie_that_was_signed_out_goes_on_nowhere(school: School) -> None:
    browser, copy = school.browser(), school.browser()
    browser.be("clever", known_teacher(school, "clever"))
    link = browser.callback(browser.get("/auth/clever/start"))
    browser.get(link)
    copy.steal(browser.session())
    browser.post("/logout")
    assert copy.get(link).status_code == 400
