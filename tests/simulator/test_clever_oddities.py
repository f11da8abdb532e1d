"""The oddities of Clever's lists and records that are switched on one by one."""

from typing import Any

import pytest

from tests.simulator.visitor import Shared
from tests.simulator.walking import answers, link, set_switches, walk


def test_a_next_link_may_carry_what_nobody_sent(tiny: Shared) -> None:
    whole = walk(tiny, "users?limit=5")
    set_switches(tiny, clever_next_with_more=True)
    assert "source=" in str(link(tiny.clever("users?limit=5"), "next"))
    assert walk(tiny, "users?limit=5") == whole


@pytest.mark.parametrize("cap", [1, 2, 3])
def test_pages_may_be_shorter_than_asked_for_and_still_repeat_the_limit(tiny: Shared, cap: int) -> None:
    set_switches(tiny, clever_page_cap=cap)
    page = tiny.clever("sections?limit=1000")
    assert len(page["data"]) == cap
    assert "limit=1000" in str(link(page, "next"))


@pytest.mark.parametrize("collection", ["users", "sections", "courses"])
def test_a_record_goes_between_two_pages_and_the_walk_goes_on(tiny: Shared, collection: str) -> None:
    whole = walk(tiny, f"{collection}?limit=2")
    set_switches(tiny, clever_delete_at_list=2)
    assert walk(tiny, f"{collection}?limit=2") == whole  # it was the last of the page before, and its id still bounds
    assert walk(tiny, f"{collection}?limit=2") == whole[:1] + whole[2:]
    assert tiny.clever("events?ending_before=last&limit=1")["data"]


def test_the_first_record_goes_if_the_first_page_is_asked_for(tiny: Shared) -> None:
    whole = walk(tiny, "sections")
    set_switches(tiny, clever_delete_at_list=1)
    assert walk(tiny, "sections") == whole[1:]


def test_a_record_may_stand_twice_in_a_page(tiny: Shared) -> None:
    set_switches(tiny, clever_doubled_records=True)
    rows = [row["data"]["id"] for row in tiny.clever("users?limit=4")["data"]]
    assert (len(rows), len(set(rows))) == (5, 4)


def test_a_count_is_told_in_one_of_two_ways_and_junk_is_ignored(tiny: Shared) -> None:
    total = len(tiny.clever_all("users"))
    assert tiny.clever("users?count=true&limit=5")["paging"]["count"] == total
    set_switches(tiny, clever_count="count")
    assert tiny.clever("users?count=true&limit=5")["count"] == total
    assert tiny.clever("users?count=5&limit=5").keys() == {"data", "links"}


def test_relations_are_found_in_either_spelling(tiny: Shared) -> None:
    teacher = tiny.clever_all("users?role=teacher")[0]["id"]
    assert tiny.clever_all(f"users/{teacher}/myStudents") == tiny.clever_all(f"users/{teacher}/mystudents")


@pytest.mark.parametrize("no_value", ["absent", "empty", "null", "mixed"])
def test_no_value_is_told_in_the_way_asked_for(tiny: Shared, no_value: str) -> None:
    tiny.caller.move(tiny.number, "teachers_gone")
    set_switches(tiny, clever_no_value=no_value)
    seen = {way for one in ("schools", "sections", "users") for record in tiny.clever_all(one) for way in ways(record)}
    section = next(one for one in tiny.clever_all("sections") if not one["teachers"])
    assert seen == {"absent": set(), "empty": {""}, "null": {None}, "mixed": {"", None}}[no_value]
    if no_value in ("empty", "null"):
        assert section["teacher"] == {"empty": "", "null": None}[no_value]
    elif no_value == "absent":
        assert "teacher" not in section


def ways(value: Any) -> set[Any]:
    """Which of "" and null stand anywhere in a record."""
    if isinstance(value, dict):
        return {way for one in value.values() for way in ways(one)}
    return {value} if value in ("", None) and not isinstance(value, list) else set()


