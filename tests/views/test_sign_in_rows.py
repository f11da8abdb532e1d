"""The rows of both services' certification lists that are about who gets in, and where they land."""

import pytest
from sqlalchemy import text

from tests.providers.at_sandbox import At
from tests.views.browser import Browser
from tests.views.imports import imported_section
from tests.views.portal import launched
from tests.views.school import School, counts, known_teacher, meanwhile, rows
from webapp.store.database import engine
from webapp.store.tables import Base

both = pytest.mark.parametrize("service", ["clever", "classlink"])


@both
def test_clever_row_2_and_classlink_row_3_a_portal_launch_ends_signed_in_with_no_second_login(
    school: School, service: str
) -> None:
    person = known_teacher(school, service)
    browser = school.browser()
    page = browser.follow(browser.get(launched(browser, service, person)))
    assert (page.request.path, page.status_code) == ("/classes", 200)
    assert "Log out" in page.text


def test_clever_row_2_an_instant_login_link_ends_signed_in(school: School) -> None:
    browser = school.browser()
    browser.be("clever", known_teacher(school, "clever"))
    link = f"{browser.sandbox_url}/clever/oauth/instant-login"
    page = browser.follow(browser.get(browser.through_service(link)))
    assert (page.request.path, page.status_code) == ("/classes", 200)


@both
def test_clever_row_3_and_classlink_row_3_a_portal_launch_re_enters_with_a_state_of_our_own(
    school: School, service: str
) -> None:
    browser = school.browser()
    restarted = browser.get(launched(browser, service, known_teacher(school, service)))
    assert restarted.status_code == 302
    assert all(f"{name}=" in restarted.location for name in ("state", "nonce", "code_challenge"))
    assert "code=" not in restarted.location


@both
def test_clever_row_12_every_page_says_who_is_signed_in(school: School, service: str) -> None:
    person = known_teacher(school, service)
    browser, name = signed_in(school, service, person), rows("select given_name, family_name from account")[0]
    for path in ("/classes", "/classes/add", "/classes/no-such-page"):
        assert f"Signed in as</span> {name[0]} {name[1]}" in browser.get(path).text, path


def test_clever_row_13_log_out_is_on_every_page(school: School) -> None:
    browser = signed_in(school, "clever", known_teacher(school, "clever"))
    for path in ("/classes", "/classes/add", "/login", "/auth/clever/callback?error=access_denied"):
        assert 'action="/logout"' in browser.get(path).text, path


@both
def test_clever_row_17_somebody_with_several_roles_here_is_locked_out_of_none(school: School, service: str) -> None:
    browser = signed_in(school, service, known_teacher(school, service))
    meanwhile("insert into account_role (district_id, account_id, role) select district_id, id, r from account, "
              "unnest(array['license_admin', 'staff', 'district_admin']) r")  # fmt: skip
    meanwhile("insert into license_member (district_id, license_id, account_id, role, joined_at) "
              "select district_id, license_id, account_id, 'license_admin', joined_at from license_member")  # fmt: skip
    assert [browser.get(path).status_code for path in ("/classes", "/classes/add", "/license")] == [200, 200, 200]


@both
@pytest.mark.parametrize("kind", ["district_admin", "site_admin", "aide"])
def test_clever_row_18_and_classlink_row_7_staff_who_are_invited_get_in_and_others_read_whom_to_ask(
    at: At, school: School, service: str, kind: str
) -> None:
    person = school.person(kind, service)["clever_id"]
    browser, before = school.browser(), counts()
    browser.be(service, person)
    page = browser.press(service)
    assert page.status_code == 403 and "ask" in page.text.lower()
    assert counts() == before
    token = school.invited("staff@school.example").token
    assert browser.follow(browser.post(f"/invitations/{token}/with/{service}")).request.path == "/classes"
    assert signed_in(school, service, person).get("/classes").status_code == 200


