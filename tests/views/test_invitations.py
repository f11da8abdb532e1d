"""Account set-up by invitation: with a password, a service, an account one has; and every way it can't be done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.views.browser import Browser
from tests.views.school import PASSWORD, School, counts, known_teacher, log_in, meanwhile, now, rows
from tests.views.slow_memberships import slow_memberships
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.create_account import create_account
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.invite import invite, resend, revoke
from webapp.actions.refusals import NotAccepted, SeatsFull
from webapp.store import database
from webapp.store.tables import License

NAME = {"given_name": "Nora", "family_name": "New", "password": PASSWORD}
both = pytest.mark.parametrize("service", ["clever", "classlink"])


def accept_by(school: School, service: str, role: str = "teacher", token: str = "") -> tuple[Browser, TestResponse]:
    browser = school.browser()
    browser.be(service, school.person(role, service)["clever_id"])
    token = token or school.invited().token
    return browser, browser.follow(browser.post(f"/invitations/{token}/with/{service}"))


def test_an_invitation_by_password_makes_an_account_that_is_signed_in_and_a_member(school: School) -> None:
    browser = school.browser()
    token = school.invited("nora@school.example").token
    shown = browser.get(f"/invitations/{token}").text
    assert "Maple Schools" in shown and "nora@school.example" in shown
    assert shown.count("Create account") == 1
    assert "Log in with Clever" in shown and "Log in with ClassLink" in shown
    page = browser.follow(browser.post(f"/invitations/{token}", NAME))
    assert page.request.path == "/classes"
    assert "Nora New" in page.text
    assert rows("select role from license_member") == [("teacher",)]
    assert rows("select role from account_role") == [("teacher",)]


def test_the_license_admin_of_a_new_license_lands_on_her_page(school: School) -> None:
    browser = school.browser()
    page = browser.follow(browser.post(f"/invitations/{school.admin_token}", NAME))
    assert page.request.path == "/license"
    assert "Invite teachers" in page.text


def test_SEC_9_looking_at_an_invitation_uses_nothing_up(school: School) -> None:
    token = school.invited().token
    for _ in range(5):
        answer = school.browser().get(f"/invitations/{token}")
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert rows("select accepted_at from invitation where role = 'teacher'") == [(None,)]


def test_an_invitation_says_until_when_it_is_good_in_the_districts_own_time(school: School) -> None:
    token = school.invited().token
    # In New York it is still Monday then.
    meanwhile("update invitation set expires_at = '2031-09-16 03:30+00', made_at = '2031-09-09 03:30+00'")
    page = school.browser().get(f"/invitations/{token}").text
    assert "You can accept until Monday, September 15." in page


def test_SEC_9_the_token_is_stored_only_as_a_hash(school: School) -> None:
    token = school.invited().token
    stored = rows("select token_hash, ids::text, sealed_token from invitation, outbox")
    assert len(token) >= 43
    assert token not in str(stored)


def test_SEC_9_an_invitation_is_good_once(school: School) -> None:
    token = school.invited().token
    assert school.browser().post(f"/invitations/{token}", NAME).status_code == 303
    before = counts()
    again = school.browser().post(f"/invitations/{token}", NAME)
    assert again.status_code == 410
    assert "used already" in again.text
    assert counts() == before


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        ("update invitation set expires_at = now() - interval '1 second'", "too old"),
        ("update invitation set revoked_at = now()", "taken back"),
        ("update invitation set accepted_at = now()", "used already"),
        ("update invitation set token_hash = id::text", "know this invitation"),
    ],
)
def test_SEC_9_a_closed_invitation_says_which_and_what_to_do(school: School, happens: str, words: str) -> None:
    token = school.invited().token
    meanwhile(happens)
    before = counts()
    for answer in (
        school.browser().get(f"/invitations/{token}"),
        school.browser().post(f"/invitations/{token}", NAME),
        school.browser().post(f"/invitations/{token}/with/clever"),
    ):
        assert answer.status_code in (404, 410)
        assert words in answer.text
    assert counts() == before


def test_a_short_password_is_told_and_nothing_is_used_up(school: School) -> None:
    browser, token = school.browser(), school.invited().token
    answer = browser.post(f"/invitations/{token}", NAME | {"password": "elevenchars"})
    assert answer.status_code == 422
    assert "at least 12 characters" in answer.text
    assert 'value="Nora"' in answer.text
    assert browser.post(f"/invitations/{token}", NAME).status_code == 303


@both
def test_a_teacher_accepts_with_her_service_and_her_names_come_from_the_roster(school: School, service: str) -> None:
    person = school.person("teacher", service)
    _, page = accept_by(school, service)
    assert page.request.path == "/classes"
    name = rows("select given_name || ' ' || family_name, email from account")
    assert name == [(person["name"], "teacher@school.example")]


@both
def test_SEC_9_somebody_of_another_district_is_refused(school: School, service: str) -> None:
    created = create_license(LicenseOrder("Elsewhere", 10, "boss@other.example"), now=now())
    foreign = invite(created.district_id, created.license_id, "t@other.example", "teacher", now=now())
    before = counts()
    _, page = accept_by(school, service, token=foreign.token)
    assert page.status_code == 403
    assert "another district" in page.text
    assert counts() == before
    assert open_invitation(foreign.token, now=now())


@both
def test_a_student_who_found_the_letter_is_refused(school: School, service: str) -> None:
    before = counts()
    _, page = accept_by(school, service, role="student")
    assert page.status_code == 403
    assert "student" in page.text
    assert counts() == before


def test_an_account_that_a_co_teachers_import_made_joins_the_license(school: School) -> None:
    known_teacher(school, "clever")
    account = rows("select id from account")
    meanwhile("delete from license_member")
    _, page = accept_by(school, "clever")
    assert page.request.path == "/classes"
    assert rows("select id from account") == account
    assert rows("select account_id, role from license_member") == [(account[0][0], "teacher")]


@both
def test_a_member_does_not_use_up_an_invitation_that_went_to_another_address(school: School, service: str) -> None:
    known_teacher(school, service)
    token, before = school.invited("somebody.else@school.example").token, counts()
    _, page = accept_by(school, service, token=token)
    assert page.status_code == 403
    assert "on this license already" in page.text
    assert counts() == before
    assert open_invitation(token, now=now())


@both
def test_an_invitation_bound_to_a_person_is_accepted_by_her_first_sign_in(school: School, service: str) -> None:
    person = school.person("teacher", service)
    bind(school, service, person[school.at.ids(service)])
    browser = school.browser()
    browser.be(service, person["clever_id"])
    assert browser.press(service).request.path == "/classes"
    assert rows("select count(*) from license_member") == [(1,)]


@both
def test_an_invitation_bound_to_a_person_is_refused_to_another(school: School, service: str) -> None:
    token = bind(school, service, "somebody else")
    _, page = accept_by(school, service, token=token)
    assert page.status_code == 403
    assert "somebody else" in page.text


def test_an_address_that_logs_in_here_already_is_told_to_log_in_and_may_then_join(school: School) -> None:
    school.member("tess@school.example")
    token = school.invited("tess@school.example", "license_admin").token
    refused = school.browser().post(f"/invitations/{token}", NAME)
    assert refused.status_code == 410
    assert "account with this e-mail already" in refused.text
    browser = school.browser()
    log_in(browser, "tess@school.example")
    assert "Accept as Tess Teacher" in browser.get(f"/invitations/{token}").text
    browser.post(f"/invitations/{token}/join")
    assert rows("select role from license_member order by role") == [("license_admin",), ("teacher",)]
    assert rows("select count(*) from account") == [(1,)]


def test_somebody_else_who_is_logged_in_is_not_offered_to_accept(school: School) -> None:
    token = school.invited("other@school.example").token
    browser = school.member("tess@school.example")
    assert "Accept as" not in browser.get(f"/invitations/{token}").text
    assert browser.post(f"/invitations/{token}/join").status_code == 410
    assert rows("select count(*) from license_member") == [(1,)]


def test_an_address_that_is_in_use_in_another_district_is_told_so(school: School) -> None:
    created = create_license(LicenseOrder("Elsewhere", 10, "nora@school.example"), now=now())
    school.browser().post(f"/invitations/{created.invitation.token}", NAME)
    before = counts()
    answer = school.browser().post(f"/invitations/{school.invited('nora@school.example').token}", NAME)
    assert answer.status_code == 410
    assert "in use elsewhere" in answer.text
    assert counts() == before


def test_SEC_21_fifty_who_accept_at_once_get_no_more_than_the_one_seat(school: School) -> None:
    with database.tenant(school.district_id) as session:
        session.execute(update(License).values(teacher_seats=1))
    heads = [open_invitation(school.invited(f"t{n}@school.example").token, now=now()) for n in range(50)]

    def accept(number: int) -> bool:
        try:
            create_account(heads[number], given_name="T", family_name=str(number), password=PASSWORD, now=now())
        except SeatsFull:
            return False
        return True

    with slow_memberships(), ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(accept, range(50)))
    assert accepted.count(True) == 1
    assert rows("select count(*) from license_member") == [(1,)]
    assert rows("select count(*) from account") == [(1,)]


def test_a_full_license_says_so_and_the_invitation_stays_good(school: School) -> None:
    school.member("tess@school.example")
    with database.tenant(school.district_id) as session:
        session.execute(update(License).values(teacher_seats=1))
    token = school.invited("nora@school.example").token
    answer = school.browser().post(f"/invitations/{token}", NAME)
    assert "no free teacher seat" in answer.text
    assert open_invitation(token, now=now())


def test_resending_makes_a_new_link_and_kills_the_old(school: School) -> None:
    first = school.invited()
    second = resend(school.district_id, first.invitation_id, made_by=None, now=now())
    assert open_invitation(second.token, now=now())
    with pytest.raises(NotAccepted):
        open_invitation(first.token, now=now())
    assert rows(
        "select count(*) from outbox where kind = 'invitation' and ids->>'invitation_id' = :id",
        id=str(first.invitation_id),
    ) == [(2,)]


def test_a_revoked_invitation_can_be_accepted_by_nobody(school: School) -> None:
    invited = school.invited()
    revoke(school.district_id, invited.invitation_id, made_by=None, now=now())
    assert school.browser().post(f"/invitations/{invited.token}", NAME).status_code == 410


def test_SEC_32_inviting_and_accepting_stand_in_the_book(school: School) -> None:
    school.browser().post(f"/invitations/{school.invited().token}", NAME)
    actions = {action for (action,) in rows("select action from audit")}
    assert {"license_created", "invited", "invitation_accepted", "sign_in"} <= actions


def bind(school: School, service: str, subject: str) -> str:
    """An invitation that waits for this person of the service; its token."""
    from webapp.actions.bind_invitation import bind_invitation

    invited = school.invited()
    bind_invitation(
        school.district_id,
        invited.invitation_id,
        provider=service,
        authority=school.at.district[service],
        kind={"clever": "user_id", "classlink": "sourced_id"}[service],
        subject=subject,
    )
    return invited.token
