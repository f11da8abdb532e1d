"""What becomes of a district at Clever: paused, failed, not launched, rotated, disconnected, shared in part."""

from datetime import date, timedelta

import pytest

from tests.simulator.visitor import Caller, Shared, answer_of, basic
from tests.simulator.walking import answers, set_switches, walk

CLIENT = basic("clever-sandbox-client", "clever-sandbox-secret")


def district(shared: Shared) -> dict[str, str]:
    """The district's own record."""
    found: dict[str, str] = shared.clever("districts")["data"][0]["data"]
    return found


@pytest.mark.parametrize("state", ["running", "pending", "error", "success", "paused"])
def test_the_district_tells_its_state_and_stays_readable(tiny: Shared, state: str) -> None:
    set_switches(
        tiny, clever_state=state, clever_error="Too many rows are gone.", clever_last_sync="2026-01-02T03:04:05.000Z"
    )
    told = district(tiny)
    assert (told["state"], told["error"]) == (state, "Too many rows are gone.")
    assert told["last_sync"] == "2026-01-02T03:04:05.000Z"
    assert tiny.clever_all("users")


def test_a_pause_freezes_the_data_but_not_the_sharing(tiny: Shared) -> None:
    start, end = "2026-06-01T00:00:00.000Z", "2026-08-12T00:00:00.000Z"
    set_switches(tiny, clever_state="paused", clever_pause_start=start, clever_pause_end=end)
    assert (district(tiny)["pause_start"], district(tiny)["pause_end"]) == (start, end)
    before = tiny.clever_all("sections")
    tiny.caller.move(tiny.number, "student_joins", section=before[1]["id"])
    tiny.caller.move(tiny.number, "section_renamed", section=before[1]["id"])
    assert tiny.clever_all("sections") == before
    tiny.caller.move(tiny.number, "section_unshared", section=before[0]["id"])
    assert tiny.clever_all("sections") == before[1:]
    kinds = {row["data"]["type"] for row in tiny.clever("events?limit=10000")["data"]}
    assert "sections.deleted" in kinds and "sections.updated" not in kinds
    set_switches(tiny, clever_state="running")
    assert tiny.clever_all("sections") != before[1:]
    kinds = {row["data"]["type"] for row in tiny.clever("events?limit=10000")["data"]}
    assert {"sections.updated", "users.created"} <= kinds


def test_before_the_launch_date_nobody_signs_in_but_the_data_are_there(tiny: Shared, caller: Caller) -> None:
    teacher = tiny.clever_all("users?role=teacher")[0]["id"]
    launch = (date.today() + timedelta(days=3)).isoformat()
    set_switches(tiny, clever_launch_date=launch)
    caller.session("clever", teacher)
    for answer in (
        caller.authorize("clever"),
        caller.form("/clever/portal"),
        caller.ask("GET", "/clever/oauth/instant-login"),
    ):
        assert (answer.status, answer.headers["Content-Type"].split(";")[0]) == (400, "text/html")
    assert district(tiny)["launch_date"] == launch
    set_switches(tiny, clever_launch_date=date.today().isoformat())
    assert answer_of(caller.authorize("clever"))["code"]


@pytest.mark.parametrize("status", ["401", "403", "404"])
@pytest.mark.parametrize("end", [{"rotate_clever_token": True}, {"clever_connected": False}])
def test_a_token_that_was_good_is_refused_in_the_way_asked_for(tiny: Shared, end: dict[str, bool], status: str) -> None:
    token = tiny.clever_token
    set_switches(tiny, clever_refused_as=status, **end)
    for path in ("/clever-api/v3.1/users", "/clever/oauth/tokeninfo"):
        assert tiny.caller.ask("GET", path, token=token).status == int(status)


def test_a_disconnected_district_leaves_the_list_and_comes_back(tiny: Shared, caller: Caller) -> None:
    def listed() -> set[str]:
        rows = caller.ask("GET", "/clever/oauth/tokens?owner_type=district", headers=CLIENT).json()["data"]
        return {row["owner"]["id"] for row in rows}

    owner = district(tiny)["id"]
    assert owner in listed()
    set_switches(tiny, clever_connected=False)
    assert owner not in listed()
    set_switches(tiny, clever_connected=True)
    assert owner in listed()


