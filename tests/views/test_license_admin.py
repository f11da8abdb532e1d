"""The license admin's page: seats, members, invitations, health; and the operator's."""

import re

from flask import Flask

from tests.providers.at_sandbox import At
from tests.views.browser import Browser
from tests.views.school import PASSWORD, School, a_school, log_in, meanwhile, now, rows
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.operators import add_operator, set_up_operator

ADMIN = "admin@school.example"
NAME = {"given_name": "Ada", "family_name": "Admin", "password": PASSWORD}


def admin_of(school: School) -> Browser:
    """The license admin, signed in."""
    browser = school.browser()
    browser.post(f"/invitations/{school.admin_token}", NAME)
    return browser


def words(page: str) -> str:
    """What a reader sees, without tags and spaces in a row."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_shows_seats_members_and_health(app: Flask, at: At) -> None:
    school = a_school(app, at, teacher_seats=20)
    admin = admin_of(school)
    school.member("tess@school.example")
    page = words(admin.get("/license").text)
    assert "1 of 20 used, 19 left" in page
    assert "0 of 500 used, 500 left" in page
    assert "Tess Teacher tess@school.example Teacher" in page
    assert "Clever Connected" in page and "ClassLink Connected" in page


def test_several_addresses_are_invited_at_once_with_a_word_on_each(school: School) -> None:
    admin = admin_of(school)
    school.member("tess@school.example")
    typed = "new@school.example, <second@school.example>;\nnot-an-address tess@school.example NEW@school.example"
    page = words(admin.post(f"/license/{school.license_id}/invitations", {"addresses": typed}).text)
    assert "new@school.example is invited." in page
    assert "second@school.example is invited." in page
    assert "is not an e-mail address" in page
    assert "tess@school.example is on this license already" in page
    assert page.count("new@school.example is invited already") == 1
    assert rows("select address from invitation where accepted_at is null order by 1") == [
        ("new@school.example",),
        ("second@school.example",),
    ]


def test_the_address_that_the_form_posts_to_leads_back_to_the_form(school: School) -> None:
    answer = admin_of(school).get(f"/license/{school.license_id}/invitations")
    assert answer.location == f"/license/{school.license_id}"


def test_a_held_change_is_told_beside_its_service(school: School) -> None:
    admin = admin_of(school)
    meanwhile(
        "insert into sync_run (district_id, connection_id, kind, state, requested_at) "
        "select district_id, id, 'sync', 'held', now() from connection where provider = 'clever'"
    )
    page = words(admin.get("/license").text)
    assert "Clever A change waits" in page and "ClassLink Connected" in page


def test_an_empty_box_is_told(school: School) -> None:
    page = admin_of(school).post(f"/license/{school.license_id}/invitations", {"addresses": " , "})
    assert "at least one e-mail address" in page.text


def test_each_invitation_shows_what_became_of_it(school: School) -> None:
    admin = admin_of(school)
    for address in ("a@school.example", "b@school.example", "c@school.example"):
        school.invited(address)
    meanwhile("update invitation set expires_at = now() where address = 'b@school.example'")
    meanwhile("update invitation set revoked_at = now() where address = 'c@school.example'")
    page = words(admin.get("/license").text)
    assert "a@school.example Teacher Invited" in page
    assert "b@school.example Teacher Expired" in page
    assert "c@school.example Teacher Revoked" in page
    assert "admin@school.example License admin Accepted" in page
    assert page.count("Resend") == 2 and page.count("Revoke ") == 2


def test_resend_and_revoke_work_by_their_buttons(school: School) -> None:
    admin, invited = admin_of(school), school.invited()
    at = f"/license/{school.license_id}/invitations/{invited.invitation_id}"
    assert "on its way again" in admin.follow(admin.post(f"{at}/resend")).text
    assert school.browser().get(f"/invitations/{invited.token}").status_code == 404
    assert "taken back" in admin.follow(admin.post(f"{at}/revoke")).text
    assert rows("select revoked_at is not null from invitation where role = 'teacher'") == [(True,)]


def test_SEC_17_another_districts_license_and_invitation_are_not_there(app: Flask, school: School, at: At) -> None:
    admin = admin_of(school)
    other = a_foreign_school(app, school)
    invited = other.invited("t@other.example")
    missing = admin.get("/license/00000000-0000-7000-8000-000000000000")
    foreign = admin.get(f"/license/{other.license_id}")
    assert (foreign.status_code, numberless(foreign.text)) == (404, numberless(missing.text))
    for license_id in (other.license_id, school.license_id):
        path = f"/license/{license_id}/invitations/{invited.invitation_id}/revoke"
        assert admin.post(path).status_code == 404
    assert admin.post(f"/license/{other.license_id}/invitations", {"addresses": "x@y.example"}).status_code == 404
    assert open_invitation(invited.token, now=now())


def numberless(page: str) -> str:
    """A page without what differs each time."""
    return re.sub(r"[0-9a-f]{8}|value=\"[^\"]*\"|X-CSRFToken[^}]*", "", page)


def a_foreign_school(app: Flask, school: School) -> School:
    """A license of another district, not connected to anything."""
    from webapp.actions.create_license import LicenseOrder, create_license

    made = create_license(LicenseOrder("Elsewhere", 10, "boss@other.example"), now=now())
    return School(app, school.at, made.license_id, made.district_id, made.invitation.token)


def test_an_admin_of_two_licenses_sees_each(school: School) -> None:
    from webapp.actions.create_license import LicenseOrder, create_license

    admin = admin_of(school)
    second = create_license(LicenseOrder("Oak Annex", 50, ADMIN), now=now(), district_id=school.district_id)
    admin.post(f"/invitations/{second.invitation.token}/join")
    page = admin.get("/license").text
    assert "Maple Schools" in page and "Oak Annex" in page
    assert "0 of 50 used" in words(admin.get(f"/license/{second.license_id}").text)


def test_PRIV_5_the_operator_sees_licenses_and_connections_but_no_people(school: School) -> None:
    school.member("tess@school.example")
    set_up_operator(add_operator("op@rollbook.example", now=now()), PASSWORD, now=now())
    browser = school.browser()
    log_in(browser, "op@rollbook.example")
    page = browser.get("/operator").text
    assert "Maple Schools" in page and str(school.license_id) in page and "Clever" in page
    assert "Tess" not in page and "school.example" not in page


def test_the_outbox_shows_the_letters_newest_first_with_links_that_work(school: School) -> None:
    school.browser().post("/password/forgot", {"email": "nobody@school.example"})
    school.invited("nora@school.example")
    deliver_letters(school.at.settings, now())
    page = school.browser().get("/outbox").text
    assert "To nora@school.example" in page
    link = re.search(r'href="http://localhost:8000(/invitations/[^"]+)"', page)
    assert link
    assert school.browser().get(link.group(1)).status_code == 200


def test_a_house_without_a_sandbox_shows_no_outbox(school: School) -> None:
    from webapp.views import create_app

    real = create_app(school.at.settings.model_copy(update={"sandbox_url": ""}))
    assert Browser(real, "").get("/outbox").status_code == 404
