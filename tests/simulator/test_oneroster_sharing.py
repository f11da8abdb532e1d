"""What a district's sharing rules hide, and how records leave that are really gone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.simulator.switching import below, filtered, ids, switch
from tests.simulator.visitor import Shared

COLLECTIONS = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics")


def everything(district: Shared) -> dict[str, list[Any]]:
    """All collections."""
    return {name: district.roster_all(name) for name in COLLECTIONS}


@pytest.fixture
def shared(tiny: Shared) -> Iterator[Shared]:
    """A district whose rules are taken back at the end; then it is as it was."""
    before = everything(tiny)
    yield tiny
    hides = ("students_of", "teacher", "school", "fields", "unenrolled", "demographics")
    switch(tiny, oneroster_dangling=False, **{f"oneroster_hides_{name}": "" for name in hides})
    assert everything(tiny) == before


def test_the_students_of_a_visible_class_may_be_hidden(shared: Shared) -> None:
    section = shared.roster_all("classes")[0]["sourcedId"]
    students = ids(shared, f"classes/{section}/students")
    switch(shared, oneroster_hides_students_of=section)
    assert section in ids(shared, "classes")
    assert ids(shared, f"classes/{section}/students") == []
    assert ids(shared, f"classes/{section}/teachers")
    left = [one for one in shared.roster_all("enrollments") if one["class"]["sourcedId"] == section]
    assert {one["role"] for one in left} == {"teacher"}
    for student in students:
        assert (
            section not in ids(shared, below("users", student, "classes")) if student in ids(shared, "users") else True
        )


def test_a_teacher_may_be_hidden(shared: Shared) -> None:
    teacher = ids(shared, "teachers")[0]
    switch(shared, oneroster_hides_teacher=teacher)
    assert teacher not in ids(shared, "users")
    assert all(one["user"]["sourcedId"] != teacher for one in shared.roster_all("enrollments"))
    assert shared.roster_answer(below("teachers", teacher, "classes")).status == 404


def test_a_whole_school_may_be_hidden(shared: Shared) -> None:
    school = ids(shared, "schools")[0]
    switch(shared, oneroster_hides_school=school)
    assert (
        ids(shared, "schools") == ids(shared, "classes") == ids(shared, "students") == ids(shared, "enrollments") == []
    )
    assert [one["role"] for one in shared.roster_all("users") if one["role"] != "guardian"] == ["administrator"]
    assert shared.roster_answer(f"schools/{school}/classes").status == 404


def test_enrollments_may_go_on_naming_whom_one_cannot_see(shared: Shared) -> None:
    teacher = ids(shared, "teachers")[0]
    before = ids(shared, "enrollments")
    switch(shared, oneroster_hides_teacher=teacher, oneroster_dangling=True)
    assert ids(shared, "enrollments") == before
    assert teacher not in ids(shared, "users")


def test_people_without_a_class_may_be_hidden(shared: Shared) -> None:
    enrolled = {one["user"]["sourcedId"] for one in shared.roster_all("enrollments")}
    switch(shared, oneroster_hides_unenrolled=True)
    assert set(ids(shared, "users")) == enrolled


def test_fields_and_demographics_may_be_left_out(shared: Shared) -> None:
    switch(shared, oneroster_hides_fields="email, grades", oneroster_hides_demographics=True)
    assert not {"email", "grades"} & shared.roster_all("users")[0].keys()
    assert ids(shared, "demographics") == []


def test_what_is_hidden_is_not_told_as_deleted(shared: Shared) -> None:
    teacher = ids(shared, "teachers")[0]
    switch(shared, oneroster_deletes_as="tobedeleted", oneroster_hides_teacher=teacher)
    assert {one["status"] for one in shared.roster_all("users")} == {"active"}


def gone(district: Shared, manner: str) -> tuple[str, list[dict[str, Any]]]:
    """Let a student leave after everything was read; their rows in /users afterwards."""
    switch(district, oneroster_deletes_as=manner)
    everything(district)
    left = district.caller.move(district.number, "person_removed")["person_sourced_id"]
    return left, [one for one in district.roster_all("users") if one["sourcedId"] == left]


@pytest.mark.parametrize("manner", ["", "absent"])
def test_somebody_gone_is_absent(tiny: Shared, manner: str) -> None:
    left, rows = gone(tiny, manner)
    assert rows == []
    assert all(one["user"]["sourcedId"] != left for one in tiny.roster_all("enrollments"))


def test_somebody_gone_may_be_a_row_to_be_deleted(tiny: Shared) -> None:
    cursor = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    left, [row] = gone(tiny, "tobedeleted")
    assert row["status"] == "tobedeleted"
    assert row["dateLastModified"] >= cursor[:-1]
    theirs = [one for one in tiny.roster_all("enrollments") if one["user"]["sourcedId"] == left]
    assert {one["status"] for one in theirs} == {"tobedeleted"}
    told = filtered(tiny, "enrollments", f"dateLastModified>='{cursor}' AND status='tobedeleted'")
    assert told == theirs
    assert tiny.roster(f"users/{left}")["user"] == row
    assert all(left not in ids(tiny, f"classes/{one['class']['sourcedId']}/students") for one in theirs)


def test_somebody_gone_may_only_be_disabled(tiny: Shared) -> None:
    left, [row] = gone(tiny, "enabledUser false")
    assert (row["status"], row["enabledUser"]) == ("active", "false")
    assert all(one["user"]["sourcedId"] != left for one in tiny.roster_all("enrollments"))


def test_what_comes_back_is_deleted_no_longer(tiny: Shared) -> None:
    switch(tiny, oneroster_deletes_as="tobedeleted")
    before = everything(tiny)
    section = tiny.caller.move(tiny.number, "section_removed")
    assert {one["status"] for one in tiny.roster_all("classes")} == {"active", "tobedeleted"}
    tiny.caller.move(tiny.number, "section_restored", section=section["section_sourced_id"])
    assert sorted(ids(tiny, "enrollments")) == sorted(one["sourcedId"] for one in before["enrollments"])
    for name in ("classes", "enrollments"):
        assert {one["status"] for one in tiny.roster_all(name)} == {"active"}


def test_a_student_who_left_a_class_leaves_a_row_behind(tiny: Shared) -> None:
    switch(tiny, oneroster_deletes_as="tobedeleted")
    everything(tiny)
    moved = tiny.caller.move(tiny.number, "student_leaves")
    [row] = [one for one in tiny.roster_all("enrollments") if one["status"] == "tobedeleted"]
    assert row["user"]["sourcedId"] == moved["person_sourced_id"]
    truth = {one["sourced_id"]: one for one in tiny.truth()["sections"]}
    assert row["dateLastModified"] == truth[moved["section_sourced_id"]]["modified"]
    assert [one["status"] for one in tiny.roster_all("users") if one["status"] != "active"] == []
