"""Clever's records in our words."""

from datetime import date

import msgspec
import pytest

from tests.providers.recorded_replies import FOLDER, recorded
from webapp.providers.clever.condition import condition
from webapp.providers.clever.grades import ceds
from webapp.providers.clever.records import (
    CourseRow,
    DistrictRow,
    Listing,
    One,
    SchoolRow,
    SectionRow,
    TermRow,
    TokenListing,
    UserRow,
)
from webapp.providers.clever.translation import (
    to_course,
    to_enrollments,
    to_person,
    to_school,
    to_section,
    to_term,
)
from webapp.roster.records import Course, Enrollment, Person, Role, School, Section, Term

ID = "5f0000010000000000000{}".format


def around(name: str) -> bytes:
    return bytes(
        msgspec.json.decode((FOLDER / "clever_around_v31.json").read_bytes(), type=dict[str, msgspec.Raw])[name]
    )


def test_users_of_the_older_version_become_persons_with_all_their_roles() -> None:
    users = [to_person(one.data) for one in recorded("clever_users_v30", Listing[UserRow]).data]
    assert users == [
        Person(
            source_id=ID("001"),
            roles=(Role.STUDENT,),
            given_name="Zoë",
            family_name="O’Brien",
            grade="09",
            school_source_ids=(ID("101"), ID("102")),
            sis_id="77001",
            student_number="1001",
        ),
        Person(
            source_id=ID("002"),
            roles=(Role.TEACHER, Role.STAFF, Role.DISTRICT_ADMIN),
            given_name="Noor",
            family_name="Achterberg",
            email="n.achterberg@harbor.example",
            school_source_ids=(ID("102"), ID("101"), ID("103")),
            sis_id="T-31",
            student_number="31",
        ),
        None,
        Person(source_id=ID("004"), roles=(Role.STAFF,), given_name="", family_name="", student_number="S-9"),
    ]


def test_sections_come_with_who_stands_in_them() -> None:
    full, homeroom, chess = (one.data for one in recorded("clever_sections_v31", Listing[SectionRow]).data)
    assert to_section(full) == Section(
        source_id=ID("201"),
        name="Biology - Achterberg -",
        school_source_id=ID("101"),
        course_source_id=ID("301"),
        term_source_ids=(ID("401"),),
        period="2",
        subject="science",
        number="BIO-02",
        grades=("KG",),
    )
    assert list(to_enrollments(full)) == [
        Enrollment(ID("201"), ID("002"), Role.TEACHER, primary=True),
        Enrollment(ID("201"), ID("005"), Role.TEACHER),
        Enrollment(ID("201"), ID("001"), Role.STUDENT),
        Enrollment(ID("201"), ID("006"), Role.STUDENT),
    ]
    assert to_section(homeroom) == Section(ID("202"), "Homeroom", ID("101"))
    assert list(to_enrollments(homeroom)) == [Enrollment(ID("202"), ID("005"), Role.TEACHER)]
    assert list(to_enrollments(chess)) == [Enrollment(ID("203"), ID("005"), Role.TEACHER, primary=True)]


def test_sections_of_the_older_version_read_alike() -> None:
    biology, homeroom = (one.data for one in recorded("clever_sections_v30", Listing[SectionRow]).data)
    assert to_section(biology).name == "Biology - Achterberg -"
    assert to_section(biology).term_source_ids == (ID(401),)
    assert len(list(to_enrollments(biology))) == 3
    assert to_section(homeroom) == Section(
        ID("202"), "Homeroom -", ID("102"), subject="homeroom/advisory", grades=("TK",)
    )
    assert list(to_enrollments(homeroom)) == [
        Enrollment(ID("202"), ID("005"), Role.TEACHER),
        Enrollment(ID("202"), ID("002"), Role.TEACHER),
        Enrollment(ID("202"), ID("001"), Role.STUDENT),
    ]


def test_a_district_of_the_older_version_tells_its_condition() -> None:
    (district,) = (one.data for one in recorded("clever_districts_v30", Listing[DistrictRow]).data)
    assert condition(district, date(2026, 9, 15)).settled
    district.state = "paused"
    assert condition(district, date(2027, 7, 4)).until == date(2027, 8, 12)


def test_a_row_of_the_token_list_names_its_district() -> None:
    (row,) = recorded("clever_tokens", TokenListing).data
    assert row.owner and row.owner.id == ID("000") and row.access_token


def test_schools_terms_and_courses_keep_what_is_said_and_no_more() -> None:
    assert to_school(msgspec.json.decode(around("school"), type=One[SchoolRow]).data) == School(
        ID("101"), "Harbor High", "120000700001"
    )
    term = to_term(msgspec.json.decode(around("term"), type=One[TermRow]).data)
    assert term == Term(ID("401"), "Fall", date(2026, 8, 17), date(2026, 12, 18))
    assert to_term(msgspec.json.decode(around("bare_term"), type=One[TermRow]).data) == Term(ID("402"), "")
    assert to_course(msgspec.json.decode(around("course"), type=One[CourseRow]).data) == Course(
        ID("301"), "Biology", "BIO"
    )


@pytest.mark.parametrize(
    ("word", "code"),
    [("Kindergarten", "KG"), ("1", "01"), ("13", "13"), ("PreKindergarten", "PK"), ("", ""), ("Nursery", "Nursery")],
)
def test_grades_are_ceds_codes(word: str, code: str) -> None:
    assert ceds(word) == code
