"""The import list where a class of hers may go on with next term's section."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.actions.next_term import TermByTerm
from tests.views.deciders import administrator
from tests.views.desk import Desk, Tab, a_desk
from tests.views.test_class_history import undo_links
from tests.views.test_teacher_classes import words
from webapp.roster.records import Role, Section, Term
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import License, LicenseMember, SyncRun

TODAY = datetime.now(UTC).date()
FALL = Term("fall", "Fall", TODAY - timedelta(days=110), TODAY - timedelta(days=3))
SPRING = Term("spring", "Spring", TODAY - timedelta(days=2), TODAY + timedelta(days=120))


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district that tells for each section its terms and students."""
    return a_desk(settings, TermByTerm())


def spring(desk: Desk, name: str = "Algebra S2", source_id: str = "s2", **more: Any) -> None:
    """One more section of hers, with the same students."""
    desk.roster.sections.append(Section(source_id, name, "school", "course", ("spring",), **more))
    desk.roster.join(source_id, "t1", Role.TEACHER, primary=True)
    for student in ("s1", "s2"):
        desk.roster.join(source_id, student)


def between_terms(desk: Desk, fall: Term = FALL) -> tuple[UUID, Tab]:
    """Her fall class, and her browser; the spring section is there too."""
    desk.roster.terms.append(fall)
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, "Algebra", students=["s1", "s2", "s3"])
    desk.roster.terms.append(SPRING)
    spring(desk)
    return class_id, desk.browser(teacher)


def choices(page: str) -> list[tuple[str, bool]]:
    """The choices how a section comes: value, and whether it stands there."""
    found = re.findall(r'<input[^>]*name="with-s2"[^>]*>', page)
    return [(re.findall(r'value="([^"]*)"', one)[0], bool(re.search(r"\schecked", one))) for one in found]


