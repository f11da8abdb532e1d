"""A teacher who logs in with a password adds her service; and everybody whom that must not help."""

import pytest

from tests.views.school import School, counts, known_teacher, log_in, meanwhile, rows

ADDRESS = "tess@school.example"
both = pytest.mark.parametrize("service", ["clever", "classlink"])


@both
def test_a_teacher_links_her_service_and_signs_in_with_it_from_then_on(school: School, service: str) -> None:
    browser = school.member(ADDRESS)
    person = school.person("teacher", service)["clever_id"]
    browser.be(service, person)
    page = browser.follow(browser.post(f"/account/link/{service}"))
    assert page.request.path == "/classes/add"
    again = school.browser()
    again.be(service, person)
    assert "Tess Teacher" in again.press(service).text
    assert rows("select count(*) from account") == [(1,)]


def test_SEC_8_linking_ends_all_other_sign_ins_voids_links_and_sends_a_letter(school: School) -> None:
    elsewhere, browser = school.member(ADDRESS), school.browser()
    log_in(browser, ADDRESS)
    browser.post("/password/forgot", {"email": ADDRESS})
    browser.be("clever", school.person("teacher")["clever_id"])
    assert browser.follow(browser.post("/account/link/clever")).status_code < 400
    assert elsewhere.get("/classes").status_code == 303
    assert browser.get("/classes").status_code == 200
    assert rows("select count(*) from password_reset where used_at is null") == [(0,)]
    assert rows("select count(*) from outbox where kind = 'linked'") == [(1,)]


def test_SEC_8_linking_asks_for_a_fresh_login_after_a_quarter_of_an_hour(school: School) -> None:
    browser = school.member(ADDRESS)
    meanwhile("update sign_in set made_at = now() - interval '16 minutes'")
    answer = browser.post("/account/link/clever")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/classes/add"
    assert "log in once more" in browser.get("/login").text


def test_SEC_8_the_link_is_the_asking_sign_ins_alone(school: School) -> None:
    browser = school.member(ADDRESS)
    browser.be("clever", school.person("teacher")["clever_id"])
    link = browser.callback(browser.post("/account/link/clever"))
    browser.post("/logout")
    before = counts()
    page = browser.get(link)
    assert page.status_code == 400
    assert counts() == before


def test_a_student_who_is_still_signed_in_at_the_service_never_opens_a_teachers_account(school: School) -> None:
    browser, before = school.member(ADDRESS), rows("select count(*) from identity")
    browser.be("clever", school.person("student")["clever_id"])
    page = browser.follow(browser.post("/account/link/clever"))
    assert page.status_code == 403
    assert "a student is logged in on this computer" in page.text
    assert rows("select count(*) from identity") == before


def test_an_account_that_a_co_teachers_import_made_takes_the_asking_one_in(school: School) -> None:
    person = known_teacher(school, "clever")
    meanwhile("update account set last_sign_in_at = null, email = null")
    meanwhile("delete from sign_in; delete from license_member; delete from account_role")
    kept = rows("select id from account")[0][0]
    browser = school.member(ADDRESS)
    browser.be("clever", person)
    assert browser.follow(browser.post("/account/link/clever")).request.path == "/classes/add"
    assert rows("select merged_into_id from account where id <> :kept", kept=kept) == [(kept,)]
    assert rows("select distinct account_id from identity") == [(kept,)]
    assert rows("select account_id, role from license_member") == [(kept, "teacher")]
    assert log_in(school.browser(), ADDRESS) == 303


def test_an_account_in_use_is_never_taken_over(school: School) -> None:
    person = known_teacher(school, "clever")
    browser, before = school.member(ADDRESS), counts()
    browser.be("clever", person)
    page = browser.follow(browser.post("/account/link/clever"))
    assert page.status_code == 403
    assert "in use here already" in page.text
    assert counts() == before


def test_SEC_9_a_service_user_of_another_district_is_not_linked(school: School) -> None:
    browser = school.member(ADDRESS)
    browser.be("clever", school.person("teacher")["clever_id"])
    link = browser.callback(browser.post("/account/link/clever"))
    meanwhile("update connection set provider_district = 'elsewhere' where provider = 'clever'")
    page = browser.get(link)
    assert page.status_code == 403
    assert "another district" in page.text
