"""How one and the same record is written by one server and another."""

import pytest

from tests.simulator.switching import below, ids, switch
from tests.simulator.visitor import Shared


@pytest.mark.parametrize(
    ("flags", "yes", "no"),
    [("", "true", "false"), ("booleans", True, False), ("numbers", 1, 0), ("capitals", "TRUE", "FALSE")],
)
def test_flags_are_words_or_booleans_or_numbers(tiny: Shared, flags: str, yes: object, no: object) -> None:
    switch(tiny, oneroster_flags=flags)
    values = [one["primary"] for one in tiny.roster_all("enrollments")]
    assert {repr(one) for one in values} == {repr(yes), repr(no)}
    assert {repr(one["enabledUser"]) for one in tiny.roster_all("users")} == {repr(yes)}
    assert repr(yes) in {repr(one["asian"]) for one in tiny.roster_all("demographics")} | {repr(yes)}


def test_empty_values_are_empty_texts_unless_they_are_left_out_or_null(tiny: Shared) -> None:
    code = tiny.caller.move(tiny.number, "class_code_emptied")["section_sourced_id"]

    def written() -> dict[str, object]:
        row: dict[str, object] = tiny.roster(f"classes/{code}")["class"]
        return row

    assert (written()["classCode"], written()["subjectCodes"]) == ("", [])
    switch(tiny, oneroster_empties="left out")
    assert not {"classCode", "subjectCodes"} & written().keys()
    switch(tiny, oneroster_empties="null")
    assert (written()["classCode"], written()["subjectCodes"]) == (None, None)
    top = next(one for one in tiny.roster_all("orgs") if one["type"] == "district")
    assert top["parent"] is None
    switch(tiny, oneroster_empties="empty texts")
    top = next(one for one in tiny.roster_all("orgs") if one["type"] == "district")
    assert (top["parent"], written()["subjectCodes"]) == ("", "")


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("words of 1.2", "principal"),
        ("ext: values", "ext:registrar"),
        ("unknown words", "wizard"),
        ("capitals", "Student"),
    ],
)
def test_roles_may_be_words_that_nobody_knows(tiny: Shared, words: str, role: str) -> None:
    switch(tiny, oneroster_role_words=words)
    roles = {one["role"] for one in tiny.roster_all("users")}
    assert role in roles
    assert (words == "capitals") == ("student" not in roles)
    assert ids(tiny, "students")


@pytest.mark.parametrize("words", ["ext: values", "unknown words"])
def test_a_second_teacher_may_have_another_role(tiny: Shared, words: str) -> None:
    added = tiny.caller.move(tiny.number, "co_teacher_added")
    switch(tiny, oneroster_role_words=words)
    section, person = added["section_sourced_id"], added["person_sourced_id"]
    [row] = [
        one
        for one in tiny.roster_all("enrollments")
        if (one["class"]["sourcedId"], one["user"]["sourcedId"]) == (section, person)
    ]
    assert row["role"] not in ("teacher", "student")
    assert person not in ids(tiny, f"classes/{section}/teachers")


def test_roles_of_1_2_stand_beside_or_in_place_of_role_and_orgs(tiny: Shared) -> None:
    plain = tiny.roster_all("users")
    switch(tiny, oneroster_roles="beside role and orgs")
    for before, after in zip(plain, tiny.roster_all("users"), strict=True):
        assert before.items() <= after.items()
        assert [one["roleType"] for one in after["roles"]][0] == "primary"
        assert [one["org"] for one in after["roles"]] == before["orgs"]
    switch(tiny, oneroster_roles="in place of role and orgs")
    assert not {"role", "orgs"} & tiny.roster_all("users")[0].keys()
    assert ids(tiny, "teachers") == [one["sourcedId"] for one in plain if one["role"] == "teacher"]


def test_lists_may_come_as_one_text(tiny: Shared) -> None:
    plain = tiny.roster_all("classes")
    switch(tiny, oneroster_lists_as_text="both")
    for before, after in zip(plain, tiny.roster_all("classes"), strict=True):
        assert (after["periods"], after["grades"]) == (",".join(before["periods"]), ",".join(before["grades"]))
    switch(tiny, oneroster_lists_as_text="periods")
    assert tiny.roster_all("classes")[0]["grades"] == plain[0]["grades"]


def test_teachers_may_stand_among_the_students(tiny: Shared) -> None:
    section = ids(tiny, "classes")[0]
    teachers, students = (ids(tiny, f"classes/{section}/{what}") for what in ("teachers", "students"))
    switch(tiny, oneroster_teachers_among_students=True)
    assert sorted(ids(tiny, f"classes/{section}/students")) == sorted(teachers + students)
    assert ids(tiny, f"classes/{section}/teachers") == teachers


def test_every_teacher_may_be_primary(tiny: Shared) -> None:
    tiny.caller.move(tiny.number, "co_teacher_added")
    switch(tiny, oneroster_all_primary=True)
    for one in tiny.roster_all("enrollments"):
        assert one["primary"] == ("true" if one["role"] == "teacher" else "false")


def test_names_may_be_masked(tiny: Shared) -> None:
    switch(tiny, oneroster_masks=True)
    answer = tiny.roster_answer("users")
    assert answer.headers["x-obfuscated"] == "true"
    assert all(one["familyName"].startswith("masked-") for one in answer.json()["users"])


def test_only_classes_that_run_today_may_be_told_of_a_teacher(demo: Shared) -> None:
    paths = [below("teachers", teacher, "classes") for teacher in ids(demo, "teachers")]
    everything = [ids(demo, path) for path in paths]
    switch(demo, oneroster_current_classes_only=True)
    current = [ids(demo, path) for path in paths]
    switch(demo, oneroster_current_classes_only=False)
    assert all(set(now) <= set(whole) for now, whole in zip(current, everything, strict=True))
    assert 0 < sum(map(len, current)) < sum(map(len, everything))
