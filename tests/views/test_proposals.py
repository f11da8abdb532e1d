"""The pages about people who may be one and the same: what they show to whom, and how it is decided (REL-30)."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.actions.proposal_steps import comes_anew, numbered, proposals, the_proposal
from tests.factory import a_house
from tests.views.deciders import administrator, another_license, grown_old, operators_tab
from tests.views.desk import Desk, Tab, a_desk
from tests.views.school import rows
from tests.views.test_teacher_classes import words
from webapp.settings import Settings
from webapp.store.database import tenant

PUPILS = [f"s{number}" for number in range(1, 21)]


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with a class of twenty, of whom one came anew with another id."""
    desk = a_desk(settings)
    desk.import_class(desk.teacher(), students=PUPILS)
    numbered(desk.roster)
    desk.sync()
    comes_anew(desk.roster, "s1", "s1-new", given_name="<b>Sue</b>")
    desk.sync()
    return desk


@pytest.fixture
def admin(desk: Desk) -> Tab:
    """The browser of the district's only license admin."""
    return desk.browser(administrator(desk.house))


def path(desk: Desk, rest: str = "") -> str:
    """The address of the only question."""
    return f"/same-person/{the_proposal(desk.house).id}{rest}"


def seen_on(page: str) -> str:
    """What stands for what was shown, as the page carries it."""
    found = re.search(r'name="seen" type="hidden" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def joined(desk: Desk, admin: Tab) -> None:
    """The admin has said that they are the same person."""
    seen = seen_on(admin.get(path(desk, "/same")).text)
    assert admin.post(path(desk, "/same"), {"seen": seen}).status_code == 303
    assert the_proposal(desk.house).state == "accepted"


def test_REL_30_the_license_page_leads_to_the_question_and_it_shows_both_side_by_side(desk: Desk, admin: Tab) -> None:
    assert 'href="/same-person"' in admin.get("/license").text
    assert f'href="{path(desk)}"' in admin.get("/same-person").text
    page = admin.get(path(desk)).text
    assert "&lt;b&gt;Sue&lt;/b&gt; Example" in page and "<b>Sue" not in page
    told = words(page)
    assert "a new id whose SIS id is that of somebody who is here already" in told
    assert "SIS id same sis-s1 sis-s1" in told and "Name different S1 Example" in told
    assert "Id at Clever s1 s1-new" in told and "Biology (Maple School), until" in told
    assert "Same person" in told and "Different people" in told


def test_REL_30_where_nothing_waits_the_pages_say_so_and_the_license_page_keeps_quiet(settings: Settings) -> None:
    desk = a_desk(settings)
    admin = desk.browser(administrator(desk.house))
    assert "Nothing to decide" in admin.get("/same-person").text
    assert "/same-person" not in admin.get("/license").text


def test_REL_30_same_person_asks_once_more_then_joins_and_can_be_undone(desk: Desk, admin: Tab) -> None:
    assert "Are these two the same person?" in admin.get(path(desk, "/same")).text
    assert the_proposal(desk.house).state == "open"
    joined(desk, admin)
    page = words(admin.get(path(desk)).text)
    assert "They are one person now." in page and "Joined by Ada License_Admin" in page and "Different" not in page
    assert "Joined by" in words(admin.get("/same-person").text) and "/same-person" not in admin.get("/license").text
    assert admin.post(path(desk, "/undo")).status_code == 303
    assert "They are two people again" in words(admin.get(path(desk)).text)
    book = "select action from audit where action like 'same_person.%' and subject_id = :id and actor_account_id > :no"
    told = {row[0] for row in rows(book, id=str(the_proposal(desk.house).id), no=UUID(int=0))}
    assert told == {"same_person.accepted", "same_person.undone", "same_person.look"}


def test_REL_30_different_people_are_kept_apart(desk: Desk, admin: Tab) -> None:
    assert admin.post(path(desk, "/different")).status_code == 303
    assert "two different people" in words(admin.get(path(desk)).text)
    assert "Nothing to decide" in admin.get("/same-person").text
    assert admin.get(path(desk, "/same")).status_code == 303


def test_REL_30_an_older_page_is_refused_and_the_new_state_is_shown(desk: Desk, admin: Tab) -> None:
    seen = seen_on(admin.get(path(desk, "/same")).text)
    with tenant(desk.house.district_id) as session:
        session.execute(text("update account set sis_id = 'corrected' where id = :id"), {"id": known(desk)})
    assert admin.post(path(desk, "/same"), {"seen": seen}).status_code == 303
    assert "has changed since you opened the page" in words(admin.get(path(desk)).text)
    assert the_proposal(desk.house).state == "open"
    joined(desk, admin)
    for verdict in ("same", "different"):
        admin.post(path(desk, f"/{verdict}"), {"seen": seen})
        assert "already joined these two" in words(admin.get(path(desk)).text)


@pytest.mark.parametrize("verdict", ["same", "different", "undo"])
def test_REL_30_SEC_8_a_sign_in_older_than_fifteen_minutes_is_asked_for_again(
    desk: Desk, admin: Tab, verdict: str
) -> None:
    grown_old(desk)
    for answer in (admin.get(path(desk, f"/{verdict}")), admin.post(path(desk, f"/{verdict}"))):
        assert (answer.status_code, answer.location) == (303, f"/login?next={path(desk)}")
    assert the_proposal(desk.house).state == "open" and admin.get(path(desk)).status_code == 200


def test_REL_30_SEC_17_another_districts_administrator_finds_nothing(desk: Desk) -> None:
    house = a_house()
    other = desk.browser(administrator(house), house)
    for answer in (
        other.get(path(desk)),
        *(other.post(path(desk, f"/{verdict}")) for verdict in ("same", "different", "undo")),
    ):
        assert answer.status_code == other.get(f"/same-person/{uuid4()}").status_code == 404
        assert "S1" not in answer.text
    assert the_proposal(desk.house).state == "open"


def test_REL_30_SEC_16_only_whose_classes_are_concerned_sees_it_and_only_whose_alone_decides(desk: Desk) -> None:
    elsewhere = desk.browser(administrator(desk.house, license_id=another_license(desk.house)))
    assert elsewhere.get(path(desk)).status_code == 404 and "Nothing to decide" in elsewhere.get("/same-person").text
    mine = desk.browser(administrator(desk.house))
    district = desk.browser(administrator(desk.house, "district_admin"))
    page = mine.get(path(desk)).text
    assert "administrators decide this" in page and "/different" not in page
    assert mine.post(path(desk, "/different")).status_code == 403
    assert 'href="/same-person"' in district.get("/district").text
    assert district.post(path(desk, "/different")).status_code == 303
    assert [one.state for one in proposals(desk.house)] == ["declined"]


def test_REL_30_teachers_and_operators_do_not_decide_who_is_who(desk: Desk) -> None:
    teacher = desk.browser(desk.account_of("t1"))
    for tab in (teacher, operators_tab(desk.app)):
        assert tab.get("/same-person").status_code == tab.get(path(desk)).status_code == 403


def known(desk: Desk) -> UUID:
    """The account that was here already."""
    return the_proposal(desk.house).known_account_id
