"""ClassLink's roster proxy and the OneRoster 1.1 behind it."""

from urllib.parse import quote

import pytest

from tests.simulator.visitor import Caller, Shared

COLLECTIONS = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics")


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("limit", [1, 3, 5])
def test_pages_of_any_size_make_up_the_whole(tiny: Shared, collection: str, limit: int) -> None:
    whole = [one["sourcedId"] for one in tiny.roster_all(collection)]
    found: list[str] = []
    while True:
        answer = tiny.roster_answer(f"{collection}?limit={limit}&offset={len(found)}&sort=sourcedId")
        page = [one["sourcedId"] for one in answer.json()[collection]]
        assert answer.headers["x-count"] == str(len(page))
        assert answer.headers["x-total-count"] == str(len(whole))
        found += page
        if not page:
            break
    assert found == sorted(whole)


def test_a_page_holds_a_hundred_unless_a_limit_is_named(demo: Shared) -> None:
    assert len(demo.roster("users")["users"]) == 100
    assert demo.roster_answer("users?limit=0").status == 400


@pytest.mark.parametrize(
    ("path", "key"),
    [("schools", "orgs"), ("teachers", "users"), ("students", "users"), ("terms", "academicSessions")],
)
def test_envelopes_are_named_after_the_object_type(tiny: Shared, path: str, key: str) -> None:
    records = tiny.roster(path)[key]
    assert records
    one = tiny.roster(f"{path}/{quote(records[0]['sourcedId'])}")
    assert next(iter(one.values())) == records[0]


def test_nested_reads_agree_with_the_enrollments(tiny: Shared) -> None:
    enrollments = tiny.roster_all("enrollments")
    for section in tiny.roster_all("classes"):
        own = [one for one in enrollments if one["class"]["sourcedId"] == section["sourcedId"]]
        school = section["school"]["sourcedId"]
        for what in ("students", "teachers"):
            people = {one["user"]["sourcedId"] for one in own if one["role"] == what[:-1]}
            found = tiny.roster_all(f"classes/{section['sourcedId']}/{what}")
            assert {one["sourcedId"] for one in found} == people
            assert tiny.roster_all(f"schools/{school}/classes/{section['sourcedId']}/{what}") == found
        assert tiny.roster_all(f"schools/{school}/classes/{section['sourcedId']}/enrollments") == own
        teacher = quote(next(one["user"]["sourcedId"] for one in own if one["role"] == "teacher"))
        assert section in tiny.roster_all(f"teachers/{teacher}/classes")


@pytest.mark.parametrize("nested", ["terms", "courses", "classes", "enrollments", "students", "teachers"])
def test_a_schools_lists_are_not_empty(tiny: Shared, nested: str) -> None:
    school = tiny.roster_all("schools")[0]["sourcedId"]
    assert tiny.roster_all(f"schools/{school}/{nested}")


@pytest.mark.parametrize("path", ["classes/nothing", "classes/nothing/students", "nothing", "terms/x/y/z"])
def test_what_is_not_there_is_a_404_with_a_status_object(tiny: Shared, path: str) -> None:
    answer = tiny.roster_answer(path)
    assert (answer.status, answer.json()["imsx_codeMajor"]) == (404, "failure")


def test_filters_select(tiny: Shared) -> None:
    users = tiny.roster_all("users")

    def ids(text: str) -> set[str]:
        return {one["sourcedId"] for one in tiny.roster(f"users?limit=10000&filter={quote(text)}")["users"]}

    teachers = {one["sourcedId"] for one in users if one["role"] == "teacher"}
    administrators = {one["sourcedId"] for one in users if one["role"] == "administrator"}
    assert ids("role='teacher'") == teachers
    assert ids("role='teacher' OR role='administrator'") == teachers | administrators
    assert ids("role!='student' AND role!='guardian' AND role!='aide'") == teachers | administrators
    assert ids("dateLastModified>'2001-01-01T00:00:00.000Z'") == {one["sourcedId"] for one in users}
    assert ids("dateLastModified>'2999-01-01'") == set()
    plain = next(one for one in users if "'" not in one["familyName"])
    assert ids(f"familyName~'{plain['familyName'][1:].upper()}'") >= {plain["sourcedId"]}
    assert ids("grades~'09'") == {one["sourcedId"] for one in users if "09" in one["grades"]}
    assert tiny.roster_answer(f"users?filter={quote(chr(39).join(['nothing=', 'x', '']))}").status == 400
    assert tiny.roster_answer("users?filter=role").status == 400


