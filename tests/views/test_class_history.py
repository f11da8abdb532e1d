"""Undo, the class as it was, and the marks that an undo leaves, as a teacher meets them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from tests.factory import a_house, roster, synced
from tests.views.desk import Desk, Tab, a_desk
from tests.views.test_teacher_classes import words
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Change, Enrollment, SyncRun


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def a_class_that_lost(desk: Desk, *left: str) -> tuple[UUID, Tab]:
    """Biology with three students, of whom these left with the last sync; its id and its teacher's tab."""
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1", "s2", "s3"])
    desk.roster.leave("biology", *left)
    desk.sync()
    return class_id, desk.browser(teacher)


def undo_links(page: str) -> list[str]:
    """The addresses behind **Undo** on a page of changes, newest first."""
    return re.findall(r'href="([^"]+/undo/[^"]+)"', page)


def test_REL_14_changes_offer_undo_the_confirmation_tells_what_happens_and_the_result_is_told(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    newest, oldest = undo_links(tab.get(f"/classes/{class_id}/changes").text)
    confirm = words(tab.get(newest).text)
    assert "Back into the class (1): S1 Example" in confirm
    assert roster(desk.house, "Biology")["student"] == ["s2", "s3"]
    answer = tab.post(newest)
    assert (answer.status_code, answer.location) == (303, f"/classes/{class_id}/changes")
    waiting = tab.get(f"/classes/{class_id}/changes")
    assert "Undoing…" in waiting.text and 'http-equiv="refresh"' in waiting.text
    assert 'hx-trigger="every 1s"' in tab.get(f"/classes/{class_id}/changes", fragment=True).text
    desk.work()
    after = tab.get(f"/classes/{class_id}/changes")
    assert "Undone by T1 Example" in words(after.text) and "Put back: S1 Example" in words(after.text)
    assert "hx-trigger" not in tab.get(f"/classes/{class_id}/changes", fragment=True).text
    assert newest not in undo_links(after.text) and oldest in undo_links(after.text)
    assert roster(desk.house, "Biology")["student"] == ["s1", "s2", "s3"]


def test_REL_14_an_undo_can_be_undone_from_the_changes(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    for expected in (["s1", "s2", "s3"], ["s2", "s3"], ["s1", "s2", "s3"]):
        tab.post(undo_links(tab.get(f"/classes/{class_id}/changes").text)[0])
        desk.work()
        assert roster(desk.house, "Biology")["student"] == expected


def test_REL_14_what_is_older_than_thirty_days_offers_no_undo_and_refuses_it(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    newest = undo_links(tab.get(f"/classes/{class_id}/changes").text)[0]
    with tenant(desk.house.district_id) as session:
        session.execute(text("update sync_run set finished_at = finished_at - interval '31 days'"))
    assert undo_links(tab.get(f"/classes/{class_id}/changes").text) == []
    assert "too long ago" in tab.get(newest).text
    tab.post(newest)
    assert "within the last 30 days" in words(tab.get(f"/classes/{class_id}/changes").text)


def test_undoing_an_import_says_that_the_class_goes_and_leads_back_to_my_classes(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    tab = desk.browser(teacher)
    link = undo_links(tab.get(f"/classes/{class_id}/changes").text)[0]
    assert "The class goes to the archive." in tab.get(link).text
    assert tab.post(link).location == "/classes"
    assert "Biology is being taken back." in tab.get("/classes").text
    desk.work()
    assert tab.get(f"/classes/{class_id}").status_code == 404


def test_REL_14_whom_a_person_changed_since_is_named_before_and_after_the_undo(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1", "s2")
    by_hand(desk, class_id, "s1")
    link = undo_links(tab.get(f"/classes/{class_id}/changes").text)[0]
    assert re.search(r"Left as they are, because they were changed since .*S1 Example", words(tab.get(link).text))
    tab.post(link)
    desk.work()
    page = words(tab.get(f"/classes/{class_id}/changes").text)
    assert "Left as they were, because they were changed since: S1 Example" in page


def test_REL_15_the_class_as_it_was_shows_names_and_can_be_put_back(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    with tenant(desk.house.district_id) as session:
        session.execute(text("update change set at = at - interval '2 days' where what = 'added'"))
        session.execute(text("update school_class set made_at = made_at - interval '2 days'"))
    at = local(datetime.now(UTC) - timedelta(days=1))
    page = tab.get(f"/classes/{class_id}/as-it-was?at={at}").text
    assert "3 students" in words(page)
    assert "Put the class back as it was then" in page and "S1 Example" in words(page)
    assert tab.post(f"/classes/{class_id}/as-it-was", {"at": at}).location == f"/classes/{class_id}/changes"
    desk.work()
    assert roster(desk.house, "Biology")["student"] == ["s1", "s2", "s3"]
    assert "The class is like that now." in tab.get(f"/classes/{class_id}/as-it-was?at={at}").text


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-13-45T99:00", "1999-01-01T10:00", "2999-01-01T10:00"])
def test_a_moment_that_makes_no_sense_shows_the_form_again(desk: Desk, typed: str) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    page = tab.get(f"/classes/{class_id}/as-it-was?at={typed}")
    assert page.status_code == 200 and "Day and time" in page.text
    assert "Put the class back" not in page.text
    assert tab.post(f"/classes/{class_id}/as-it-was", {"at": typed}).status_code == 303


def test_REL_16_a_mark_is_shown_and_one_press_follows_the_service_again(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    tab.post(undo_links(tab.get(f"/classes/{class_id}/changes").text)[0])
    desk.work()
    page = tab.get(f"/classes/{class_id}").text
    assert "Kept here" in page and 'aria-label="Follow Clever again for S1 Example"' in page
    enrollment = re.findall(r'name="enrollment" type="hidden" value="(\d+)"', page)
    assert tab.post(f"/classes/{class_id}/follow", {"enrollment": enrollment[0]}).location == f"/classes/{class_id}"
    with tenant(desk.house.district_id) as session:
        assert session.scalars(select(SyncRun.kind).where(SyncRun.state == "requested")).all() == ["sync"]
    synced_later(desk)
    page = tab.get(f"/classes/{class_id}").text
    assert "Kept here" not in page and "S1" not in page
    assert "Follows Clever again: S1 Example" in words(tab.get(f"/classes/{class_id}/changes").text)


def test_REL_16_who_is_kept_out_is_listed_with_the_way_back(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    desk.roster.join("biology", "s2")
    desk.sync()
    tab = desk.browser(teacher)
    tab.post(undo_links(tab.get(f"/classes/{class_id}/changes").text)[0])
    desk.work()
    page = words(tab.get(f"/classes/{class_id}").text)
    assert "Kept out of this class" in page and "S2 Example" in page
    tab.post(f"/classes/{class_id}/follow")
    synced_later(desk)
    assert roster(desk.house, "Biology")["student"] == ["s1", "s2"]


def test_a_disconnection_reads_as_what_it_was(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    with tenant(desk.house.district_id) as session:
        session.add(
            Change(
                district_id=desk.house.district_id,
                record="class",
                record_id=str(class_id),
                class_id=class_id,
                what="updated",
                before={"state": "active"},
                after={"state": "frozen"},
                at=datetime.now(UTC),
            )
        )
    page = words(tab.get(f"/classes/{class_id}/changes").text)
    assert "Clever was disconnected" in page and "The class was frozen. Its roster stays as it was." in page
    assert "By the district" not in page


ADDRESSES: list[Callable[[UUID, UUID], str]] = [
    lambda class_id, run_id: f"/classes/{class_id}/undo/{run_id}",
    lambda class_id, run_id: f"/classes/{class_id}/as-it-was",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_SEC_17_somebody_elses_class_or_run_looks_like_a_missing_one(
    desk: Desk, address: Callable[[UUID, UUID], str]
) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    with tenant(desk.house.district_id) as session:
        run_id = session.scalars(select(SyncRun.id).order_by(SyncRun.requested_at)).first()
    assert run_id is not None
    colleague = desk.browser(desk.teacher("t9"))
    for path in (address(class_id, run_id), address(uuid4(), run_id)):
        assert [colleague.get(path).status_code, colleague.post(path).status_code] == [404, 404]
    assert colleague.post(f"/classes/{class_id}/follow").status_code == 404


def test_SEC_17_a_run_of_another_district_cannot_be_undone_here(desk: Desk) -> None:
    class_id, tab = a_class_that_lost(desk, "s1")
    elsewhere = a_house()
    with tenant(elsewhere.district_id) as session:
        foreign = SyncRun(
            district_id=elsewhere.district_id,
            connection_id=elsewhere.connection_id,
            kind="sync",
            state="done",
            requested_at=datetime.now(UTC),
        )
        session.add(foreign)
        session.flush()
        run_id = foreign.id
    path = f"/classes/{class_id}/undo/{run_id}"
    assert [tab.get(path).status_code, tab.post(path).status_code] == [404, 404]


def local(moment: datetime) -> str:
    """The moment as somebody of this district types it."""
    return moment.astimezone(ZoneInfo("America/New_York")).strftime("%Y-%m-%dT%H:%M")


def synced_later(desk: Desk) -> None:
    """Everything synced after what the desk's own sync saw a minute ahead of the clock."""
    desk.work()
    synced(desk.house, desk.services, datetime.now(UTC) + timedelta(minutes=5))


def by_hand(desk: Desk, class_id: UUID, subject: str) -> None:
    """A person touches somebody's enrollment, as far as the journal tells."""
    with tenant(desk.house.district_id) as session:
        one = session.scalars(select(Enrollment).where(Enrollment.account_id == desk.account_of(subject))).one()
        session.add(
            Change(
                district_id=desk.house.district_id,
                actor_account_id=desk.account_of("t1"),
                record="enrollment",
                record_id=str(one.id),
                class_id=class_id,
                account_id=one.account_id,
                what="updated",
                before={"hand": "none"},
                after={"hand": "none", "role": "student"},
                at=datetime.now(UTC),
            )
        )
