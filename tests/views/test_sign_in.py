"""Single sign-on, for both services: who gets in, and what everybody else is told."""

import pytest

from tests.views.school import School, counts, known_teacher, meanwhile, rows, token_calls

SERVICES = ["clever", "classlink"]
both = pytest.mark.parametrize("service", SERVICES)


@both
def test_a_known_teacher_signs_in_by_the_button_and_lands_on_my_classes(school: School, service: str) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    browser.be(service, person)
    page = browser.press(service)
    assert page.request.path == "/classes"
    assert page.status_code == 200
    assert "Log out" in page.text


@both
def test_SEC_2_an_arrival_without_state_throws_its_code_away_and_begins_again(school: School, service: str) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    browser.be(service, person)
    before = token_calls(school.at)
    restarted = browser.get(f"/auth/{service}/callback?code=from-the-portal&response_type=code")
    assert restarted.status_code == 302
    assert "from-the-portal" not in restarted.headers["Location"]
    assert token_calls(school.at) == before
    assert browser.follow(restarted).request.path == "/classes"
    assert token_calls(school.at) == before + 1


@both
def test_SEC_2_a_browser_that_is_sent_back_without_state_again_and_again_gets_a_page_with_a_button(
    school: School, service: str
) -> None:
    browser = school.browser()
    answers = [browser.get(f"/auth/{service}/callback?code=x").status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    page = browser.get(f"/auth/{service}/callback?code=x").text
    assert f'href="/auth/{service}/start"' in page


@both
def test_SEC_1_another_browsers_state_is_refused_and_no_code_is_exchanged(school: School, service: str) -> None:
    attacker, victim = school.browser(), school.browser()
    attacker.be(service, known_teacher(school, service))
    link = attacker.callback(attacker.get(f"/auth/{service}/start"))
    victim.get("/login")
    before, exchanged = counts(), token_calls(school.at)
    page = victim.get(link)
    assert page.status_code == 400
    assert "try that again" in page.text
    assert "Traceback" not in page.text
    assert counts() == before
    assert token_calls(school.at) == exchanged
    assert victim.get("/classes").status_code == 303


@both
def test_SEC_1_a_rejected_callback_leaves_the_attempt_of_its_own_browser_usable(school: School, service: str) -> None:
    own, other = school.browser(), school.browser()
    own.be(service, known_teacher(school, service))
    link = own.callback(own.get(f"/auth/{service}/start"))
    assert other.get(link).status_code == 400
    assert own.follow(own.get(link)).request.path == "/classes"


@both
def test_SEC_1_a_state_is_good_once(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    assert browser.get(link).status_code == 302
    browser.post("/logout")
    exchanged = token_calls(school.at)
    again = browser.get(link)
    assert again.status_code == 400
    assert token_calls(school.at) == exchanged
    assert browser.get("/classes").status_code == 303


@both
def test_SEC_1_a_copy_of_the_cookie_from_before_gets_nothing_from_a_spent_state(school: School, service: str) -> None:
    browser, copy = school.browser(), school.browser()
    browser.be(service, known_teacher(school, service))
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    copy.steal(browser.session())
    assert browser.get(link).status_code == 302
    assert copy.get(link).status_code == 400
    assert copy.get("/classes").status_code == 303


def test_SEC_1_a_state_of_one_service_is_nothing_to_the_other(school: School) -> None:
    browser = school.browser()
    browser.be("clever", known_teacher(school, "clever"))
    link = browser.callback(browser.get("/auth/clever/start")).replace("/auth/clever/", "/auth/classlink/")
    exchanged = token_calls(school.at)
    assert browser.get(link).status_code == 400
    assert token_calls(school.at) == exchanged


@both
def test_SEC_1_a_state_older_than_ten_minutes_is_refused(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    meanwhile("update sign_in_attempt set made_at = made_at - interval '10 minutes 1 second'")
    assert browser.get(link).status_code == 400


@both
def test_SEC_4_an_answer_that_names_another_issuer_is_refused(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    exchanged = token_calls(school.at)
    assert browser.get(f"{link}&iss=https://evil.example").status_code == 400
    assert token_calls(school.at) == exchanged


@both
def test_SEC_3_a_new_sign_in_replaces_the_old_one_on_the_same_browser(school: School, service: str) -> None:
    browser = school.member()
    old = browser.session()
    browser.be(service, known_teacher(school, service))
    page = browser.press(service)
    assert "Tess Teacher" not in page.text
    copy = school.browser()
    copy.steal(old)
    assert copy.get("/classes").status_code == 303


@both
def test_a_refusal_at_the_service_is_a_page_with_the_button(school: School, service: str) -> None:
    page = school.browser().get(f"/auth/{service}/callback?error=access_denied")
    assert page.status_code == 400
    assert "You stopped at" in page.text
    assert f'href="/auth/{service}/start"' in page.text


@both
def test_a_student_without_a_class_reads_kind_words_and_gets_no_account(school: School, service: str) -> None:
    browser, before = school.browser(), counts()
    browser.be(service, school.person("student", service)["clever_id"])
    page = browser.press(service)
    assert page.status_code == 200
    assert "no class for you yet" in page.text
    assert counts() == before


@both
def test_a_student_without_a_class_may_load_the_page_again_and_try_again_from_it(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, school.person("student", service)["clever_id"])
    page = browser.press(service)
    assert page.request.path == f"/login/no-class-yet/{service}" and not page.request.query_string
    assert browser.get(page.request.path).text == page.text
    assert f'href="/auth/{service}/start"' in page.text


@both
def test_a_teacher_whom_nobody_invited_reads_where_to_ask_and_gets_no_account(school: School, service: str) -> None:
    browser, before = school.browser(), counts()
    browser.be(service, school.person("teacher", service)["clever_id"])
    page = browser.press(service)
    assert page.status_code == 403
    assert "not on a license yet" in page.text
    assert counts() == before


@both
def test_somebody_of_a_district_that_is_not_connected_is_told_so(school: School, service: str) -> None:
    browser, before = school.browser(), counts()
    browser.be(service, school.person("teacher", service)["clever_id"])
    meanwhile("delete from connection")
    page = browser.press(service)
    assert page.status_code == 403
    assert "district is not connected" in page.text
    assert counts() == before


@both
def test_SEC_15_next_leads_to_own_pages_only(school: School, service: str) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link = browser.callback(browser.get(f"/auth/{service}/start?next=https://evil.example/"))
    assert browser.get(link).headers["Location"] == "/classes"
    link = browser.callback(browser.get(f"/auth/{service}/start?next=/classes/add"))
    assert browser.get(link).headers["Location"] == "/classes/add"


def test_SEC_6_equal_ids_in_two_districts_are_two_people(school: School) -> None:
    person = known_teacher(school, "clever")
    meanwhile("update identity set authority = 'another district' where provider = 'clever'")
    browser = school.browser()
    browser.be("clever", person)
    assert browser.press("clever").status_code == 403


def test_SEC_7_nobody_is_found_by_e_mail(school: School) -> None:
    teacher = school.person("teacher")
    school.member(teacher["email"])
    browser = school.browser()
    browser.be("clever", teacher["clever_id"])
    page = browser.press("clever")
    assert page.status_code == 403
    assert rows("select count(*) from account") == [(1,)]


def test_a_classlink_user_is_found_again_by_either_of_her_two_ids(school: School) -> None:
    person = known_teacher(school, "classlink")
    kinds = rows("select kind from identity where provider = 'classlink' order by kind")
    assert kinds == [("sourced_id",), ("user_id",)]
    meanwhile("delete from identity where kind = 'sourced_id'")
    browser = school.browser()
    browser.be("classlink", person)
    assert browser.press("classlink").request.path == "/classes"
    assert rows("select count(*) from identity where kind = 'sourced_id'") == [(1,)]


def test_somebody_whose_account_was_switched_off_is_told_so(school: School) -> None:
    person = known_teacher(school, "clever")
    meanwhile("update account set disabled_at = now()")
    browser = school.browser()
    browser.be("clever", person)
    assert "switched off" in browser.press("clever").text


def test_a_service_that_is_not_switched_on_has_no_door(school: School) -> None:
    assert school.browser().get("/auth/myspace/start").status_code == 404


@both
def test_SEC_2_an_attackers_code_in_a_link_never_signs_the_victim_in_as_the_attacker(
    school: School, service: str
) -> None:
    attacker, victim = school.browser(), school.browser()
    attacker.be(service, known_teacher(school, service))
    code = attacker.callback(attacker.get(f"/auth/{service}/start")).partition("code=")[2].partition("&")[0]
    victim.be(service, school.person("student", service)["clever_id"])
    page = victim.follow(victim.get(f"/auth/{service}/callback?code={code}"))
    assert "no class for you yet" in page.text
    assert victim.get("/classes").status_code == 303
