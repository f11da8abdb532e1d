"""Who is who at Clever: new ids, employees who become one user or two, people who come and go, sharing that changes."""

import pytest

from tests.providers.at_sandbox import At, enrolled, records
from webapp.providers.errors import NotShared
from webapp.providers.service import Changes
from webapp.roster.records import Enrollment, Person, Record, Role, Section


def read(at: At) -> list[Record]:
    return records(at.reader("clever").whole())


def people(at: At) -> dict[str, Person]:
    return {one.source_id: one for one in read(at) if isinstance(one, Person)}


def teaching(at: At, person: str) -> set[str]:
    found = [one for one in read(at) if isinstance(one, Enrollment)]
    return {one.section_source_id for one in found if (one.person_source_id, one.role) == (person, Role.TEACHER)}


def teacher_and_staff(at: At) -> tuple[str, str]:
    return at.person("clever", "teacher")["clever_id"], at.person("clever", "site_admin")["clever_id"]


def since(at: At, cursor: str) -> Changes:
    changes = at.reader("clever").changes(cursor)
    assert changes
    return changes


def cursor(at: At) -> str:
    at.move("student_joins")
    return at.reader("clever").cursor()


def test_REL_30_employees_who_merge_are_one_person_under_the_id_that_stays(at: At) -> None:
    teacher, other = teacher_and_staff(at)
    taught, before = teaching(at, teacher), cursor(at)
    at.move("employees_merge", person=teacher, to=other)
    now = people(at)
    assert set(now[teacher].roles) == {Role.TEACHER, Role.STAFF} and other not in now
    assert teaching(at, teacher) == taught
    assert since(at, before).people == {teacher, other}
    with pytest.raises(NotShared):
        at.reader("clever").person(other)


def test_REL_30_an_employee_who_splits_off_is_somebody_new(at: At) -> None:
    teacher, other = teacher_and_staff(at)
    taught = teaching(at, teacher)
    at.move("employees_merge", person=teacher, to=other)
    before = cursor(at)
    new = at.move("employee_splits")["person"]
    now = people(at)
    assert new not in {teacher, other}
    assert (now[new].roles, now[teacher].roles) == ((Role.STAFF,), (Role.TEACHER,))
    assert teaching(at, teacher) == taught
    assert since(at, before).people == {teacher, new}


def test_REL_30_a_new_id_is_a_new_person_in_the_same_sections(at: At) -> None:
    before = cursor(at)
    was = {one.section_source_id for one in read(at) if isinstance(one, Enrollment)}
    happened = at.move("user_gets_new_id")
    old, new = happened["before"], happened["person"]
    found = read(at)
    assert old not in people(at) and new in people(at)
    assert not [one for one in found if isinstance(one, Enrollment) and one.person_source_id == old]
    sections = {one.section_source_id for one in found if isinstance(one, Enrollment) and one.person_source_id == new}
    assert sections and sections <= was
    changes = since(at, before)
    assert changes.people == {old, new} and changes.sections == sections


def test_REL_30_no_legacy_id_is_anybodys(at: At) -> None:
    teacher, other = teacher_and_staff(at)
    at.move("employees_merge", person=teacher, to=other)
    found = read(at)
    named = {one.person_source_id for one in found if isinstance(one, Enrollment)} | set(people(at))
    assert not [id_ for id_ in named if id_.startswith("4e")]


def test_one_who_becomes_staff_too_is_one_person_with_two_roles(at: At) -> None:
    teacher, before = at.person("clever", "teacher")["clever_id"], cursor(at)
    at.move("person_gets_role", person=teacher, to="staff")
    assert set(people(at)[teacher].roles) == {Role.TEACHER, Role.STAFF}
    assert since(at, before).people == {teacher}


def test_REL_30_a_teacher_who_is_a_parent_too_is_two_users_of_whom_we_know_one(at: At) -> None:
    before = cursor(at)
    happened = at.move("contact_shares_email")
    now = people(at)
    assert now[happened["person"]].roles == (Role.TEACHER,) and happened["contact"] not in now
    assert not since(at, before).people


def test_a_person_who_is_gone_is_hinted_at_with_their_sections(at: At) -> None:
    before = cursor(at)
    person = at.move("person_removed")["person"]
    assert person not in people(at)
    changes = since(at, before)
    assert changes.people == {person} and changes.sections


def test_what_only_the_district_itself_knows_is_no_hint(at: At) -> None:
    before = cursor(at)
    at.move("ext_touched")
    changes = since(at, before)
    assert not changes.people and not changes.sections
    assert changes.cursor.partition("|")[0] != before.partition("|")[0]


def test_a_teacher_who_is_listed_as_a_student_is_none(at: At) -> None:
    happened = at.move("teacher_listed_as_student")
    section, teacher = happened["section"], happened["person"]
    for found in (read(at), records(at.reader("clever").sections([section]))):
        assert (teacher, "student") not in enrolled(found, section)
        assert len([one for one in enrolled(found, section) if one[1] == "student"])


@pytest.mark.parametrize(("goes", "returns"), [("section_unshared", "section_reshared")])
def test_what_is_unshared_and_shared_again_is_hinted_at_both_times(at: At, goes: str, returns: str) -> None:
    before = cursor(at)
    section = at.move(goes)["section"]
    assert section in since(at, before).sections
    assert records(at.reader("clever").sections([section])) == []
    before = at.reader("clever").cursor()
    at.move(returns)
    assert section in since(at, before).sections
    assert [one for one in records(at.reader("clever").sections([section])) if isinstance(one, Section)]


def test_a_school_that_is_unshared_takes_its_sections_along(at: At) -> None:
    before = cursor(at)
    everything = {one.source_id for one in read(at) if isinstance(one, Section)}
    at.move("school_unshared")
    gone = everything - {one.source_id for one in read(at) if isinstance(one, Section)}
    assert gone and gone <= since(at, before).sections


def test_a_term_that_is_made_anew_is_hinted_at(at: At) -> None:
    before = cursor(at)
    at.move("term_remade")
    assert since(at, before).around and since(at, before).sections
