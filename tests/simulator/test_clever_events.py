"""Clever's events: what is recorded of a district's changes, and how it is told."""

from typing import Any

import pytest

from tests.simulator.conftest import Clock
from tests.simulator.visitor import Shared
from tests.simulator.walking import link, set_switches

Event = dict[str, Any]


@pytest.fixture
def fed(tiny: Shared) -> Shared:
    """A district whose feed has begun."""
    tiny.clever("events")
    return tiny


def events(shared: Shared, query: str = "limit=10000", version: str = "v3.1") -> list[Event]:
    """The events as they stand in a list, without their envelopes."""
    answer = shared.caller.get(f"/clever-api/{version}/events?{query}", token=shared.clever_token)
    return [row["data"] for row in answer["data"]]


def types(shared: Shared, query: str = "limit=10000") -> list[str]:
    """The types of the events."""
    return [str(one["type"]) for one in events(shared, query)]


def test_nothing_is_recorded_while_nothing_happens(fed: Shared) -> None:
    answer = fed.clever("events")
    assert answer == {"data": [], "links": [{"rel": "self", "uri": "/v3.1/events?"}]}


def test_a_student_who_joins_is_a_sections_update_with_the_old_list(fed: Shared) -> None:
    section = fed.clever_all("sections")[0]
    happened = fed.caller.move(fed.number, "student_joins", section=section["id"])
    district, user, update = events(fed)
    assert (district["type"], user["type"], update["type"]) == (
        "districts.updated",
        "users.created",
        "sections.updated",
    )
    assert district["data"]["previous_attributes"].keys() == {"last_sync"}
    assert user["data"].keys() == {"object"}
    assert user["data"]["object"] == fed.clever(f"users/{happened['person']}")["data"]
    assert update["data"]["object"] == fed.clever(f"sections/{section['id']}")["data"]
    assert update["data"]["previous_attributes"]["students"] == section["students"]
    assert update["data"]["previous_attributes"].keys() == {"students", "last_modified"}


def test_ids_ascend_and_a_batch_has_one_moment_of_whole_seconds(fed: Shared) -> None:
    fed.caller.move(fed.number, "section_grows", to="30")
    found = events(fed)
    assert [one["id"] for one in found] == sorted({one["id"] for one in found})
    assert len({one["created"] for one in found}) == 1
    assert all(len(one["id"]) == 24 and one["created"].endswith(".000Z") for one in found)


def test_what_changed_is_nested_like_the_record(fed: Shared) -> None:
    happened = fed.caller.move(fed.number, "ext_touched")
    _, update = events(fed)
    assert update["type"] == "users.updated"
    assert update["data"]["previous_attributes"] == {"roles": {"student": {"ext": {"bus": None}}}}
    fed.caller.move(fed.number, "ext_touched", person=happened["person"])
    assert events(fed)[-1]["data"]["previous_attributes"] == {"roles": {"student": {"ext": {"bus": "route 1"}}}}


def test_gone_and_not_shared_look_alike_and_so_do_new_and_shared_again(fed: Shared) -> None:
    before = fed.clever_all("sections")[0]
    for gone, back in (("section_removed", "section_restored"), ("section_unshared", "section_reshared")):
        for move, kind in ((gone, "sections.deleted"), (back, "sections.created")):
            fed.caller.move(fed.number, move, section=before["id"])
            told = events(fed, "record_type=sections")[-1]
            assert (told["type"], told["data"]["object"]["id"]) == (kind, before["id"])
            assert told["data"].keys() == {"object"}


def test_a_role_added_is_an_update(fed: Shared) -> None:
    happened = fed.caller.move(fed.number, "person_gets_role", to="district_admin")
    _, update = events(fed)
    assert (update["type"], update["data"]["object"]["id"]) == ("users.updated", happened["person"])
    assert update["data"]["previous_attributes"]["roles"] == {"district_admin": None}


