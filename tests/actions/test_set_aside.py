"""Contradictory records are set aside one by one, odd ones noted; the rest of the district syncs (REL-29)."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.actions.aside import aside, replace_person
from tests.factory import LATER, House, a_teacher, classes, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.providers.service import Service
from webapp.roster.records import Course, Enrollment, Person, Role, School, Term
from webapp.store.database import tenant

STUDENT, TEACHER = (Role.STUDENT,), (Role.TEACHER,)
SCHOOL = ("school",)


def _the_rest_syncs(house: House, services: Mapping[str, Service], shared: SharedRoster) -> None:
    """A newcomer comes in and a leaver goes, whatever else is wrong."""
    shared.join("chemistry", "newcomer")
    shared.leave("chemistry", "s5")
    assert synced(house, services, LATER).state == "done"
    assert roster(house, "Chemistry")["student"] == ["newcomer", "s1", "s2", "s3", "s4"]


def test_REL_29_a_tidy_district_has_nothing_set_aside_and_nothing_odd(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    run = imported(house, a_teacher(house), ["biology", "chemistry"], services)
    assert run.counts["held_back"] == 0
    assert aside(house) == [] and aside(house, odd=True) == []


def test_REL_29_a_person_who_is_told_twice_with_different_values(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    tidy.people.append(Person("s7", STUDENT, "Somebody", "Else", school_source_ids=SCHOOL))
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [("person", "s7", "biology", "is told twice, with different values")]
    assert "s7" in roster(house, "Biology")["student"]


def test_REL_29_who_is_told_twice_with_the_same_values_is_nobody_odd(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    tidy.people += tidy.people
    tidy.sections += tidy.sections
    assert imported(house, a_teacher(house), ["biology", "chemistry"], services).counts["held_back"] == 0


def test_REL_29_a_section_that_is_told_twice_with_different_values_leaves_its_class_as_it_is(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    tidy.sections.append(replace(tidy.sections[0], name="Another Biology"))
    tidy.leave("biology", "s9")
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [("section", "biology", "biology", "is told twice, with different values")]
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_REL_29_a_section_that_is_told_twice_with_different_values_is_not_imported(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    tidy.sections.append(replace(tidy.sections[0], name="Another Biology"))
    run = imported(house, a_teacher(house), ["biology", "chemistry"], services)
    assert (run.state, run.counts["held_back"], classes(house)) == ("done", 1, {"Chemistry": "active"})


@pytest.mark.parametrize(
    ("record", "twin"),
    [
        ("school", School("school", "Other School")),
        ("term", Term("year", "Other Year")),
        ("course", Course("course", "Other Course")),
    ],
)
def test_REL_29_what_sections_name_and_is_told_twice_stays_as_we_knew_it(
    house: House,
    services: Mapping[str, Service],
    tidy: SharedRoster,
    record: str,
    twin: School | Term | Course,
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    {"school": tidy.schools, "term": tidy.terms, "course": tidy.courses}[record].append(twin)  # type: ignore[attr-defined]
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [(record, twin.source_id, "", "is told twice, with different values")]
    with tenant(house.district_id) as session:
        names = session.scalars(text(f"select name from {record}")).all()
    assert len(names) == 1 and not names[0].startswith("Other")


@pytest.mark.parametrize(("given", "family", "left_out"), [("", "", True), ("Ann", "", False), ("", "Lee", False)])
def test_REL_29_a_person_without_any_name_keeps_the_class_and_joins_none(
    house: House, services: Mapping[str, Service], tidy: SharedRoster, given: str, family: str, left_out: bool
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "s6", given_name=given, family_name=family)
    tidy.join("chemistry", "s6")
    synced(house, services, LATER)
    assert (("person", "s6", "biology", "has no name") in aside(house)) is left_out
    assert ("s6" in roster(house, "Chemistry")["student"]) is not left_out
    assert "s6" in roster(house, "Biology")["student"]


def test_REL_29_a_section_without_a_name_leaves_its_class_as_it_is(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    tidy.rename("biology", "")
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [("section", "biology", "biology", "has no name")]
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}


def test_REL_29_an_enrollment_of_somebody_who_is_not_shared(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    tidy.enrollments.append(Enrollment("biology", "nobody", Role.STUDENT))
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [("enrollment", "biology / nobody", "biology", "names a person who is not shared")]


@pytest.mark.parametrize("roles", [TEACHER, (Role.STAFF,), (Role.STUDENT, Role.TEACHER)])
def test_REL_29_a_student_turned_teacher_stays_what_they_were(
    house: House, services: Mapping[str, Service], tidy: SharedRoster, roles: tuple[Role, ...]
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "s7", roles=roles, given_name="Changed")
    tidy.leave("biology", "s7")
    tidy.join("biology", "s7", Role.TEACHER)
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [
        ("person", "s7", "biology", "was a student, and is shared as a teacher or staff now"),
    ]
    assert "s7" in roster(house, "Biology")["student"] and "s7" not in roster(house, "Biology")["teacher"]
    with tenant(house.district_id) as session:
        question = """select r.role, a.given_name from account_role r join account a on a.id = r.account_id
                      join identity i on i.account_id = a.id where i.subject = 's7'"""
        assert session.execute(text(question)).all() == [("student", "S7")]


def test_REL_29_a_teacher_turned_student_stays_what_they_were(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "t2", roles=STUDENT)
    tidy.leave("biology", "t2")
    tidy.join("biology", "t2", Role.STUDENT)
    _the_rest_syncs(house, services, tidy)
    assert aside(house) == [("person", "t2", "biology", "was a teacher or staff, and is shared as a student now")]
    assert "t2" in roster(house, "Biology")["teacher"] and "t2" not in roster(house, "Biology")["student"]


def test_REL_29_who_changed_sides_stays_where_the_list_leaves_them_out_for_it(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    """Clever's sections list students by id; who is no student there any more is no longer yielded as one."""
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "s3", roles=TEACHER)
    tidy.leave("biology", "s3")  # the record still comes with Chemistry
    synced(house, services, LATER)
    assert "s3" in roster(house, "Biology")["student"] and "s3" in roster(house, "Chemistry")["student"]


def test_REL_29_a_teacher_who_becomes_staff_too_is_simply_updated(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "t2", roles=(Role.TEACHER, Role.STAFF))
    assert synced(house, services, LATER).counts["updated"] == 1
    assert aside(house) == []


@pytest.mark.parametrize("letter", ["\0", "\ud800", "\udfff"])
def test_REL_29_text_that_cannot_be_stored(
    house: House, services: Mapping[str, Service], tidy: SharedRoster, letter: str
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "s7", given_name="Odd" + letter)
    tidy.enrollments.append(Enrollment("biology", "s7" + letter, Role.STUDENT))
    _the_rest_syncs(house, services, tidy)
    reason = "a text holds a character that cannot be stored"
    assert [(one[0], one[2], one[3]) for one in aside(house)] == [
        ("enrollment", "biology", reason),
        ("person", "biology", reason),
    ]
    assert "s7" in roster(house, "Biology")["student"]
