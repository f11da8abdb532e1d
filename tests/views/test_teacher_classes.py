"""**My Classes** and the class page, as a teacher, a co-teacher and a stranger meet them."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text, update

from tests.factory import a_house, a_teacher, synced
from tests.views.desk import Desk, a_desk
from webapp.settings import Settings
from webapp.store import database
from webapp.store.database import tenant
from webapp.store.tables import Account, LicenseMember, SchoolClass


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def test_a_teacher_without_classes_is_shown_the_one_next_step(desk: Desk) -> None:
    page = desk.browser(desk.teacher()).get("/classes").text
    assert "No classes here yet" in page
    assert page.count("Add Classes") == 1
    assert 'href="/classes/add"' in page


def test_a_teacher_who_is_on_no_license_is_told_so_and_sees_no_class(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    leave_the_license(desk, teacher)
    page = desk.browser(teacher).get("/classes")
    assert "You are not on a license yet" in page.text
    assert "Biology" not in page.text and "Add Classes" not in page.text
    assert desk.browser(teacher).get(f"/classes/{class_id}").status_code == 404


def test_my_classes_names_the_class_its_students_and_co_teachers(desk: Desk) -> None:
    teacher = desk.teacher()
    desk.import_class(teacher, teachers=["t1", "t2"], students=["s1", "s2", "s3"])
    page = words(desk.browser(teacher).get("/classes").text)
    assert "Biology" in page and "Maple School" in page
    assert "3 students with T2 Example" in page
    assert "Last synced just now · Clever" in page


def test_PERF_6_my_classes_takes_at_most_three_statements_however_many_classes(desk: Desk) -> None:
    teacher = desk.teacher()
    for name in ("Biology", "Chemistry", "Physics", "Botany"):
        desk.import_class(teacher, name, students=["s1", "s2"])
    browser = desk.browser(teacher)
    statements: list[str] = []
    listen = lambda *call: statements.append(call[2])  # noqa: E731
    event.listen(database.engine(), "before_cursor_execute", listen)
    try:
        assert browser.get("/classes").text.count('class="class-card ') == 4
    finally:
        event.remove(database.engine(), "before_cursor_execute", listen)
    assert len([one for one in statements if "set_config" not in one]) <= 3


def test_the_roster_is_in_the_order_in_which_people_look_for_names(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["a", "b", "c", "d"])
    for subject, family in (("a", "Okafor"), ("b", "O’Connor"), ("c", "Álvarez"), ("d", "Bauer")):
        call(desk, desk.account_of(subject), family)
    page = desk.browser(teacher).get(f"/classes/{class_id}").text
    assert re.findall(r'"family">([^<]+)<', page) == ["Álvarez", "Bauer", "O’Connor", "Okafor"]


def test_a_class_page_says_how_fresh_it_is_and_when_it_is_synced_next(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    page = words(desk.browser(teacher).get(f"/classes/{class_id}").text)
    assert re.search(r"Last synced just now · next tonight at 2:00\sAM", page)
    assert "Sync now" in page


def test_a_sync_that_found_nothing_new_makes_the_class_fresh_all_the_same(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    with tenant(desk.house.district_id) as session:
        session.execute(text("update sync_run set started_at = started_at - interval '3 hours'"))
    page = f"/classes/{class_id}"
    assert "Last synced 3 hours ago" in words(desk.browser(teacher).get(page).text)
    synced(desk.house, desk.services, datetime.now(UTC))
    for path in (page, "/classes"):
        assert "Last synced just now" in words(desk.browser(teacher).get(path).text)


def test_sync_now_answers_with_the_fragment_that_polls_until_the_run_is_over(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    browser = desk.browser(teacher)
    pressed = browser.post(f"/classes/{class_id}/sync", fragment=True)
    assert "Asking Clever for changes" in pressed.text and 'hx-trigger="every 1s"' in pressed.text
    assert "<html" not in pressed.text and "HX-Request" in pressed.headers["Vary"]
    desk.roster.join("biology", "late")
    desk.work()
    after = browser.get(f"/classes/{class_id}", fragment=True).text
    assert "Late" in after and "hx-trigger" not in after and "hx-get" not in after


def test_sync_now_works_without_scripts(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher)
    browser = desk.browser(teacher)
    answer = browser.post(f"/classes/{class_id}/sync")
    assert (answer.status_code, answer.location) == (303, f"/classes/{class_id}")
    assert '<meta http-equiv="refresh"' in browser.get(f"/classes/{class_id}").text


def test_changes_tell_who_joined_and_left_and_by_which_run(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1", "s2"])
    desk.roster.leave("biology", "s1")
    desk.roster.join("biology", "s3")
    desk.sync()
    page = words(desk.browser(teacher).get(f"/classes/{class_id}/changes").text)
    assert "Automatic sync with Clever" in page
    assert "Joined: S3 Example" in page and "Left: S1 Example" in page
    assert "Imported by T1 Example from Clever" in page and "The class was made." in page


def test_a_new_name_stays_is_told_in_the_changes_and_can_be_given_back(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher)
    browser = desk.browser(teacher)
    browser.post(f"/classes/{class_id}/name", {"name": "  Robots &  us "})
    desk.roster.rename("biology", "Biology B")
    desk.sync()
    page = words(browser.get(f"/classes/{class_id}").text)
    assert "Robots &amp; us" in page and "Clever calls this Biology B." in page
    assert "Renamed from “Biology” to “Robots &amp; us”." in words(browser.get(f"/classes/{class_id}/changes").text)
    browser.post(f"/classes/{class_id}/name")
    assert "<h1>Biology B</h1>" in browser.get(f"/classes/{class_id}").text


def test_a_name_that_is_too_long_is_refused_with_a_sentence(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher)
    browser = desk.browser(teacher)
    browser.post(f"/classes/{class_id}/name", {"name": "x" * 121})
    page = browser.get(f"/classes/{class_id}").text
    assert "at most 120 letters" in page and "<h1>Biology</h1>" in page


def test_a_frozen_class_says_why_and_offers_no_sync(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    stand_still(desk, class_id, "frozen", "not_shared")
    browser = desk.browser(teacher)
    page = words(browser.get(f"/classes/{class_id}").text)
    assert "Frozen. Clever no longer shares this class." in page
    assert "Sync now" not in page and "S1" in page
    assert "Frozen" in browser.get("/classes").text


def test_archived_classes_are_folded_away(desk: Desk) -> None:
    teacher = desk.teacher()
    stand_still(desk, desk.import_class(teacher), "archived", "term_ended")
    page = desk.browser(teacher).get("/classes").text
    assert "Archived classes" in page.split("<details")[1]


def test_a_co_teacher_who_is_a_member_opens_the_same_class(desk: Desk) -> None:
    co_teacher = desk.teacher("t2")
    class_id = desk.import_class(desk.teacher(), teachers=["t1", "t2"], students=["s1"])
    assert desk.browser(co_teacher).get(f"/classes/{class_id}").status_code == 200


@pytest.mark.parametrize("path", ["", "/changes"])
def test_somebody_elses_class_looks_like_a_missing_one(desk: Desk, path: str) -> None:
    class_id = desk.import_class(desk.teacher())
    colleague, elsewhere = desk.teacher("t9"), a_house()
    stranger = a_teacher(elsewhere, "t1")
    for browser in (desk.browser(colleague), desk.browser(stranger, elsewhere)):
        answers = [browser.get(f"/classes/{one}{path}") for one in (class_id, uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("path", ["/sync", "/name"])
def test_nobody_else_can_sync_or_rename_a_class(desk: Desk, path: str) -> None:
    class_id = desk.import_class(desk.teacher())
    assert desk.browser(desk.teacher("t9")).post(f"/classes/{class_id}{path}", {"name": "Mine"}).status_code == 404


def test_SEC_22_names_of_the_roster_are_text_on_every_page(desk: Desk) -> None:
    teacher, hostile = desk.teacher(), '<img src=x onerror="alert(1)">'
    class_id = desk.import_class(teacher, f"Bio {hostile}", students=["s1"])
    call(desk, desk.account_of("s1"), hostile)
    browser = desk.browser(teacher)
    for path in ("/classes", f"/classes/{class_id}", f"/classes/{class_id}/changes", "/classes/add"):
        page = browser.get(path).text
        assert "Bio" in page and "<img src=x" not in page


def words(page: str) -> str:
    """The visible text of a page, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"</?(strong|span)[^>]*>", "", page)).split())


def call(desk: Desk, account_id: UUID, family_name: str) -> None:
    """Give somebody another family name."""
    with tenant(desk.house.district_id) as session:
        session.execute(update(Account).where(Account.id == account_id).values(family_name=family_name))


def leave_the_license(desk: Desk, account_id: UUID) -> None:
    """End somebody's membership."""
    with tenant(desk.house.district_id) as session:
        session.execute(
            update(LicenseMember).where(LicenseMember.account_id == account_id).values(ended_at=LicenseMember.joined_at)
        )


def stand_still(desk: Desk, class_id: UUID, state: str, reason: str) -> None:
    """Freeze or archive a class."""
    with tenant(desk.house.district_id) as session:
        session.execute(update(SchoolClass).where(SchoolClass.id == class_id).values(state=state, state_reason=reason))
