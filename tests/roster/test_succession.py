"""Which section goes on with which class: names without their terms, evidence, and one suggestion at most."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from webapp.roster.records import Section, SectionOffer, Term
from webapp.roster.succession import Ending, as_told, plain, suggest

FALL, SPRING = date(2026, 8, 17), date(2027, 1, 4)
TODAY = date(2027, 1, 8)
ENDING = Ending(
    class_id=UUID(int=1),
    name="Algebra",
    section_source_id="s1",
    section_name="Algebra S1",
    school_source_id="north",
    course_source_id="alg",
    period="3",
    begins=FALL,
    ends=date(2026, 12, 18),
    gone=False,
    license_id=UUID(int=9),
    students=frozenset("abcdef"),
)


def offer(
    source_id: str = "s2",
    name: str = "Algebra S2",
    *,
    course: str = "alg",
    school: str = "north",
    period: str = "3",
    starts: date | None = SPRING,
    students: str | None = "abcdxy",
) -> SectionOffer:
    """A section that she could import."""
    section = Section(source_id, name, school, course, ("spring",), period)
    known = None if students is None else frozenset(students)
    return SectionOffer(section, None, (Term("spring", "Spring", starts),), None, known)


def suggested(one: SectionOffer, ending: Ending = ENDING, today: date = TODAY) -> bool:
    """True where this section may go on with this class."""
    return bool(suggest([one], [ending], today))


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Algebra P3 S2", "algebra p3"),
        ("Algebra P3 - Sem 2 (2027)", "algebra p3"),
        ("ALGEBRA_P3 (Spring)", "algebra p3"),
        ("Algebra P3 2026-27", "algebra p3"),
        ("Algebra P3, Q3", "algebra p3"),
        ("Algebra P3 2nd semester", "algebra p3"),
        ("Algebra 2 Semester 1", "algebra 2"),
        ("Algebra 1", "algebra 1"),
        ("Spanish 4", "spanish 4"),
        ("Álgebra P3", "álgebra p3"),
        ("2027", "2027"),
    ],
)
def test_a_name_is_compared_without_its_term(name: str, same: str):
    assert plain(name) == same


def test_the_next_section_of_the_course_is_suggested_and_sure_where_most_students_were_in_the_class():
    found = suggest([offer()], [ENDING], TODAY)["s2"]
    assert (found.class_id, found.follows, found.sure, found.until) == (ENDING.class_id, "s1", True, None)


@pytest.mark.parametrize(("students", "sure"), [("abcxyz", True), ("abwxyz", False), ("", False), (None, False)])
def test_it_is_sure_from_half_of_the_new_students_on(students: str | None, sure: bool):
    assert suggest([offer(students=students)], [ENDING], TODAY)["s2"].sure is sure


def test_a_class_that_still_runs_is_never_what_she_surely_wants():
    found = suggest([offer()], [ENDING], date(2026, 12, 10))["s2"]
    assert not found.sure and found.until == date(2026, 12, 18)


@pytest.mark.parametrize(("days", "may"), [(44, True), (45, True), (46, False)])
def test_a_class_may_go_on_from_45_days_before_its_end(days: int, may: bool):
    today = date.fromordinal(date(2026, 12, 18).toordinal() - days)
    assert suggested(offer(), today=today) is may


def test_another_course_with_the_same_name_will_do_but_not_another_course_and_name():
    assert suggested(offer(course="other"))
    assert not suggested(offer(course="other", name="Geometry S2"))
    assert suggested(offer(name="Geometry S2"))


def test_sections_without_a_course_are_not_alike_for_that():
    assert not suggested(offer(course="", name="Geometry"), replace(ENDING, course_source_id=""))


def test_another_school_is_another_class():
    assert not suggested(offer(school="south"))


@pytest.mark.parametrize(
    ("starts", "running", "gone"), [(SPRING, True, True), (FALL, False, True), (None, False, True)]
)
def test_the_new_term_begins_after_the_old_one_unless_the_class_stands_still(
    starts: date | None, running: bool, gone: bool
):
    assert suggested(offer(starts=starts)) is running
    assert suggested(offer(starts=starts), replace(ENDING, gone=True)) is gone


def test_an_earlier_term_is_never_the_continuation():
    assert not suggested(offer(starts=date(2026, 1, 5)), replace(ENDING, gone=True))


def test_a_class_without_a_known_end_goes_on_only_where_it_stands_still():
    endless = replace(ENDING, ends=None)
    assert not suggested(offer(), endless) and suggested(offer(), replace(endless, gone=True))


def test_of_several_classes_the_one_with_most_of_the_students_is_suggested_and_each_once():
    fourth = replace(
        ENDING, class_id=UUID(int=2), section_source_id="s1b", period="4", students=frozenset("uvwxyz"), name="Fourth"
    )
    offers = [offer("s2", period="4", students="abcd"), offer("s2b", period="3", students="uvwa")]
    found = suggest(offers, [ENDING, fourth], TODAY)
    assert {section: one.name for section, one in found.items()} == {"s2": "Algebra", "s2b": "Fourth"}
    assert list(suggest(offers, [fourth], TODAY)) == ["s2b"]


def test_where_students_are_not_told_the_period_decides():
    fourth = replace(ENDING, class_id=UUID(int=2), section_source_id="s1b", period="4", name="Fourth")
    found = suggest([offer(period="4", students=None)], [ENDING, fourth], TODAY)
    assert found["s2"].name == "Fourth" and not found["s2"].sure


def test_the_dates_of_today_count_where_the_old_section_is_still_shared():
    endless = replace(ENDING, ends=date(2027, 6, 1))
    old = replace(offer("s1"), terms=(Term("fall", "Fall", FALL, date(2026, 12, 18)),))
    assert as_told([endless], [old]) == [ENDING]
    assert as_told([endless], [offer("s2")]) == [endless]
    assert as_told([ENDING], [replace(old, terms=(*old.terms, Term("year", "Year")))]) == [replace(ENDING, ends=None)]
