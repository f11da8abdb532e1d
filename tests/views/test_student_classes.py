"""A student's pages: her own classes and their teachers, and nobody else."""

import pytest
from sqlalchemy import update

from tests.views.desk import Desk, a_desk
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Enrollment


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def test_a_student_lands_on_her_classes_with_their_teachers(desk: Desk) -> None:
    desk.import_class(desk.teacher(), teachers=["t1", "t2"], students=["s1", "s2"])
    page = desk.browser(desk.account_of("s1")).get("/classes").text
    assert "Biology" in page and "T1 Example, T2 Example" in page
    assert "Add Classes" not in page


def test_PRIV_5_a_student_sees_no_classmates(desk: Desk) -> None:
    class_id = desk.import_class(desk.teacher(), students=["s1", "s2", "s3"])
    browser = desk.browser(desk.account_of("s1"))
    for path in ("/classes", f"/classes/{class_id}"):
        for headers in (False, True):
            page = browser.get(path, fragment=headers).text
            assert "Biology" in page and "S2" not in page and "S3" not in page


def test_a_student_without_a_class_reads_words_for_a_twelve_year_old(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    student = desk.account_of("s1")
    with tenant(desk.house.district_id) as session:
        session.execute(update(Enrollment).where(Enrollment.account_id == student).values(state="ended"))
    page = desk.browser(student).get("/classes").text
    assert "No class here yet" in page and "Tell your teacher" in page


def test_a_student_who_waits_for_a_seat_is_told_so(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    student = desk.account_of("s1")
    with tenant(desk.house.district_id) as session:
        session.execute(update(Enrollment).where(Enrollment.account_id == student).values(state="waiting"))
    page = desk.browser(student).get("/classes").text
    assert "every seat is taken" in page
    assert "hasn" not in page


def test_a_class_that_a_student_is_not_in_looks_like_a_missing_one(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    other = desk.import_class(desk.teacher("t2"), "Chemistry", teachers=["t2"], students=["s2"])
    assert desk.browser(desk.account_of("s1")).get(f"/classes/{other}").status_code == 404


@pytest.mark.parametrize("path", ["/changes", "/sync", "/name"])
def test_a_students_address_bar_opens_no_teachers_page(desk: Desk, path: str) -> None:
    class_id = desk.import_class(desk.teacher(), students=["s1"])
    browser = desk.browser(desk.account_of("s1"))
    ask = browser.get if path == "/changes" else browser.post
    assert ask(f"/classes/{class_id}{path}").status_code == 403
