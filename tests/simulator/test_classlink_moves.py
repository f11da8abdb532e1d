"""Odd classes and ids, as OneRoster tells them."""

from datetime import UTC, datetime

from tests.simulator.switching import ids
from tests.simulator.visitor import Shared


def today() -> str:
    """The day, as moves have it."""
    return datetime.now(UTC).date().isoformat()


def test_two_classes_of_a_teacher_get_the_same_title(tiny: Shared) -> None:
    done = tiny.caller.move(tiny.number, "section_named_alike")
    titles = {one["sourcedId"]: one["title"] for one in tiny.roster_all("classes")}
    assert list(titles.values()).count(titles[done["section_sourced_id"]]) == 2


def test_a_class_is_in_two_terms(tiny: Shared) -> None:
    section = tiny.caller.move(tiny.number, "class_in_two_terms")["section_sourced_id"]
    terms = [one["sourcedId"] for one in tiny.roster(f"classes/{section}")["class"]["terms"]]
    assert len(set(terms)) == 2
    assert all(section in ids(tiny, f"terms/{term}/classes") for term in terms)


def test_a_class_loses_its_teachers_and_keeps_its_students(tiny: Shared) -> None:
    section = tiny.caller.move(tiny.number, "teachers_gone")["section_sourced_id"]
    assert ids(tiny, f"classes/{section}/teachers") == []
    assert {one["role"] for one in tiny.truth()["enrollments"] if one["section"] == section} <= {"student"}


def test_a_class_has_two_primary_teachers(tiny: Shared) -> None:
    section = tiny.caller.move(tiny.number, "second_primary_teacher")["section_sourced_id"]
    rows = [one for one in tiny.roster_all("enrollments") if one["class"]["sourcedId"] == section]
    assert [one["primary"] for one in rows if one["role"] == "teacher"].count("true") == 2


def test_an_enrollment_ended_or_has_not_begun(tiny: Shared) -> None:
    for move, field in (("enrollment_ended", "endDate"), ("enrollment_not_begun", "beginDate")):
        done = tiny.caller.move(tiny.number, move)
        both = (done["section_sourced_id"], done["person_sourced_id"])
        rows = tiny.roster_all("enrollments")
        [row] = [one for one in rows if (one["class"]["sourcedId"], one["user"]["sourcedId"]) == both]
        assert (row[field] < today()) == (field == "endDate")
        assert row["dateLastModified"][:10] == today()


def test_a_sourced_id_passes_to_somebody_else(tiny: Shared) -> None:
    before = {one["sourcedId"]: one for one in tiny.roster_all("users")}
    done = tiny.caller.move(tiny.number, "sourced_id_reused", name="Nova Newcomer")
    after = tiny.roster(f"users/{done['person_sourced_id']}")["user"]
    old = before[done["person_sourced_id"]]
    assert (after["givenName"], after["familyName"]) == ("Nova", "Newcomer")
    assert after["username"] != old["username"]
    assert done["left"] != done["person"]
    assert len(ids(tiny, f"students/{done['person_sourced_id']}/classes")) == 1


def test_a_user_name_gets_another_sourced_id(tiny: Shared) -> None:
    before = {one["sourcedId"]: one for one in tiny.roster_all("users")}
    classes = {one: ids(tiny, f"students/{one}/classes") for one in ids(tiny, "students")}
    done = tiny.caller.move(tiny.number, "sourced_id_changed", name="another id|1")
    after = {one["sourcedId"]: one for one in tiny.roster_all("users")}
    assert before.keys() ^ after.keys() == {done["before"], "another id|1"}
    assert after["another id|1"]["username"] == before[done["before"]]["username"]
    assert ids(tiny, "students/another%20id%7C1/classes") == classes[done["before"]]
    tiny.clever_all("users")  # the other service goes on telling them


def test_a_new_school_year_makes_every_class_id_new(tiny: Shared) -> None:
    before = {name: set(ids(tiny, name)) for name in ("classes", "enrollments", "terms", "users")}
    tiny.caller.move(tiny.number, "rollover")
    after = {name: set(ids(tiny, name)) for name in before}
    assert all(not before[name] & after[name] for name in ("classes", "enrollments", "terms"))
    assert after["users"] == before["users"]
