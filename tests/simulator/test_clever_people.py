"""Clever's users: one with several roles, ids that change, e-mails that prove nothing."""

import pytest

from tests.simulator.visitor import Caller, Shared, answer_of
from tests.simulator.walking import set_switches


@pytest.mark.parametrize("role", ["staff", "district_admin"])
def test_somebody_of_two_roles_is_one_user_in_both_lists(tiny: Shared, role: str) -> None:
    happened = tiny.caller.move(tiny.number, "person_gets_role", to=role)
    everybody = [one for one in tiny.clever_all("users") if one["id"] == happened["person"]]
    assert [list(one["roles"]) for one in everybody] == [["teacher", role]]
    for listed in ("teacher", role):
        assert happened["person"] in {one["id"] for one in tiny.clever_all(f"users?role={listed}")}
    assert len(tiny.clever_all("users")) + 1 == len(tiny.truth()["people"])


def test_employees_of_one_email_are_one_user_until_it_changes(tiny: Shared) -> None:
    before = {one["id"]: one for one in tiny.clever_all("users")}
    merged = tiny.caller.move(tiny.number, "employees_merge")
    after = {one["id"]: one for one in tiny.clever_all("users")}
    assert before.keys() - after.keys() == {merged["merged"]}
    kept = after[merged["person"]]
    assert kept["email"] == before[merged["person"]]["email"]
    assert set(kept["roles"]) == {*before[merged["person"]]["roles"], *before[merged["merged"]]["roles"]}
    links = {one["rel"] for one in tiny.clever(f"users/{merged['person']}")["links"]}
    assert {"sections", "myStudents", "schools"} <= links

    split = tiny.caller.move(tiny.number, "employee_splits")
    assert split["person"] not in before
    parted = tiny.clever(f"users/{split['person']}")["data"]
    assert parted["roles"].keys() == before[merged["merged"]]["roles"].keys()
    assert parted["email"] != kept["email"]
    assert tiny.clever(f"users/{merged['person']}")["data"]["roles"] == before[merged["person"]]["roles"]


def test_students_and_contacts_are_never_merged(tiny: Shared) -> None:
    student = tiny.clever_all("users?role=student")[0]["id"]
    contact = tiny.clever_all("users?role=contact")[0]["id"]
    teacher = tiny.clever_all("users?role=teacher")[0]["id"]
    for wish in ({"person": teacher, "to": contact}, {"person": student}, {"person": teacher, "to": teacher}):
        refused = tiny.caller.ask(
            "POST", f"/sandbox/districts/{tiny.number}/moves", json={"move": "employees_merge"} | wish
        )
        assert refused.status == 400


def test_a_teacher_who_is_a_parent_is_two_users_of_one_email(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "contact_shares_email")
    teacher, contact = (tiny.clever(f"users/{happened[one]}")["data"] for one in ("person", "contact"))
    assert teacher["email"] == contact["email"]
    assert (list(teacher["roles"]), list(contact["roles"])) == (["teacher"], ["contact"])


def test_a_changed_sis_id_makes_somebody_new_in_the_same_sections(tiny: Shared) -> None:
    happened = tiny.caller.move(tiny.number, "user_gets_new_id")
    assert tiny.caller.ask("GET", f"/clever-api/v3.1/users/{happened['before']}", token=tiny.clever_token).status == 404
    assert tiny.clever_all(f"users/{happened['person']}/sections")
    assert all(happened["before"] not in one["students"] for one in tiny.clever_all("sections"))


def test_who_is_merged_signs_in_as_the_one_user(tiny: Shared, caller: Caller) -> None:
    merged = caller.move(tiny.number, "employees_merge")
    for person, kind in ((merged["person"], "teacher"), (merged["merged"], "staff")):
        answer = caller.exchange_clever(caller.code("clever", person)).json()
        assert caller.get("/clever-api/v3.0/me", token=answer["access_token"])["data"]["id"] == merged["person"]
        told = caller.get("/clever-api/userinfo", token=answer["access_token"])
        assert (told["sub"], told["multi_role_user_id"]) == (merged["person"], merged["person"])
        assert told["user_type"] == kind or person == merged["merged"]
        assert told["user_id"] != told["sub"]


def test_me_may_tell_a_role_as_its_type(tiny: Shared, caller: Caller) -> None:
    student = tiny.clever_all("users?role=student")[0]["id"]
    token = caller.exchange_clever(caller.code("clever", student)).json()["access_token"]
    assert caller.get("/clever-api/v3.1/me", token=token)["type"] == "user"
    set_switches(tiny, clever_me_tells_role=True)
    me = caller.get("/clever-api/v3.1/me", token=token)
    assert (me["type"], me["data"]["type"]) == ("student", "student")
    assert "name" not in me["data"]


def test_a_users_token_may_not_page_and_dies_of_age(tiny: Shared, caller: Caller) -> None:
    teacher = tiny.clever_all("users?role=teacher")[0]["id"]
    set_switches(tiny, clever_user_token_seconds=60)
    token = caller.exchange_clever(caller.code("clever", teacher)).json()["access_token"]
    own = f"/clever-api/v3.1/users/{teacher}"
    assert caller.get(own, token=token)["data"]["id"] == teacher
    refused = caller.ask("GET", f"{own}?limit=5", token=token)
    assert (refused.status, refused.headers["Content-Type"].split(";")[0]) == (404, "text/html")
    assert caller.get("/clever/oauth/tokeninfo", token=token)["scopes"] == ["read:user_id"]
    set_switches(tiny, clever_user_token_seconds=-1)
    old = caller.exchange_clever(caller.code("clever", teacher)).json()["access_token"]
    for path in (own, "/clever-api/userinfo", "/clever/oauth/tokeninfo"):
        assert caller.ask("GET", path, token=old).status == 401


def test_whoever_is_not_shared_is_not_found_with_their_own_token(tiny: Shared, caller: Caller) -> None:
    student = tiny.clever_all("users?role=student")[0]["id"]
    token = caller.exchange_clever(caller.code("clever", student)).json()["access_token"]
    caller.move(tiny.number, "school_unshared")
    assert caller.get("/clever-api/v3.1/me", token=token)["data"]["id"] == student
    assert caller.ask("GET", f"/clever-api/v3.1/users/{student}", token=token).status == 404


def test_a_launch_as_somebody_else_replaces_who_is_signed_in(tiny: Shared, caller: Caller) -> None:
    first, second = (one["id"] for one in tiny.clever_all("users?role=student")[:2])
    caller.session("clever", first)
    launched = answer_of(caller.form("/clever/portal", person=second))
    assert "state" not in launched
    again = answer_of(caller.authorize("clever"))
    for code in (launched["code"], again["code"]):
        token = caller.exchange_clever(code).json()["access_token"]
        assert caller.get("/clever-api/v3.1/me", token=token)["data"]["id"] == second
