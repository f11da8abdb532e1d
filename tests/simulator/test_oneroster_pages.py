"""How a roster server's pages come: counted or not, capped, heavy, changing in mid-pull, empty for one night."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.simulator.switching import filtered, ids, switch
from tests.simulator.visitor import Caller, Shared

COLLECTIONS = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics")


def now() -> str:
    """The moment as a client's cursor has it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("counts", "count", "total"),
    [("", "4", "9"), ("absent", None, None), ("without a total", "4", None), ("total one short", "4", "8")],
)
def test_count_headers_may_be_absent_or_wrong(tiny: Shared, counts: str, count: str | None, total: str | None) -> None:
    switch(tiny, oneroster_counts=counts)
    answer = tiny.roster_answer("classes?limit=4&filter=" + quote("title!=''"))
    whole = len(tiny.truth()["sections"])
    assert answer.headers.get("x-count") == count
    assert answer.headers.get("x-total-count") == (total and str(whole - (9 - int(total))))


def test_a_page_may_claim_one_record_fewer(tiny: Shared) -> None:
    switch(tiny, oneroster_counts="count one short")
    assert tiny.roster_answer("classes?limit=3").headers["x-count"] == "2"


def test_undocumented_headers_are_there_and_empty(tiny: Shared) -> None:
    headers = tiny.roster_answer("users").headers
    assert [headers[name] for name in ("x-next-page-token", "x-modified", "x-obfuscated")] == ["", "", ""]


def test_a_collection_that_ends_with_a_page_is_followed_by_an_empty_one(tiny: Shared) -> None:
    switch(tiny, classlink_page_cap=1)
    whole = len(tiny.truth()["sections"])
    assert len(tiny.roster(f"classes?offset={whole - 1}&limit=10000")["classes"]) == 1
    assert tiny.roster(f"classes?offset={whole}&limit=10000")["classes"] == []


def test_a_limit_above_the_largest_is_clamped_or_refused(tiny: Shared) -> None:
    assert tiny.roster_answer("users?limit=20000").status == 200
    switch(tiny, oneroster_refuses_large_limits=True)
    assert tiny.roster_answer("users?limit=20000").status == 400
    assert tiny.roster_answer("users?limit=10000").status == 200
    switch(tiny, classlink_page_cap=3)
    assert tiny.roster_answer("users?limit=4").status == 400


def test_a_heavy_page_is_a_502_and_a_smaller_one_is_not(tiny: Shared) -> None:
    switch(tiny, oneroster_heavy_page=5)
    assert tiny.roster_answer("users?limit=100").status == 502
    assert tiny.roster_answer("users?limit=5").status == 200


def test_the_revision_may_be_absent_restless_or_stuck(tiny: Shared) -> None:
    def two() -> list[str | None]:
        return [tiny.roster_answer("users").headers.get("x-perm-rev") for _ in "ab"]

    switch(tiny, oneroster_revision="absent")
    assert two() == [None, None]
    switch(tiny, oneroster_revision="new with every answer")
    assert len(set(two())) == 2
    switch(tiny, oneroster_revision="the same whatever changes")
    before = two()
    tiny.caller.move(tiny.number, "student_joins")
    assert two() == before


def test_after_some_answers_the_data_and_the_revision_change(tiny: Shared) -> None:
    switch(tiny, oneroster_changes_after=2)
    whole = len(tiny.truth()["enrollments"])
    told = [tiny.roster_answer("enrollments?limit=1").headers for _ in range(4)]
    assert [int(one["x-total-count"]) - whole for one in told] == [0, 0, -1, -1]
    revisions = [one["x-perm-rev"] for one in told]
    assert revisions[0] == revisions[1] != revisions[2] == revisions[3]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_collection_may_be_empty_for_a_night(tiny: Shared, collection: str) -> None:
    switch(tiny, oneroster_empty_collection=collection)
    for one in COLLECTIONS:
        answer = tiny.roster_answer(one)
        assert (answer.json()[one] == []) == (one == collection)
        assert (answer.headers["x-total-count"] == "0") == (one == collection)


def test_in_a_blackout_the_last_data_stays_readable(tiny: Shared) -> None:
    before = ids(tiny, "enrollments")
    switch(tiny, oneroster_blackout=True)
    revision = tiny.roster_answer("users").headers["x-perm-rev"]
    tiny.caller.move(tiny.number, "section_emptied")
    assert ids(tiny, "enrollments") == before
    assert tiny.roster_answer("users").headers["x-perm-rev"] == revision
    switch(tiny, oneroster_blackout=False)
    assert len(ids(tiny, "enrollments")) < len(before)


