"""Who stands in Clever's sections as what, where the service's lists and records do not quite agree."""

import pytest

from tests.providers.clever_district import NOT_FOUND, bare_district, listing, one, sections, user, whole
from tests.providers.scripted import Scripted
from webapp.providers.clever import people as people_of_a_pull
from webapp.providers.clever.reader import CleverReader
from webapp.roster.records import Enrollment, Person, Record, Role


@pytest.fixture
def reader(script: Scripted) -> CleverReader:
    return bare_district(script)


def everybody(script: Scripted, *users: dict[str, object]) -> None:
    """These users, each in the list of every role they have, and in no section's list."""
    for role in ("student", "teacher", "staff", "district_admin"):
        rows = [row for row in users if role in row["roles"]]  # type: ignore[operator]
        script.on(f"/v3.1/users?role={role}&limit=10000", listing(*rows))
        script.on(f"/v3.1/users?role={role}&limit=1", listing(*rows[-1:]))
        for before in rows:
            script.on(f"/v3.1/users?role={role}&starting_after={before['id']}&limit=1", listing(*rows[-1:]))
    for row in users:
        script.on(f"/v3.1/users/{row['id']}", one(**row))


def section(script: Scripted, **row: object) -> None:
    """One section, in the list and by itself."""
    script.on("/v3.1/sections", listing({"id": "s1"} | row))
    script.on("/v3.1/sections/s1", one(**{"id": "s1"} | row))
    script.on("/v3.1/sections/s1/users", listing())


def stand(found: list[Record]) -> set[tuple[str, Role]]:
    return {(one.person_source_id, one.role) for one in found if isinstance(one, Enrollment)}


def people(found: list[Record]) -> list[str]:
    return [one.source_id for one in found if isinstance(one, Person)]


def both_ways(reader: CleverReader) -> list[list[Record]]:
    """The same section as part of the whole, and asked for by itself."""
    return [whole(reader), sections(reader, "s1")]


def test_one_who_has_several_roles_comes_once_with_all(script: Scripted, reader: CleverReader) -> None:
    everybody(script, user("u1", "teacher", "staff", "district_admin"))
    (person,) = whole(reader)
    assert isinstance(person, Person)
    assert person.roles == (Role.TEACHER, Role.STAFF, Role.DISTRICT_ADMIN)


def test_the_people_of_a_section_cost_one_request(script: Scripted, reader: CleverReader) -> None:
    section(script, teacher="t", students=["p"])
    everyone = listing(user("p", "student"), user("q", "student"), user("t", "teacher"))
    script.on("/v3.1/sections/s1/users", everyone)
    found = sections(reader, "s1")
    assert people(found) == ["p", "t"] and stand(found) == {("p", Role.STUDENT), ("t", Role.TEACHER)}
    assert script.asked == ["/v3.1/sections/s1", "/v3.1/sections/s1/users?limit=10000"]


def test_a_named_person_whom_clever_does_not_tell_of_is_not_invented(script: Scripted, reader: CleverReader) -> None:
    everybody(script, user("p", "student"), user("t", "teacher"))
    section(script, teacher="t", students=["p", "hidden"])
    for found in both_ways(reader):
        assert set(people(found)) == {"t", "p"}
        assert stand(found) == {("t", Role.TEACHER), ("p", Role.STUDENT), ("hidden", Role.STUDENT)}


def test_REL_2_whom_a_list_lost_is_looked_up_once_more(script: Scripted, reader: CleverReader) -> None:
    section(script, teacher="t", students=["p", "q"])
    for row in (user("p", "student"), user("q", "student"), user("t", "teacher")):
        script.on(f"/v3.1/users/{row['id']}", one(**row))
    for found in both_ways(reader):
        assert set(people(found)) == {"p", "q", "t"}