def test_switches_that_change_records_are_recorded_too(fed: Shared) -> None:
    set_switches(fed, clever_state="error", clever_error="The file of last night was empty.")
    (update,) = events(fed)
    assert update["type"] == "districts.updated"
    assert update["data"]["previous_attributes"].items() >= {"state": "running", "error": ""}.items()


def test_an_older_version_tells_only_what_it_knows(fed: Shared) -> None:
    fed.caller.move(fed.number, "student_joins")
    older, newer = events(fed, version="v3.0"), events(fed, version="v3.1")
    assert [one["id"] for one in older] == [one["id"] for one in newer]
    for one in older:
        assert not {"lms_status", "lms_type"} & one["data"]["object"].keys()
    assert "home_language" in newer[1]["data"]["object"]["roles"]["student"]
    assert "home_language" not in older[1]["data"]["object"]["roles"]["student"]


def test_events_page_like_everything_else_and_their_end_is_called_last(fed: Shared) -> None:
    fed.caller.move(fed.number, "section_grows", to="30")
    ids = [one["id"] for one in events(fed)]
    page = fed.clever(f"events?limit=4&starting_after={ids[2]}&record_type=users&record_type=sections")
    assert [row["data"]["id"] for row in page["data"]] == ids[3:7]
    assert "record_type=users&record_type=sections" in str(link(page, "next"))
    end = fed.clever("events?limit=2&ending_before=last")
    assert [row["data"]["id"] for row in end["data"]] == ids[-2:]
    assert fed.clever(f"events/{ids[0]}")["data"] == events(fed)[0]
    missing = fed.caller.ask("GET", "/clever-api/v3.1/events/none", token=fed.clever_token)
    assert missing.status == 404


def test_events_of_one_kind_or_one_school_can_be_asked_for(fed: Shared) -> None:
    fed.caller.move(fed.number, "student_from_elsewhere")
    assert set(types(fed)) == {"districts.updated", "schools.created", "users.created", "sections.updated"}
    assert set(types(fed, "record_type=users&record_type=schools")) == {"schools.created", "users.created"}
    far = next(one["data"]["object"]["id"] for one in events(fed) if one["type"] == "schools.created")
    assert types(fed, f"school={far}") == ["schools.created", "users.created"]


def test_what_happened_while_the_feed_was_off_never_appears(fed: Shared) -> None:
    fed.caller.move(fed.number, "section_renamed")
    set_switches(fed, clever_feed=False)
    fed.caller.move(fed.number, "student_joins")
    assert events(fed) == []
    set_switches(fed, clever_feed=True)
    fed.caller.move(fed.number, "student_leaves")
    assert types(fed).count("sections.updated") == 2
    assert "users.created" not in types(fed)


def test_events_go_after_thirty_days(fed: Shared, clock: Clock) -> None:
    fed.caller.move(fed.number, "student_joins")
    clock.ahead += 29 * 86_400
    assert events(fed)
    clock.ahead += 2 * 86_400
    assert not events(fed)
    clock.ahead -= 31 * 86_400
    assert events(fed)


def test_a_hole_can_be_torn_into_the_feed(fed: Shared) -> None:
    for _ in range(3):
        fed.caller.move(fed.number, "student_joins")
    whole = [one["id"] for one in events(fed)]
    set_switches(fed, clever_feed_keeps=2)
    assert [one["id"] for one in events(fed, f"starting_after={whole[0]}")] == whole[-2:]


def test_events_may_be_told_twice(fed: Shared) -> None:
    set_switches(fed, clever_feed_doubles="the same id")
    fed.caller.move(fed.number, "section_renamed")
    ids = [one["id"] for one in events(fed)]
    assert len(ids) == 2 * len(set(ids)) == 4
    set_switches(fed, clever_feed_doubles="two ids")
    fed.caller.move(fed.number, "section_renamed")
    last = events(fed)[-2:]
    assert last[0]["id"] != last[1]["id"]
    assert last[0]["data"] == last[1]["data"]
