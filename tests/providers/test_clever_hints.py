"""What Clever's events hint at."""

from typing import Any

import pytest

from tests.providers.recorded_replies import recorded
from webapp.providers.clever.hints import EventData, EventObject, EventRow, Hints
from webapp.providers.clever.records import Listing

ID = "5f0000010000000000000{}".format


def hints(*events: EventRow) -> Hints:
    told = Hints()
    for event in events:
        told.add(event)
    return told


def event(type_: str, before: dict[str, Any] | None = None, **changed: Any) -> EventRow:
    return EventRow("e", type=type_, data=EventData(EventObject(**{"id": "x"} | changed), before))


def people(*events: EventRow) -> set[str]:
    return hints(*events).people


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("times", [1, 2])
def test_a_batch_of_events_hints_at_what_changed_in_any_order_and_number(turn: int, times: int) -> None:
    events = [one.data for one in recorded("clever_events_v30", Listing[EventRow]).data][::turn]
    told = hints(*events * times)
    assert told.clear
    assert told.sections == {ID(201), ID(202), ID(203)}
    assert told.people == {ID("001"), ID("008"), ID("010")}
    assert told.around == {ID(401), ID(301)}


@pytest.mark.parametrize(
    "before",
    [
        {"ext": {"bus": "9"}},
        {"last_modified": "2026-08-01T00:00:00.000Z", "lms_status": {"synced_in_lms": False}},
        {"name": {"middle": "X"}, "roles": {"student": {"gender": "M"}, "contact": {"phone": "1"}}},
        {"roles": {"district_admin": {"title": "Head"}}},
    ],
)
def test_an_update_of_what_we_do_not_read_is_no_hint(before: dict[str, Any]) -> None:
    assert not people(event("users.updated", before, roles={"student": {}, "district_admin": {}}))


@pytest.mark.parametrize(
    "before",
    [
        None,
        {},
        {"email": ""},
        {"email": None},
        {"name": {"last": "B"}},
        {"name": None},
        {"roles": {"student": {"schools": []}}},
        {"roles": {"staff": None}},
        {"roles": {}},
    ],
)
def test_an_update_of_what_we_read_or_of_nobody_knows_what_is_a_hint(before: dict[str, Any] | None) -> None:
    assert people(event("users.updated", before, roles={"student": {}, "staff": {}})) == {"x"}


def test_a_role_that_came_or_went_is_a_hint() -> None:
    was_admin = {"roles": {"district_admin": {"title": "Head"}}}
    assert people(event("users.updated", was_admin, roles={"teacher": {}})) == {"x"}
    was_none = {"roles": {"district_admin": None}}
    assert people(event("users.updated", was_none, roles={"teacher": {}, "district_admin": {}})) == {"x"}


@pytest.mark.parametrize("action", ["created", "updated", "deleted"])
def test_contacts_are_nobody(action: str) -> None:
    assert not people(event(f"users.{action}", {"email": "a"}, roles={"contact": {}}))
    assert people(event(f"users.{action}", {"email": "a"}, roles={"contact": {}, "staff": {}})) == {"x"}
    assert people(event(f"users.{action}", {"email": "a"})) == {"x"}


@pytest.mark.parametrize(
    "type_", ["districts.updated", "resources.deleted", "students.created", "users.merged", "", "x"]
)
def test_other_types_are_no_hints(type_: str) -> None:
    told = hints(event(type_), EventRow("e", type=type_))
    assert told.clear and not told.sections | told.people | told.around


@pytest.mark.parametrize("type_", ["users.created", "sections.updated", "terms.deleted"])
def test_an_event_that_does_not_say_what_changed_makes_the_rest_unclear(type_: str) -> None:
    for odd in (EventRow("e", type=type_), event(type_, id=""), event(type_, id=None)):
        assert not hints(odd).clear


def test_where_the_older_values_stand_does_not_matter() -> None:
    outside = EventRow("e", type="sections.updated", data=EventData(EventObject("s")), previous_attributes={"ext": {}})
    assert not hints(outside).sections
    outside.previous_attributes = {"students": []}
    assert hints(outside).sections == {"s"}