def test_REL_2_only_so_many_people_are_looked_up(
    script: Scripted, reader: CleverReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert people_of_a_pull.LOOK_UPS == 200
    monkeypatch.setattr(people_of_a_pull, "LOOK_UPS", 3)
    rows = [{"id": "s1", "students": ["p1", "p2"]}, {"id": "s2", "students": ["p3", "p4", "p5"]}]
    script.on("/v3.1/sections", listing(*rows))
    script.on("/v3.1/sections?starting_after=s1&limit=1", listing(rows[-1]))
    assert len(stand(whole(reader))) == 5
    assert [target for target in script.asked if "users/" in target] == [f"/v3.1/users/p{number}" for number in "123"]


def test_one_who_is_no_student_is_in_no_section_as_a_student(script: Scripted, reader: CleverReader) -> None:
    everybody(script, user("p", "student"), user("t", "teacher"), user("o", "staff"), user("a", "district_admin"))
    section(script, teacher="t", students=["p", "t", "o", "a"])
    for found in both_ways(reader):
        assert stand(found) == {("t", Role.TEACHER), ("p", Role.STUDENT)}


def test_it_takes_no_order_to_know_that_somebody_is_no_student(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", students=["t"]))
    script.on("/v3.1/sections/s1/users", listing())
    script.on("/v3.1/sections/s2", one(id="s2", teacher="t"))
    script.on("/v3.1/sections/s2/users", listing(user("t", "teacher")))
    found = [one for one in sections(reader, "s1", "s2") if isinstance(one, Enrollment)]
    assert found == [Enrollment("s2", "t", Role.TEACHER, primary=True)]


@pytest.mark.parametrize("role", ["staff", "district_admin"])
def test_staff_whom_a_section_names_as_its_teacher_teach_it(script: Scripted, reader: CleverReader, role: str) -> None:
    everybody(script, user("o", role))
    section(script, teacher=None, teachers=["o"])
    for found in both_ways(reader):
        assert people(found) == ["o"] and stand(found) == {("o", Role.TEACHER)}


def test_a_student_never_teaches(script: Scripted, reader: CleverReader) -> None:
    everybody(script, user("p", "student"))
    section(script, teacher="p", students=["p"])
    for found in both_ways(reader):
        assert stand(found) == {("p", Role.STUDENT)}


def test_a_guardian_is_in_no_section(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/users/g", one(id="g", name={"last": "A Guardian"}, roles={"contact": {}}))
    section(script, students=["g"])
    for found in both_ways(reader):
        assert people(found) == [] and stand(found) == set()


def test_REL_30_the_id_of_old_is_nobodys(script: Scripted, reader: CleverReader) -> None:
    teacher: dict[str, object] = {"id": "t", "name": {"last": "B"}, "roles": {"teacher": {"legacy_id": "old"}}}
    everybody(script, teacher)
    section(script, teacher="old", teachers=["t"])
    for answer in (NOT_FOUND, one(**teacher)):
        script.on("/v3.1/users/old", answer)
        for found in both_ways(reader):
            assert people(found) == ["t"]
            assert stand(found) == {("old", Role.TEACHER), ("t", Role.TEACHER)}


def test_no_value_may_be_told_in_three_ways(script: Scripted, reader: CleverReader) -> None:
    ways: list[dict[str, object]] = [{}, dict.fromkeys(("name", "email"), ""), dict.fromkeys(("name", "email"))]
    for nothing in ways:
        script.on("/v3.1/users/t", one(id="t", roles={"teacher": {"schools": [], "school": ""}}, **nothing))
        assert reader.person("t") == Person("t", (Role.TEACHER,), "", "")
    script.on("/v3.1/users/t", one(id="t", name=None, roles={"teacher": {"schools": ""}, "student": None, "staff": ""}))
    assert reader.person("t") == Person("t", (Role.TEACHER,), "", "")


def test_a_person_who_is_gone_is_looked_up_once(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/users/gone", NOT_FOUND)
    for id_ in ("s1", "s2"):
        script.on(f"/v3.1/sections/{id_}", one(id=id_, students=["gone"]))
        script.on(f"/v3.1/sections/{id_}/users", listing())
    assert stand(sections(reader, "s1", "s2")) == {("gone", Role.STUDENT)}
    assert script.asked.count("/v3.1/users/gone") == 1