@both
def test_clever_row_19_and_classlink_row_7_a_student_lands_on_her_classes_once_a_teacher_imported_one(
    school: School, service: str
) -> None:
    name, student = imported_section(school, service)
    page = signed_in(school, service, student, at_portal=True).get("/classes")
    assert name in page.text
    assert "Add Classes" not in page.text


def test_classlink_row_7_a_license_admin_lands_on_the_license_and_nobody_is_made_one_by_an_e_mail(
    school: School,
) -> None:
    teacher = school.person("teacher", "classlink")
    meanwhile(f"update account set email = '{teacher['email']}'")
    person = teacher["clever_id"]
    browser, token = school.browser(), school.invited("boss@school.example", "license_admin").token
    browser.be("classlink", person)
    page = browser.follow(browser.post(f"/invitations/{token}/with/classlink"))
    assert page.request.path == "/license"


@both
def test_clever_row_15_a_service_that_tells_nothing_but_an_id_locks_nobody_out(school: School, service: str) -> None:
    person = known_teacher(school, service)
    school.at.switch(clever_no_value="absent", clever_extra_keys=True, classlink_role="missing")
    page = signed_in(school, service, person).get("/classes/add")
    assert page.status_code == 200


@both
def test_clever_row_16_nothing_is_asked_for_at_the_first_login(school: School, service: str) -> None:
    browser, token = school.browser(), school.invited().token
    browser.be(service, school.person("teacher", service)["clever_id"])
    page = browser.follow(browser.post(f"/invitations/{token}/with/{service}"))
    assert (page.request.path, page.status_code) == ("/classes", 200)


@both
def test_classlink_row_5_the_same_id_in_another_tenant_is_another_person(at: At, school: School, service: str) -> None:
    person = known_teacher(school, service)
    meanwhile(f"update identity set authority = 'elsewhere' where provider = '{service}'")
    browser = school.browser()
    browser.be(service, person)
    assert browser.press(service).status_code == 403


def test_classlink_row_6_people_of_a_tenant_without_a_roster_server_sign_in_and_stay_apart(school: School) -> None:
    school.at.switch(classlink_without_sourced_ids=True)
    first, second = [one for one in school.at.truth()["people"] if one["kind"] == "teacher"][:2]
    for person in (first, second):
        browser, token = school.browser(), school.invited(f"{person['clever_id']}@school.example").token
        browser.be("classlink", person["clever_id"])
        assert browser.follow(browser.post(f"/invitations/{token}/with/classlink")).request.path == "/classes"
        page = signed_in(school, "classlink", person["clever_id"]).get("/classes").text
        assert f"{person['given']} {person['family']}" in page
    assert rows("select count(*), count(distinct account_id), min(kind) from identity") == [(2, 2, "user_id")]


@both
def test_classlink_row_4_the_code_goes_to_the_service_at_once_and_nothing_of_it_stays(
    school: School, service: str
) -> None:
    browser = school.browser()
    browser.be(service, known_teacher(school, service))
    link = browser.callback(browser.get(f"/auth/{service}/start"))
    code = link.partition("code=")[2].partition("&")[0]
    answer = browser.get(link)
    page = browser.follow(answer)
    kept = str(answer.headers) + page.text + str(browser.session()) + everything_stored()
    assert code not in kept and "eyJ" not in kept
    assert school.at.settings.classlink_client_secret not in kept


def signed_in(school: School, service: str, person: str, *, at_portal: bool = False) -> Browser:
    """A browser in which this person has just signed in by the service."""
    browser = school.browser()
    if at_portal:
        page = browser.follow(browser.get(launched(browser, service, person)))
    else:
        browser.be(service, person)
        page = browser.press(service)
    assert (page.status_code, page.request.path) == (200, "/classes"), page.text
    return browser


def everything_stored() -> str:
    """Every row of ours, as text."""
    with engine().connect() as connection:
        tables = [table.name for table in Base.metadata.sorted_tables]
        return "".join(
            str(connection.execute(text(f"select row_to_json({name}) from {name}")).all()) for name in tables
        )