def test_unknown_keys_and_any_order_change_nothing_else(tiny: Shared) -> None:
    before = tiny.clever("users?limit=30")
    set_switches(tiny, clever_shuffled_keys=True)
    after = tiny.clever("users?limit=30")
    assert after == before
    orders = {tuple(row["data"]) for row in after["data"]}
    assert len(orders) > 1
    assert (list(before), list(after)) == (["data", "links"], ["links", "data"])
    set_switches(tiny, clever_extra_keys=True)
    student = tiny.clever_all("users?role=student")[0]
    assert "x_unknown" in student
    assert student["roles"]["student"]["email"] == ""


def test_sections_as_they_should_not_be(tiny: Shared) -> None:
    first = tiny.clever_all("sections")[0]
    set_switches(tiny, clever_teacher_null=True, clever_unknown_student=True)
    section = tiny.clever(f"sections/{first['id']}")["data"]
    assert (section["teacher"], section["teachers"]) == (None, first["teachers"])
    (unknown,) = set(section["students"]) - set(first["students"])
    assert answers(tiny, f"users/{unknown}")[0] == 404
    set_switches(tiny, clever_teacher_null=False, clever_unknown_student=False, clever_builds_names=True)
    teacher = tiny.clever(f"users/{first['teacher']}")["data"]["name"]["last"]
    course = tiny.clever(f"courses/{first['course']}")["data"]["name"]
    built = f"{course} - {teacher} - {first['period']}"
    assert tiny.clever(f"sections/{first['id']}")["data"]["name"] == built
    other = next(one for one in tiny.clever_all("users?role=teacher") if one["name"]["last"] != teacher)
    tiny.caller.move(tiny.number, "teacher_replaced", section=first["id"], person=other["id"])
    assert tiny.clever(f"sections/{first['id']}")["data"]["name"] == built.replace(teacher, other["name"]["last"])


def test_sections_with_nobody_with_many_and_with_others_in_them(tiny: Shared) -> None:
    move, number = tiny.caller.move, tiny.number
    first, second, third, fourth = (one["id"] for one in tiny.clever_all("sections"))
    move(number, "teachers_gone", section=first)
    gone = tiny.clever(f"sections/{first}")["data"]
    assert gone["teachers"] == [] and "teacher" not in gone and gone["students"]
    move(number, "section_grows", section=first)
    assert len(tiny.clever(f"sections/{first}")["data"]["students"]) == 150
    swapped = move(number, "primary_swapped", section=second)
    assert tiny.clever(f"sections/{second}")["data"]["teacher"] == swapped["person"]
    far = move(number, "student_from_elsewhere", section=third)
    section = tiny.clever(f"sections/{third}")["data"]
    assert far["person"] in section["students"]
    assert section["school"] not in tiny.clever(f"users/{far['person']}")["data"]["roles"]["student"]["schools"]
    listed = move(number, "teacher_listed_as_student", section=fourth)
    assert listed["person"] in tiny.clever(f"sections/{fourth}")["data"]["students"]
    assert list(tiny.clever(f"users/{listed['person']}")["data"]["roles"]) == ["teacher"]
    move(number, "section_emptied", section=fourth)
    assert tiny.clever(f"sections/{fourth}")["data"]["students"] == []


def test_two_sections_of_a_teacher_may_have_one_name(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "section_named_alike")
    names = [tiny.clever(f"sections/{happened[one]}")["data"]["name"] for one in ("section", "twin")]
    assert names[0] == names[1]


@pytest.mark.parametrize(
    ("say", "body"),
    [
        ("error", {"error": "Resource not found"}),
        ("message", {"message": "Resource not found"}),
        ("both", {"error": "Resource not found", "message": "Resource not found"}),
        ("nothing", {}),
    ],
)
def test_errors_carry_their_words_in_the_key_asked_for(tiny: Shared, say: str, body: dict[str, str]) -> None:
    set_switches(tiny, clever_errors_say=say)
    answer = tiny.caller.ask("GET", "/clever-api/v3.1/sections/none", token=tiny.clever_token)
    assert (answer.status, answer.json()) == (404, body)