def test_a_section_that_most_students_know_is_offered_as_the_continuation_of_their_class(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    page = tab.get("/classes/add").text
    assert choices(page) == [(str(class_id), True), ("", False)]
    assert "Continue Algebra (keep its history)" in words(page) and "New class" in words(page)
    assert "How Algebra S2 comes" in words(page)


def test_a_class_that_still_runs_may_go_on_but_a_new_class_is_what_stands_there(desk: Desk) -> None:
    running = Term("fall", "Fall", FALL.starts_on, TODAY + timedelta(days=5))
    class_id, tab = between_terms(desk, running)
    page = tab.get("/classes/add").text
    assert choices(page) == [(str(class_id), False), ("", True)]
    assert "Algebra still runs until" in words(page) and "its roster changes at once" in words(page)


def test_a_ticked_section_continues_the_class_and_its_changes_say_so_and_offer_undo(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    answer = tab.post("/classes/add", {"section": "s2", "with-s2": str(class_id)})
    desk.work()
    end = words(tab.get(str(answer.location)).text)
    assert "Your class is here" in end and "goes on with its history" in end
    changes = tab.get(f"/classes/{class_id}/changes").text
    assert "The class goes on with another section, and keeps its history." in words(changes)
    assert "Left: S3 Example" in words(changes)
    confirm = words(tab.get(undo_links(changes)[0]).text)
    assert "The class has the section “Algebra” again." in confirm and "Back into the class (1): S3" in confirm
    tab.post(undo_links(changes)[0])
    desk.work()
    assert "The class has the section again that it had before." in words(tab.get(f"/classes/{class_id}/changes").text)


def test_REL_14_the_undo_of_the_whole_import_tells_that_the_class_has_its_section_again(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    answer = tab.post("/classes/add", {"section": "s2", "with-s2": str(class_id)})
    desk.work()
    run_id = str(answer.location).rpartition("/")[2]
    asked = words(desk.browser(administrator(desk.house)).get(f"/runs/{run_id}/undo").text)
    assert "The class has the section “Algebra” again." in asked and "The class is called “Algebra” again." in asked
    assert "Back into the class (1): S3" in asked and "nothing left to undo" not in asked


def test_new_class_makes_a_new_class(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    tab.post("/classes/add", {"section": "s2", "with-s2": ""})
    desk.work()
    page = tab.get("/classes").text
    assert f"/classes/{class_id}" in page and "Algebra S2" in page
    assert "Continue Algebra" not in words(tab.get("/classes/add").text)


@pytest.mark.parametrize("class_id", ["00000000-0000-7000-8000-000000000000", "nonsense"])
def test_a_forged_class_continues_nothing(desk: Desk, class_id: str) -> None:
    _, tab = between_terms(desk)
    answer = tab.post("/classes/add", {"section": "s2", "with-s2": class_id})
    with tenant(desk.house.district_id) as session:
        asked = [run.continues for run in session.scalars(select(SyncRun).order_by(SyncRun.requested_at))]
    if class_id == "nonsense":
        assert answer.status_code == 303 and asked == [{}, {}]
    else:
        assert answer.status_code == 422 and asked == [{}]
        assert "go on with this section any more" in words(answer.text)


def test_two_sections_for_one_class_are_refused_and_what_she_chose_still_stands_there(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    spring(desk, "Algebra evening", "evening")
    sent = {"section": ["s2", "evening"], "with-s2": str(class_id), "with-evening": str(class_id)}
    answer = tab.post("/classes/add", sent)
    assert answer.status_code == 422
    assert "Only one section can continue Algebra. Choose “New class” for the others." in words(answer.text)
    assert len(re.findall(r'name="section"[^>]*\schecked', answer.text)) == 2
    assert choices(answer.text)[0] == (str(class_id), True)


def test_an_archived_class_links_to_the_list_where_any_free_section_may_continue_it(desk: Desk) -> None:
    old = Term("fall", "Fall", FALL.starts_on, TODAY - timedelta(days=20))
    class_id, tab = between_terms(desk, old)
    spring(desk, "Pottery", "pottery")
    desk.sync()
    page = tab.get(f"/classes/{class_id}").text
    assert f'href="/classes/add?class={class_id}">Continue with another section</a>' in page
    chooser = tab.get(f"/classes/add?class={class_id}").text
    assert "Tick the class with which Algebra goes on." in words(chooser)
    assert words(chooser).count("Continue Algebra (keep its history)") == 2
    assert f'<input name="class" type="hidden" value="{class_id}">' in chooser
    tab.post("/classes/add", {"section": "pottery", "with-pottery": str(class_id), "class": str(class_id)})
    desk.work()
    assert "Pottery" in tab.get(f"/classes/{class_id}").text


def test_a_class_that_is_not_hers_or_not_at_its_end_is_not_offered_for_continuation(desk: Desk) -> None:
    _, tab = between_terms(desk)
    page = tab.get("/classes/add?class=00000000-0000-7000-8000-000000000000").text
    assert "Continue" not in words(page) and "Tick the class" not in words(page)


def test_a_choice_of_license_carries_the_continuation_along(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    with tenant(desk.house.district_id) as session:
        first = session.get_one(License, desk.house.license_id)
        first.ends_on = TODAY - timedelta(days=1)
        member = session.scalars(select(LicenseMember)).one()
        for name in ("Art", "Science"):
            one = License(name=name, starts_on=first.starts_on, student_seats=9, made_at=first.made_at)
            one.district_id = first.district_id
            session.add(one)
            session.flush()
            hers = LicenseMember(license_id=one.id, account_id=member.account_id, role="teacher")
            hers.district_id, hers.joined_at = first.district_id, member.joined_at
            session.add(hers)
    page = tab.post("/classes/add", {"section": "s2", "with-s2": str(class_id)}).text
    assert "Which license?" in page and f'name="with-s2" type="hidden" value="{class_id}"' in page


def test_a_continuation_that_came_too_late_is_told_at_the_end_of_the_import(desk: Desk) -> None:
    class_id, tab = between_terms(desk)
    spring(desk, "Algebra evening", "evening")
    tab.post("/classes/add", {"section": "s2", "with-s2": str(class_id)})
    second = tab.post("/classes/add", {"section": "evening", "with-evening": str(class_id)})
    desk.work()
    end = words(tab.get(str(second.location)).text)
    assert "did not go on: it was changed in the meantime. It is as it was before." in end
    assert "Algebra evening" in end
