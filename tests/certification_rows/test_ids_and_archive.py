"""Rows about what a record is known by, and what becomes of it when it is no longer shared."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from tests.certification_rows.customer import Customer, a_customer
from tests.factory import classes
from tests.providers.at_sandbox import At
from tests.views.desk import Desk
from webapp.roster.records import Course, School, Section, Term
from webapp.store.database import tenant

MIRRORED = ("school", "term", "course", "section")
SPAN = date(2026, 8, 1), date(2099, 6, 1)


def known(desk: Desk) -> dict[tuple[str, str], tuple[str, str]]:
    """(type, source id) -> our row and its name."""
    every = " union all ".join(f"select '{name}', source_id, id::text, name from {name}" for name in MIRRORED)
    with tenant(desk.house.district_id) as session:
        return {(row[0], row[1]): (row[2], row[3]) for row in session.execute(text(every))}


def two_of_each(desk: Desk) -> None:
    """Two schools, terms, courses and sections, and each pair with one name."""
    shared = desk.roster
    shared.schools = [School(one, "Maple School") for one in ("school-1", "school-2")]
    shared.terms = [Term(one, "Semester", *SPAN) for one in ("term-1", "term-2")]
    shared.courses = [Course(one, "Biology") for one in ("course-1", "course-2")]
    for one in ("1", "2"):
        shared.add_section(f"Section-{one}", teachers=["t1"], students=[f"s{one}"])
        section = Section(f"section-{one}", "Biology", f"school-{one}", f"course-{one}", (f"term-{one}",))
        shared.sections[-1] = section


def test_clever_row_7_every_type_is_known_by_its_id_and_never_by_its_name(desk: Desk) -> None:
    two_of_each(desk)
    desk.browser(desk.teacher()).post("/classes/add", {"section": ["section-1", "section-2"]})
    desk.work()
    before = known(desk)
    assert set(before) == {(name, f"{name}-{one}") for name in MIRRORED for one in "12"}
    assert len({row for row, _name in before.values()}) == 8
    shared = desk.roster
    shared.schools = [replace(one, name="Renamed") for one in shared.schools]
    shared.terms = [replace(one, name="Renamed") for one in shared.terms]
    shared.courses = [replace(one, name="Renamed") for one in shared.courses]
    shared.sections = [replace(one, name="Renamed") for one in shared.sections]
    desk.sync()
    assert known(desk) == {key: (row, "Renamed") for key, (row, _name) in before.items()}
    assert len({desk.account_of(one) for one in ("s1", "s2")}) == 2


def test_clever_row_29_terms_and_courses_that_are_no_longer_shared_stay_and_are_the_same_when_they_return(
    desk: Desk,
) -> None:
    two_of_each(desk)
    desk.browser(desk.teacher()).post("/classes/add", {"section": ["section-1", "section-2"]})
    desk.work()
    before, shared = known(desk), desk.roster
    terms, courses = shared.terms, shared.courses
    shared.terms, shared.courses = [], []
    desk.sync()
    assert known(desk) == before
    assert set(classes(desk.house).values()) == {"active"}
    shared.terms, shared.courses = terms, courses
    desk.sync()
    assert known(desk) == before


AWAY_AND_BACK = [
    ("clever", "section_removed", "section_restored"),
    ("clever", "section_unshared", "section_reshared"),
    ("classlink", "section_removed", "section_restored"),
]


@pytest.mark.parametrize(("service", "away", "back"), AWAY_AND_BACK)
def test_clever_row_29_what_is_deleted_or_unshared_is_archived_and_restored_under_its_id(
    at: At, service: str, away: str, back: str
) -> None:
    customer = a_customer(at, service)
    customer.import_everything()
    before, roster = everything(customer), customer.roster()
    section = at.truth()["sections"][0]
    at.move(away, section=section["clever_id"])
    assert customer.sync(1).state == "done"
    assert frozen(customer) == {section[customer.key]}
    assert (everything(customer), customer.roster()) == (before, roster)
    at.move(back, section=section["clever_id"])
    assert customer.sync(2).state == "done"
    assert frozen(customer) == set()
    assert everything(customer) == before
    assert customer.roster() == roster == customer.truth()


def frozen(customer: Customer) -> set[str]:
    """The sections whose classes are frozen; all others are active."""
    rows = customer.rows("select s.source_id, c.state from school_class c join class_source cs on cs.class_id = c.id "
                         "join section s on s.id = cs.section_id")  # fmt: skip
    assert {state for _, state in rows} <= {"active", "frozen"}
    return {section for section, state in rows if state == "frozen"}


def everything(customer: Customer) -> set[tuple[str, str]]:
    """Our row of each mirrored record, class, account and enrollment."""
    names = (*MIRRORED, "school_class", "account", "enrollment", "identity")
    return set(customer.rows(" union all ".join(f"select '{name}', id::text from {name}" for name in names)))


def test_clever_row_30_history_stays_with_the_student_who_changes_class(customer: Customer) -> None:
    customer.import_everything()
    before, accounts = customer.roster(), customer.rows("select id from account order by 1")
    customer.at.move("student_moves")
    assert customer.sync(24).state == "done"
    ((left, student, _),) = before - customer.roster()
    ((joined, same, _),) = customer.roster() - before
    assert student == same and customer.rows("select id from account order by 1") == accounts
    history = customer.rows(
        """select s.source_id, n.state, n.ended_on from enrollment n join identity i on i.account_id = n.account_id
           join class_source cs on cs.class_id = n.class_id join section s on s.id = cs.section_id
           where i.subject = :student and s.source_id in (:left, :joined)""",
        student=student, left=left, joined=joined,
    )  # fmt: skip
    assert set(history) == {(left, "ended", date(2026, 9, 16)), (joined, "active", None)}
    teachers = {(section, role) for section, _person, role in customer.roster() if role == "teacher"}
    assert {(left, "teacher"), (joined, "teacher")} <= teachers
    journal = customer.rows(
        "select c.what from change c join identity i on i.account_id = c.account_id "
        "where i.subject = :student and c.record = 'enrollment' order by c.id", student=student,
    )  # fmt: skip
    assert sorted(what for (what,) in journal[-2:]) == ["added", "removed"]
