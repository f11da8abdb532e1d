"""OneRoster's records in our words, of either version and in whatever spelling."""

from datetime import date

import msgspec
import pytest

from tests.providers.recorded_replies import recorded
from webapp.providers.oneroster.enrollments import current, each_once, over
from webapp.providers.oneroster.records import Classes, Enrollments, OrgRow, Users, Words
from webapp.providers.oneroster.translation import there, to_person, to_school, to_section
from webapp.providers.oneroster.words import flag, words
from webapp.roster.records import Enrollment, Person, Role, School, Section, Term

TODAY = date(2026, 9, 15)
SCHOOLS = {"sch-1", "sch-2"}


def test_users_become_persons_with_all_their_roles() -> None:
    rows = [row for row in recorded("oneroster_users", Users).rows if there(row)]
    people = {row.source_id: to_person(row, SCHOOLS) for row in rows}
    assert people.pop("stu|77{A} 1") == Person(
        source_id="stu|77{A} 1",
        roles=(Role.STUDENT,),
        given_name="Zoë",
        family_name="O’Brien",
        grade="09",
        school_source_ids=("sch-1",),
        sis_id="77001",
        student_number="1001",
    )
    assert people.pop("tch-1") == Person(
        source_id="tch-1",
        roles=(Role.TEACHER,),
        given_name="Noor",
        family_name="Achterberg",
        email="n.achterberg@harbor.example",
        school_source_ids=("sch-1", "sch-2"),
        student_number="31",
    )
    assert {source_id: person and person.roles for source_id, person in people.items()} == {
        "adm-1": (Role.SCHOOL_ADMIN,),
        "adm-2": (Role.DISTRICT_ADMIN,),
        "adm-3": (Role.SCHOOL_ADMIN,),
        "adm-4": (Role.TEACHER, Role.DISTRICT_ADMIN),
        "aid-1": None,
        "grd-1": None,
        "odd-1": None,
    }


def test_classes_become_sections_however_their_lists_are_written() -> None:
    full, bare = (to_section(row) for row in recorded("oneroster_classes", Classes).rows if there(row))
    assert full == Section(
        source_id="cls|1",
        name="Biology - Achterberg",
        school_source_id="sch-1",
        course_source_id="bio",
        term_source_ids=("fall", "year"),
        period="2, 3",
        subject="science",
        number="BIO-02",
        grades=("KG", "01"),
    )
    assert bare == Section("4711", "Math5", "sch-1", period="7", number="12")


def test_only_enrollments_that_count_today_are_kept() -> None:
    kept = each_once(current(recorded("oneroster_enrollments", Enrollments).rows, {"over"}, TODAY))
    assert kept == [
        Enrollment("now", "tch-1", Role.TEACHER, primary=True),
        Enrollment("now", "tch-2", Role.TEACHER),
        Enrollment("now", "stu-1", Role.STUDENT),
        Enrollment("now", "stu-4", Role.STUDENT),
        Enrollment("now", "stu-5", Role.STUDENT),
        Enrollment("over", "stu-6", Role.STUDENT),
    ]


def test_two_rows_for_one_teacher_are_one_that_is_primary() -> None:
    plain, primary = Enrollment("c", "t", Role.TEACHER), Enrollment("c", "t", Role.TEACHER, primary=True)
    assert each_once([plain, primary]) == each_once([primary, plain]) == [primary]


@pytest.mark.parametrize(
    ("ends", "is_over"),
    [
        ([TODAY], True),
        ([date(2026, 9, 16)], False),
        ([TODAY, None], False),
        ([TODAY, date(2026, 6, 1)], True),
        ([], False),
    ],
)
def test_a_section_is_over_with_the_last_of_its_terms(ends: list[date | None], is_over: bool) -> None:
    terms = {str(place): Term(str(place), "", ends_on=end) for place, end in enumerate(ends)}
    assert over(Section("c", "", "s", term_source_ids=tuple(terms)), terms, TODAY) is is_over


def test_a_term_that_nobody_tells_of_is_not_over() -> None:
    assert not over(Section("c", "", "s", term_source_ids=("gone",)), {}, TODAY)


def test_only_schools_are_schools() -> None:
    org = '{"sourcedId": "x", "name": "Harbor", "type": "%s", "identifier": "120000700001"}'
    decoded = {kind: msgspec.json.decode(org % kind, type=OrgRow) for kind in ("school", "district", "department")}
    assert to_school(decoded["school"]) == School("x", "Harbor", "120000700001")
    assert to_school(decoded["district"]) is to_school(decoded["department"]) is None


def test_flags_and_lists_are_read_in_every_spelling() -> None:
    assert [flag(value) for value in (True, "true", "TRUE", 1, "1")] == [True] * 5
    assert [flag(value) for value in (False, "false", 0, "", None, "0", "no")] == [False] * 7
    lists: list[Words] = [["a", "", None, 3], "a", "", None, 7]
    assert [words(value) for value in lists] == [("a", "3"), ("a",), (), (), ("7",)]
