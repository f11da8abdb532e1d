"""OneRoster's records in our words, of either version and in whatever spelling."""

from datetime import date

import msgspec
import pytest

from tests.providers.recorded_replies import recorded
from webapp.providers.oneroster.enrollments import current, each_once, over
from webapp.providers.oneroster.records import Classes, Enrollments, OrgRow, Users, Words
from webapp.providers.oneroster.translation import there, to_person, to_school, to_section
from webapp.providers.oneroster.words import denied, flag, words
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
        enabled=False,
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
    assert [denied(value) for value in (False, "false", "FALSE", 0, "0")] == [True] * 5
    assert [denied(value) for value in (True, "true", "", None, 1, "no word we know")] == [False] * 6
    lists: list[Words] = [["a", "", None, 3], "a", "", None, 7]
    assert [words(value) for value in lists] == [("a", "3"), ("a",), (), (), ("7",)]


def odd_people() -> dict[str, Person | None]:
    rows = [row for row in recorded("oneroster_odd", Users).rows if there(row)]
    return {str(row.source_id): to_person(row, SCHOOLS) for row in rows}


def test_roles_of_either_version_count_and_words_of_their_own_do_not() -> None:
    assert {source_id: person and person.roles for source_id, person in odd_people().items()} == {
        "only-1.2": (Role.TEACHER, Role.SCHOOL_ADMIN),
        "beside": (Role.SCHOOL_ADMIN,),
        "ext-only": (Role.TEACHER,),
        "empty-roles": (Role.STUDENT,),
        "capitals": (Role.TEACHER,),
        "parent": None,
        "relative": None,
    }


def test_orgs_grades_and_ids_are_found_however_they_are_written() -> None:
    people = {source_id: person for source_id, person in odd_people().items() if person}
    assert {source_id: person.school_source_ids for source_id, person in people.items()} == {
        "only-1.2": ("sch-1", "sch-2"),
        "beside": ("sch-2",),
        "ext-only": ("sch-1",),
        "empty-roles": ("sch-1",),
        "capitals": (),
    }
    assert (people["empty-roles"].grade, people["empty-roles"].sis_id) == ("09", "5")


def test_only_a_clear_no_means_that_somebody_may_not_sign_in() -> None:
    allowed = {source_id: person.enabled for source_id, person in odd_people().items() if person}
    assert [source_id for source_id, enabled in allowed.items() if not enabled] == ["beside", "empty-roles", "capitals"]


def test_REL_29_a_record_without_an_id_is_nobody() -> None:
    assert not {"", "  ", "None"} & set(odd_people())


def test_empty_null_and_missing_fields_of_a_class_are_the_same() -> None:
    empty, null, bare, *_ = (to_section(row) for row in recorded("oneroster_odd", Classes).rows)
    assert empty == Section("empty", "", "")
    assert null == Section("null", "", "")
    assert bare == Section("bare", "", "")


def test_lists_of_a_class_may_be_one_text_and_it_may_lie_in_two_terms() -> None:
    *_, text, two = (to_section(row) for row in recorded("oneroster_odd", Classes).rows)
    assert (text.term_source_ids, text.grades, text.period, text.subject) == (
        ("fall",),
        ("KG", "01"),
        "1",
        "Math, Honors",
    )
    assert (two.term_source_ids, two.grades, two.period, two.subject) == (
        ("fall", "spring"),
        ("09", "10"),
        "1, 2",
        "Math",
    )


def test_enrollments_need_class_person_and_a_role_we_know_but_no_id_of_their_own() -> None:
    """Both teachers are primary here: odd, but each keeps what was said."""
    assert current(recorded("oneroster_odd", Enrollments).rows, set(), TODAY) == [
        Enrollment("c", "t1", Role.TEACHER, primary=True),
        Enrollment("c", "t2", Role.TEACHER, primary=True),
        Enrollment("c", "s1", Role.STUDENT),
    ]