def test_the_token_list_may_page(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/districts", seed=7, size="tiny")
    whole = caller.ask("GET", "/clever/oauth/tokens?owner_type=district", headers=CLIENT).json()["data"]
    set_switches(tiny, clever_token_list_cap=1)
    rows, uri = [], "/oauth/tokens?owner_type=district"
    while uri:
        page = caller.ask("GET", f"/clever{uri}", headers=CLIENT).json()
        rows += page["data"]
        uri = next((one["uri"] for one in page["links"] if one["rel"] == "next"), "")
    set_switches(tiny, clever_token_list_cap=0)
    assert rows == whole
    assert len(rows) > 2


def test_two_districts_may_have_equal_sis_ids(tiny: Shared, caller: Caller) -> None:
    other = Shared(caller, caller.post("/sandbox/districts", seed=7, size="tiny")["number"])
    ids = [{one["id"]: one["sis_id"] for one in shared.clever_all("sections")} for shared in (tiny, other)]
    people = [
        {one["roles"]["student"]["sis_id"] for one in shared.clever_all("users?role=student")}
        for shared in (tiny, other)
    ]
    assert not ids[0].keys() & ids[1].keys()
    assert set(ids[0].values()) == set(ids[1].values())
    assert people[0] == people[1]


def test_without_secure_sync_only_the_district_is_read(tiny: Shared) -> None:
    set_switches(tiny, clever_without_secure_sync=True)
    assert district(tiny)["name"]
    assert {answers(tiny, path)[0] for path in ("users", "sections", "events", "schools")} == {404}


def test_a_school_that_is_not_shared_is_nowhere_until_it_is_again(caller: Caller) -> None:
    shared = Shared(caller, caller.post("/sandbox/districts", seed=9, size="demo")["number"])
    names = ("schools", "sections", "users", "courses", "terms")
    before = {name: walk(shared, f"{name}?limit=10000") for name in names}
    school = before["schools"][0]
    own = set(walk(shared, f"schools/{school}/users?limit=10000"))
    caller.move(shared.number, "school_unshared", school=school)
    assert answers(shared, f"schools/{school}")[0] == 404
    assert not own & set(walk(shared, "users?limit=10000"))
    assert all(one["school"] != school for one in shared.clever_all("sections"))
    assert len(walk(shared, "courses?limit=10000")) < len(before["courses"])
    wards = {ward["student"] for one in shared.clever_all("users?role=contact") for ward in relations(one)}
    assert wards and not wards & own
    caller.move(shared.number, "school_reshared")
    assert {name: walk(shared, f"{name}?limit=10000") for name in names} == before


def relations(contact: dict[str, dict[str, dict[str, list[dict[str, str]]]]]) -> list[dict[str, str]]:
    """Whose contact somebody is."""
    return contact["roles"]["contact"]["student_relationships"]


def test_after_the_rollover_sections_and_terms_are_new_and_people_are_not(tiny: Shared) -> None:
    names = ("sections", "terms", "users", "courses", "schools")
    before = {name: set(walk(tiny, name)) for name in names}
    tiny.caller.move(tiny.number, "rollover")
    after = {name: set(walk(tiny, name)) for name in names}
    for name in ("sections", "terms"):
        assert len(after[name]) == len(before[name])
        assert not after[name] & before[name]
    assert [after[name] for name in names[2:]] == [before[name] for name in names[2:]]
    for one in tiny.clever_all("sections"):
        assert one["term_id"] in after["terms"]
        assert one["students"] and one["teacher"]
    ids = {one["sourced_id"] for one in tiny.truth()["enrollments"]}
    assert ids == {one["sourcedId"] for one in tiny.roster_all("enrollments")}


def test_a_term_is_made_anew_and_its_sections_follow(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "term_remade")
    assert answers(tiny, f"terms/{happened['before']}")[0] == 404
    terms = {one["term_id"] for one in tiny.clever_all("sections")}
    assert happened["before"] not in terms
    assert answers(tiny, f"terms/{happened['term']}")[0] == 200
