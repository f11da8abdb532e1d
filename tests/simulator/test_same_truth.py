"""The same district through Clever and through ClassLink."""

from typing import Any

import pytest

from tests.simulator.visitor import Shared
from webapp.simulator.clever.records import grade_word


@pytest.fixture(params=["tiny", "demo"])
def shared(request: pytest.FixtureRequest) -> Shared:
    """A district that both services tell of."""
    found: Shared = request.getfixturevalue(request.param)
    return found


def test_both_services_tell_the_same_sections(shared: Shared) -> None:
    truth = {name: {one["clever_id"]: one for one in shared.truth()[name]} for name in ("schools", "terms", "courses")}
    clever = {
        (
            *(one["name"], one["period"], one["section_number"], one["subject"], one["grade"]),
            truth["courses"][one["course"]]["sourced_id"],
            truth["terms"][one["term_id"]]["sourced_id"],
            truth["schools"][one["school"]]["sourced_id"],
        )
        for one in shared.clever_all("sections")
    }
    classlink = {
        (
            *(one["title"], one["periods"][0], one["classCode"], one["subjects"][0], grade_word(one["grades"][0])),
            one["course"]["sourcedId"],
            one["terms"][0]["sourcedId"],
            one["school"]["sourcedId"],
        )
        for one in shared.roster_all("classes")
    }
    assert clever == classlink
    assert len(clever) == len(shared.truth()["sections"])


def test_both_services_tell_the_same_people(shared: Shared) -> None:
    ids = {one["clever_id"]: one["sourced_id"] for one in shared.truth()["people"]}

    def clever_number(person: dict[str, Any]) -> str:
        role = next(iter(person["roles"].values()))
        return str(role.get("student_number") or role.get("teacher_number") or role.get("staff_id") or "")

    everybody = [one for one in shared.clever_all("users") if "contact" not in one["roles"]]
    clever = {
        (
            *(ids[one["id"]], one["name"]["first"], one["name"]["last"], one["email"], clever_number(one)),
            one["roles"].get("student", {}).get("grade", ""),
        )
        for one in everybody
    }
    classlink = {
        (
            *(one["sourcedId"], one["givenName"], one["familyName"], one["email"], one["identifier"]),
            grade_word("".join(one["grades"])),
        )
        for one in shared.roster_all("users")
        if one["role"] != "guardian"
    }
    assert clever == classlink


def test_both_services_tell_the_same_rosters(shared: Shared) -> None:
    truth = shared.truth()
    people = {one["clever_id"]: one["sourced_id"] for one in truth["people"]}
    sections = {one["clever_id"]: one["sourced_id"] for one in truth["sections"]}
    clever = set()
    for one in shared.clever_all("sections"):
        clever |= {(sections[one["id"]], people[who], "student", False) for who in one["students"]}
        clever |= {(sections[one["id"]], people[who], "teacher", who == one["teacher"]) for who in one["teachers"]}
    classlink = {
        (one["class"]["sourcedId"], one["user"]["sourcedId"], one["role"], one["primary"] == "true")
        for one in shared.roster_all("enrollments")
    }
    told = {
        (one["section_sourced_id"], one["person_sourced_id"], one["role"], one["primary"])
        for one in truth["enrollments"]
    }
    assert clever == classlink == told


def test_both_services_tell_the_same_schools_and_terms(shared: Shared) -> None:
    schools = {(one["name"], one["nces_id"]) for one in shared.clever_all("schools")}
    assert schools == {(one["name"], one["identifier"]) for one in shared.roster_all("schools")}
    terms = {(one["name"], one["start_date"], one["end_date"]) for one in shared.clever_all("terms")}
    assert terms == {(one["title"], one["startDate"], one["endDate"]) for one in shared.roster_all("terms")}


def test_private_details_stand_where_the_services_put_them(tiny: Shared) -> None:
    student = tiny.clever_all("users?role=student")[0]["roles"]["student"]
    assert "canary" in student["location"]["address"]
    assert student["dob"].count("/") == 2
    user = tiny.roster_all("students")[0]
    assert all("canary" in user[field] for field in ("password", "phone", "sms"))
    assert tiny.roster_all("demographics")[0]["birthDate"]