def test_fields_select_and_unknown_ones_do_not(tiny: Shared) -> None:
    assert set(tiny.roster("users?fields=sourcedId,role")["users"][0]) == {"sourcedId", "role"}
    assert "familyName" in tiny.roster("users?fields=sourcedId,nothing")["users"][0]
    assert tiny.roster_answer("users?fields=").status == 400


def test_sorting_turns_round(tiny: Shared) -> None:
    names = [one["familyName"] for one in tiny.roster("users?limit=10000&sort=familyName&orderBy=desc")["users"]]
    assert names == sorted(names, reverse=True)
    assert tiny.roster("users?sort=nothing")["users"] == tiny.roster("users")["users"]


def test_flags_are_words_and_references_point_elsewhere(tiny: Shared) -> None:
    enrollment, user = tiny.roster_all("enrollments")[0], tiny.roster_all("users")[0]
    assert enrollment["primary"] in ("true", "false")
    assert user["enabledUser"] == "true"
    assert not enrollment["user"]["href"].startswith(tiny.caller.sandbox.url)


def test_the_application_id_goes_into_the_path_as_it_is(tiny: Shared, caller: Caller) -> None:
    row = tiny.application
    assert row["oneroster_application_id"].endswith("%3D")
    for spoilt in (row["oneroster_application_id"].replace("%", "%25"), row["oneroster_application_id"][:-3] + "="):
        path = f"/roster/{spoilt}/ims/oneroster/v1p1/users"
        assert caller.ask("GET", path, token=row["bearer"]).status == 404


def test_applications_need_the_partner_key_and_page_without_counts(tiny: Shared, caller: Caller) -> None:
    assert caller.ask("GET", "/roster/applications", token="wrong").status == 401
    page = caller.ask("GET", f"/roster/applications?limit=1&offset={tiny.number - 1}", token="sandbox-roster-key")
    assert [one["tenant_id"] for one in page.json()["applications"]] == [2000 + tiny.number]
    assert "x-total-count" not in page.headers
    path = f"/roster/applications/{tiny.application['oneroster_application_id']}/server"
    assert caller.get(path, token="sandbox-roster-key")["server"]["client_id"]


def test_a_rotated_bearer_is_refused_and_a_disabled_application_forbidden(tiny: Shared, caller: Caller) -> None:
    row = tiny.application
    path = f"/roster/{row['oneroster_application_id']}/ims/oneroster/v1p1/users"
    caller.post(f"/sandbox/districts/{tiny.number}/switches", rotate_classlink_bearer=True)
    assert caller.ask("GET", path, token=row["bearer"]).status == 401
    assert caller.ask("GET", path, token=tiny.application["bearer"]).status == 200
    caller.post(f"/sandbox/districts/{tiny.number}/switches", classlink_enabled=False)
    assert tiny.application["enabled"] == "false"
    assert tiny.roster_answer("users").status == 403


def test_the_revision_changes_with_the_data(tiny: Shared) -> None:
    before = tiny.roster_answer("users").headers["x-perm-rev"]
    assert tiny.roster_answer("classes").headers["x-perm-rev"] == before
    tiny.caller.move(tiny.number, "student_joins")
    assert tiny.roster_answer("users").headers["x-perm-rev"] != before


def test_a_capped_page_tells_the_true_total(tiny: Shared) -> None:
    tiny.caller.post(f"/sandbox/districts/{tiny.number}/switches", classlink_page_cap=2)
    answer = tiny.roster_answer("users?limit=10000")
    assert (answer.headers["x-count"], answer.headers["x-total-count"]) == ("2", str(len(tiny.truth()["people"])))
