"""Time moves on, and both services show it."""

import pytest

from tests.simulator.visitor import Shared
from webapp.simulator.moves import MOVES


def students_of(shared: Shared, section: str) -> tuple[set[str], set[str]]:
    """A section's students as Clever and as ClassLink tell them, by sourced id."""
    ids = {one["clever_id"]: one["sourced_id"] for one in shared.truth()["people"]}
    own = next(one for one in shared.truth()["sections"] if one["clever_id"] == section)
    clever = {ids[one] for one in shared.clever(f"sections/{section}")["data"]["students"]}
    return clever, {one["sourcedId"] for one in shared.roster_all(f"classes/{own['sourced_id']}/students")}


def test_a_student_joins_under_the_name_asked_for(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "student_joins", name="Zoë O'Hara")
    assert happened["told"] == f"Zoë O'Hara joined {happened['section_name']}."
    for students in students_of(tiny, happened["section"]):
        assert happened["person_sourced_id"] in students


def test_a_student_leaves_and_comes_back(tiny: Shared) -> None:
    left = tiny.caller.move(tiny.number, "student_leaves")
    assert all(left["person_sourced_id"] not in students for students in students_of(tiny, left["section"]))
    tiny.caller.move(tiny.number, "student_joins", section=left["section"], person=left["person"])
    assert all(left["person_sourced_id"] in students for students in students_of(tiny, left["section"]))


def test_a_student_moves_from_one_section_to_another(tiny: Shared) -> None:
    moved = tiny.caller.move(tiny.number, "student_moves")
    assert all(moved["person_sourced_id"] not in students for students in students_of(tiny, moved["section"]))
    assert all(moved["person_sourced_id"] in students for students in students_of(tiny, moved["to"]))


def test_a_teacher_is_replaced_as_the_primary_one(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "teacher_replaced")
    section = tiny.clever(f"sections/{happened['section']}")["data"]
    assert section["teacher"] == section["teachers"][0] == happened["person"]
    assert happened["left"] not in section["teachers"]
    teachers = tiny.roster_all(f"classes/{happened['section_sourced_id']}/teachers")
    assert happened["person_sourced_id"] in {one["sourcedId"] for one in teachers}


def test_a_co_teacher_joins_without_becoming_the_primary_one(tiny: Shared) -> None:
    section = next(one for one in tiny.clever_all("sections") if len(one["teachers"]) == 1)
    happened = tiny.caller.move(tiny.number, "co_teacher_added", section=section["id"])
    after = tiny.clever(f"sections/{section['id']}")["data"]
    assert (after["teacher"], after["teachers"]) == (section["teacher"], [section["teacher"], happened["person"]])


def test_a_section_is_renamed_in_both_services(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "section_renamed", name="Advanced Pottery")
    assert tiny.clever(f"sections/{happened['section']}")["data"]["name"] == "Advanced Pottery"
    assert tiny.roster(f"classes/{happened['section_sourced_id']}")["class"]["title"] == "Advanced Pottery"


def test_a_removed_section_comes_back_as_it_was(tiny: Shared) -> None:
    before = tiny.truth()
    gone = tiny.caller.move(tiny.number, "section_removed")
    assert tiny.caller.ask("GET", f"/clever-api/v3.1/sections/{gone['section']}", token=tiny.clever_token).status == 404
    assert tiny.roster_answer(f"classes/{gone['section_sourced_id']}").status == 404
    assert len(tiny.truth()["enrollments"]) < len(before["enrollments"])
    tiny.caller.move(tiny.number, "section_restored", section=gone["section_sourced_id"])
    after = tiny.truth()
    assert {one["sourced_id"] for one in after["enrollments"]} == {one["sourced_id"] for one in before["enrollments"]}


def test_a_section_is_emptied(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "section_emptied")
    assert happened["left"] > 0
    assert students_of(tiny, happened["section"]) == (set(), set())


FIRST = {
    "section_restored": "section_removed",
    "employee_splits": "employees_merge",
    "school_reshared": "school_unshared",
    "section_reshared": "section_unshared",
}
"""What has to happen before."""


@pytest.mark.parametrize("move", sorted(MOVES))
def test_every_move_tells_what_happened(tiny: Shared, move: str) -> None:
    if move in FIRST:
        tiny.caller.move(tiny.number, FIRST[move])
    happened = tiny.caller.move(tiny.number, move)
    assert happened["told"].endswith(".")
    assert happened.get("section_name", "") in happened["told"]
    if "section" in happened and move != "section_removed":
        assert happened["section"] in {one["clever_id"] for one in tiny.truth()["sections"]}


def test_equal_districts_move_alike(tiny: Shared) -> None:
    other = tiny.caller.post("/sandbox/districts", seed=7, size="tiny")["number"]
    moves = [[tiny.caller.move(number, "student_leaves")["told"] for _ in range(3)] for number in (tiny.number, other)]
    assert moves[0] == moves[1]


@pytest.mark.parametrize(
    "wish", [{"move": "nothing"}, {"move": "student_leaves", "section": "nothing"}, {"move": "student_moves", "x": 1}]
)
def test_what_cannot_happen_is_refused_in_words(tiny: Shared, wish: dict[str, str]) -> None:
    before = tiny.truth()
    refused = tiny.caller.ask("POST", f"/sandbox/districts/{tiny.number}/moves", json=wish)
    assert (refused.status, bool(refused.json()["error"])) == (400, True)
    assert tiny.truth() == before


def test_a_semester_turns_and_a_new_section_takes_the_place_of_the_old_one(tiny: Shared) -> None:
    turned = tiny.caller.move(tiny.number, "semester_turns")
    for new, old in zip(students_of(tiny, turned["section"]), students_of(tiny, turned["before"]), strict=True):
        assert len(new) == len(old) - 1 and new < old
    before, after = (tiny.clever(f"sections/{turned[one]}")["data"] for one in ("before", "section"))
    assert (after["name"], after["teachers"]) == (before["name"], before["teachers"])
    ends = tiny.clever(f"terms/{before['term_id']}")["data"]["end_date"]
    assert ends < tiny.clever(f"terms/{after['term_id']}")["data"]["start_date"]
