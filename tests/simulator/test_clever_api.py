"""Clever's data API: pages, relations, and what each token may read."""

import pytest

from tests.simulator.visitor import Caller, Shared
from tests.simulator.walking import link, walk


@pytest.mark.parametrize("path", ["users", "sections", "users?role=student", "courses"])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_of_any_size_make_up_the_whole(tiny: Shared, path: str, limit: int) -> None:
    whole = [one["id"] for one in tiny.clever_all(path)]
    assert walk(tiny, f"{path}{'&' if '?' in path else '?'}limit={limit}") == whole == sorted(set(whole))


def test_a_page_holds_a_hundred_unless_a_limit_is_named(demo: Shared) -> None:
    assert len(demo.clever("users")["data"]) == 100
    assert demo.caller.ask("GET", "/clever-api/v3.1/users?limit=10001", token=demo.clever_token).status == 413


def test_an_answer_to_starting_after_has_a_prev_that_may_lead_to_nothing(tiny: Shared) -> None:
    first = tiny.clever("users?limit=3&starting_after=000000000000000000000000")
    prev = link(first, "prev")
    assert prev
    assert tiny.clever(prev.removeprefix("/v3.1/"))["data"] == []


def test_ending_before_walks_backwards(tiny: Shared) -> None:
    ids = [one["id"] for one in tiny.clever_all("users")]
    page = tiny.clever(f"users?limit=4&ending_before={ids[10]}")
    assert [row["data"]["id"] for row in page["data"]] == ids[6:10]
    assert link(page, "prev")
    assert link(page, "next")


def test_a_capped_page_still_leads_to_the_end(tiny: Shared) -> None:
    whole = [one["id"] for one in tiny.clever_all("users")]
    tiny.caller.post(f"/sandbox/districts/{tiny.number}/switches", clever_page_cap=3)
    assert walk(tiny, "users?limit=1000") == whole


def test_relations_agree_with_the_sections_themselves(tiny: Shared) -> None:
    for section in tiny.clever_all("sections"):
        users = tiny.clever_all(f"sections/{section['id']}/users")
        assert {one["id"] for one in users} == {*section["students"], *section["teachers"]}
        teachers = tiny.clever_all(f"sections/{section['id']}/users?role=teacher")
        assert {one["id"] for one in teachers} == set(section["teachers"])
        assert tiny.clever(f"sections/{section['id']}/term")["data"]["id"] == section["term_id"]
        assert tiny.clever(f"sections/{section['id']}/course")["data"]["id"] == section["course"]
        for teacher in section["teachers"]:
            taught = tiny.clever_all(f"users/{teacher}/sections")
            assert section["id"] in {one["id"] for one in taught}
            students = {one["id"] for one in tiny.clever_all(f"users/{teacher}/myStudents")}
            assert students >= set(section["students"])


@pytest.mark.parametrize(
    "path",
    [
        *("users/{u}/schools", "users/{u}/myteachers", "users/{u}/mycontacts", "users/{u}/district"),
        *("schools/{s}/users", "schools/{s}/users?primary=true", "schools/{s}/sections", "schools/{s}/courses"),
        *("schools/{s}/terms", "schools/{s}/district", "courses/{c}/schools", "courses/{c}/sections"),
        *("terms/{t}/schools", "terms/{t}/sections", "terms/{t}/district", "sections/{x}/school"),
    ],
)
def test_every_relation_answers_with_something(tiny: Shared, path: str) -> None:
    student = next(one for one in tiny.truth()["people"] if one["guardians"])
    ids = {name[0]: tiny.clever_all(name)[0]["id"] for name in ("schools", "courses", "terms")}
    ids |= {"u": student["clever_id"], "x": tiny.clever_all("sections")[0]["id"]}
    assert tiny.clever(path.format(**ids))["data"]


def test_each_role_lists_its_own_people(tiny: Shared) -> None:
    for role in ("student", "teacher", "staff", "district_admin", "contact"):
        users = tiny.clever_all(f"users?role={role}")
        assert users
        assert all(list(one["roles"]) == [role] for one in users)


def test_the_older_version_knows_none_of_the_newer_fields(tiny: Shared) -> None:
    path, token = "users?role=student&limit=1", tiny.clever_token
    older, newer = (tiny.caller.get(f"/clever-api/{one}/{path}", token=token) for one in ("v3.0", "v3.1"))
    fields = [set(one["data"][0]["data"]["roles"]["student"]) for one in (older, newer)]
    assert fields[1] - fields[0] >= {"frl_status", "home_language", "preferred_name"}
    assert older["data"][0]["uri"].startswith("/v3.0/users/")


def test_a_users_token_reads_its_own_record_and_no_lists(tiny: Shared, caller: Caller) -> None:
    teacher = next(one for one in tiny.truth()["people"] if one["kind"] == "teacher")["clever_id"]
    token = caller.exchange_clever(caller.code("clever", teacher)).json()["access_token"]
    me = caller.get("/clever-api/v3.1/me", token=token)
    assert me["data"]["id"] == teacher
    assert link(me, "canonical") == f"/v3.1/users/{teacher}"
    assert caller.get(f"/clever-api/v3.1/users/{teacher}", token=token)["data"]["roles"]["teacher"]
    assert caller.get("/clever-api/userinfo", token=token)["sub"] == teacher
    for path in ("users", "sections", f"users/{teacher}/sections", "users/5f0000010000000000000004"):
        refused = caller.ask("GET", f"/clever-api/v3.1/{path}", token=token)
        assert (refused.status, refused.headers["Content-Type"].split(";")[0]) == (404, "text/html")


def test_a_district_token_reads_only_its_own_district(tiny: Shared, demo: Shared) -> None:
    stranger = demo.clever_all("sections")[0]["id"]
    assert tiny.caller.ask("GET", f"/clever-api/v3.1/sections/{stranger}", token=tiny.clever_token).status == 404


def test_a_rotated_or_disconnected_token_is_refused(tiny: Shared, caller: Caller) -> None:
    before = tiny.clever_token
    caller.post(f"/sandbox/districts/{tiny.number}/switches", rotate_clever_token=True)
    refused = caller.ask("GET", "/clever-api/v3.1/users", token=before)
    assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    after = tiny.clever_token
    assert after != before
    caller.post(f"/sandbox/districts/{tiny.number}/switches", clever_connected=False)
    assert caller.ask("GET", "/clever-api/v3.1/users", token=after).status == 401


def test_the_rate_limit_is_told_and_kept(tiny: Shared, caller: Caller) -> None:
    caller.post(f"/sandbox/districts/{tiny.number}/switches", clever_rate_limit=2)
    token = tiny.clever_token
    answers = [caller.ask("GET", "/clever-api/v3.1/schools", token=token) for _ in range(3)]
    if len({one.headers["X-Ratelimit-Reset"] for one in answers}) == 1:  # else a new minute began among them
        assert [one.status for one in answers] == [200, 200, 429]
    assert all(one.headers["X-Ratelimit-Bucket"] == "bearer" for one in answers)