def test_a_delta_tells_what_a_move_changed_and_nothing_else(caller: Caller) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    tiny = Shared(caller, caller.post("/sandbox/districts", seed=7, size="tiny", today=yesterday)["number"])
    cursor = now()
    for collection in COLLECTIONS:
        assert filtered(tiny, collection, f"dateLastModified>='{cursor}'") == []
    joined = tiny.caller.move(tiny.number, "student_joins")
    assert [one["sourcedId"] for one in filtered(tiny, "users", f"dateLastModified>='{cursor}'")] == [
        joined["person_sourced_id"]
    ]
    changed = filtered(tiny, "classes", f"dateLastModified>='{cursor}'")
    assert [one["sourcedId"] for one in changed] == [joined["section_sourced_id"]]
    [enrollment] = filtered(tiny, "enrollments", f"dateLastModified>='{cursor}'")
    assert enrollment["user"]["sourcedId"] == joined["person_sourced_id"]
    assert filtered(tiny, "orgs", f"dateLastModified>='{cursor}'") == []


def test_moments_compare_as_moments(tiny: Shared) -> None:
    stamp = tiny.roster_all("orgs")[0]["dateLastModified"]
    everything = ids(tiny, "orgs")
    for same in (stamp, stamp.replace(".000Z", "Z"), stamp.replace(".000Z", "+00:00")):
        assert [one["sourcedId"] for one in filtered(tiny, "orgs", f"dateLastModified>='{same}'")] == everything
        assert filtered(tiny, "orgs", f"dateLastModified>'{same}'") == []
    assert filtered(tiny, "orgs", f"dateLastModified>'{stamp[:10]}'") != []


def test_an_import_may_stamp_every_row_anew(tiny: Shared) -> None:
    cursor = now()
    switch(tiny, oneroster_restamps=True)
    for collection in COLLECTIONS:
        changed = filtered(tiny, collection, f"dateLastModified>='{cursor}'")
        assert [one["sourcedId"] for one in changed] == ids(tiny, collection)
    assert len({one["dateLastModified"] for one in tiny.roster_all("users")}) == 1


def test_filters_may_be_ignored(tiny: Shared) -> None:
    switch(tiny, oneroster_filters_ignored=True)
    assert len(filtered(tiny, "users", "role='teacher'")) == len(ids(tiny, "users"))


@pytest.mark.parametrize("path", ["classes/x/students", "schools/x/classes", "schools/x/classes/y/enrollments"])
def test_below_an_unknown_record_is_nothing_or_an_empty_list(tiny: Shared, path: str) -> None:
    assert tiny.roster_answer(path).status == 404
    switch(tiny, oneroster_unknown_parent="200 with an empty list")
    assert list(tiny.roster(path).values()) == [[]]
    assert tiny.roster_answer("classes/x").status == 404


def test_a_class_is_below_its_own_school_only(tiny: Shared) -> None:
    section = tiny.roster_all("classes")[0]["sourcedId"]
    district = next(one["sourcedId"] for one in tiny.roster_all("orgs") if one["type"] == "district")
    assert tiny.roster_answer(f"schools/{district}/classes/{section}/students").status == 404


@pytest.mark.parametrize(("style", "key"), [("", "imsx_codeMajor"), ("statusInfoSet",) * 2, ("errors",) * 2])
def test_errors_have_the_bodies_that_servers_give_them(tiny: Shared, style: str, key: str) -> None:
    switch(tiny, oneroster_errors=style)
    answer = tiny.roster_answer("users?filter=" + quote("nothing='x'"))
    assert answer.status == 400
    assert "invalid_filter_field" in answer.data.decode()
    assert key in answer.json()


def test_errors_may_come_with_status_200_or_no_body(tiny: Shared) -> None:
    switch(tiny, oneroster_errors="with status 200")
    answer = tiny.roster_answer("nothing")
    assert (answer.status, answer.json()["imsx_codeMajor"]) == (200, "failure")
    switch(tiny, oneroster_errors="empty")
    assert (tiny.roster_answer("nothing").status, tiny.roster_answer("nothing").data) == (404, b"")


@pytest.mark.parametrize(
    ("query", "minor"), [("sort=nothing", "invalid_sort_field"), ("fields=nothing", "invalid_selection_field")]
)
def test_what_cannot_be_sorted_or_selected_is_told_whole_with_a_warning(tiny: Shared, query: str, minor: str) -> None:
    answer = tiny.roster(f"classes?{query}")
    assert [one["imsx_codeMinor"] for one in answer["statusInfoSet"]] == [minor]
    assert answer["classes"] == tiny.roster("classes")["classes"]


def test_a_blank_selection_is_refused_by_name(tiny: Shared) -> None:
    answer = tiny.roster_answer("classes?fields=")
    assert answer.status == 400
    assert "invalid_blank_selection_field" in answer.data.decode()


def test_filters_join_groups_as_classlink_does(tiny: Shared) -> None:
    users = tiny.roster_all("users")
    one, other = users[0], users[-1]
    text = f"sourcedId='{one['sourcedId']}' AND role='{one['role']}' OR sourcedId='{other['sourcedId']}'"
    assert {row["sourcedId"] for row in filtered(tiny, "users", text)} == {one["sourcedId"], other["sourcedId"]}
    assert filtered(tiny, "enrollments", f"user.sourcedId='{one['sourcedId']}'") == [
        row for row in tiny.roster_all("enrollments") if row["user"]["sourcedId"] == one["sourcedId"]
    ]
