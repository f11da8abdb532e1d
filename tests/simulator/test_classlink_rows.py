"""Each behaviour of ClassLink and its roster servers that an application has to survive, and what plays it here."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tests.simulator.switching import switch
from tests.simulator.visitor import Shared
from webapp.simulator.classlink.doors import PRESSES, ClassLinkDoors
from webapp.simulator.faults import KINDS
from webapp.simulator.moves import MOVES

ROWS: dict[str, dict[str, str]] = {
    "1 tenants": {
        "two tenants with the same sourced ids": "test: a_twin_has_the_same_sourced_ids_and_other_people",
        "one without sourced ids": "switch: classlink_without_sourced_ids",
        "one with enabled false": "switch: classlink_enabled",
        "one absent": "switch: classlink_listed",
        "more than 100 tenants": "switch: classlink_more_tenants",
        "a tenant's status": "switch: classlink_tenant_status",
    },
    "2 /applications": {
        "no count headers": "test: applications_need_the_partner_key_and_page_without_counts",
        "encoded ids, checked byte for byte": "test: the_application_id_goes_into_the_path_as_it_is",
        "capped pages": "switch: classlink_applications_cap",
        "an offset that is ignored": "switch: classlink_applications_ignore_offset",
        "one object in place of the list": "switch: classlink_applications_as_object",
        "a bearer that is null": "switch: classlink_bearer_null",
    },
    "3 bearers": {
        "rotation": "press: rotate_classlink_bearer",
        "a true refusal with the same bearer": "switch: classlink_refuses",
    },
    "4 pages": {
        "collections longer than a page": "switch: classlink_page_cap",
        "an exact multiple of the limit": "test: a_collection_that_ends_with_a_page_is_followed_by_an_empty_one",
        "limits that are too large": "switch: oneroster_refuses_large_limits",
        "a short or missing count": "switch: oneroster_counts",
        "a change in mid-pull": "switch: oneroster_changes_after",
        "revisions that say too much or too little": "switch: oneroster_revision",
        "429, 500": "fault: status",
        "502 on big pages": "switch: oneroster_heavy_page",
        "slow": "fault: slow",
        "HTML": "fault: html",
        "200 with an error body": "fault: error_body",
        "the roster server's own refusals with status 200": "switch: oneroster_errors",
    },
    "5 sharing rules": {
        "students of a visible class hidden": "switch: oneroster_hides_students_of",
        "a teacher hidden": "switch: oneroster_hides_teacher",
        "a whole school hidden": "switch: oneroster_hides_school",
        "people without classes hidden": "switch: oneroster_hides_unenrolled",
        "fields hidden": "switch: oneroster_hides_fields",
        "demographics hidden": "switch: oneroster_hides_demographics",
        "enrollments that name the hidden": "switch: oneroster_dangling",
        "names masked": "switch: oneroster_masks",
    },
    "6 deletions and ids": {
        "tobedeleted, absence, enabledUser false": "switch: oneroster_deletes_as",
        "somebody leaves": "move: person_removed",
        "a sourced id reused": "move: sourced_id_reused",
        "another sourced id for a user name": "move: sourced_id_changed",
    },
    "7 records": {
        "hrefs to another host": "test: flags_are_words_and_references_point_elsewhere",
        "strings for booleans, and all else": "switch: oneroster_flags",
        "empty strings, missing keys, null references": "switch: oneroster_empties",
        "unknown role words and ext: values": "switch: oneroster_role_words",
        "the roles array of 1.2": "switch: oneroster_roles",
        "teachers in a student list": "switch: oneroster_teachers_among_students",
        "two primary teachers": "switch: oneroster_all_primary",
        "lists as one text": "switch: oneroster_lists_as_text",
        "only current classes of a teacher": "switch: oneroster_current_classes_only",
    },
    "8 sign-in": {
        "no nbf": "test: classlinks_id_token_is_signed_and_has_no_nbf",
        "wrong id_tokens": "switch: classlink_id_token",
        "OrgId as text and as list": "switch: classlink_org_id",
        "Role missing or many": "switch: classlink_role",
        "ids as texts": "switch: classlink_ids_as_text",
        "a tile login without state": "test: a_portal_launch_brings_a_code_and_no_state",
        "a code used twice": "test: a_code_is_redeemed_once",
        "a code after five minutes": "test: a_code_dies_of_age",
        "a refusal with or without state": "switch: classlink_refusal_with_state",
    },
    "9 classes": {
        "the same title twice": "move: section_named_alike",
        "an empty class code": "move: class_code_emptied",
        "two terms": "move: class_in_two_terms",
        "no teacher": "move: teachers_gone",
        "dates in the past": "move: enrollment_ended",
        "dates in the future": "move: enrollment_not_begun",
        "two primary teachers in truth": "move: second_primary_teacher",
    },
    "10 the year": {
        "rollover": "move: rollover",
        "blackout": "switch: oneroster_blackout",
        "an empty collection for a night": "switch: oneroster_empty_collection",
        "rows restamped by an import": "switch: oneroster_restamps",
        "filters ignored": "switch: oneroster_filters_ignored",
        "unknown parents": "switch: oneroster_unknown_parent",
    },
}
"""Row -> behaviour -> the switch, press, move or fault that plays it, or the test of what is always so."""

SWITCHES = {one.name for one in fields(ClassLinkDoors) if "says" in one.metadata}
TESTS = {
    name for path in Path(__file__).parent.glob("test_*.py") for name in re.findall(r"def test_(\w+)", path.read_text())
}
KNOWN = {"switch": SWITCHES, "press": set(PRESSES), "move": set(MOVES), "fault": set(KINDS), "test": TESTS}
PLAYS = [play.split(": ") for row in ROWS.values() for play in row.values()]


@pytest.mark.parametrize(("kind", "name"), PLAYS)
def test_every_behaviour_is_played(kind: str, name: str) -> None:
    assert name in KNOWN[kind]


def test_every_switch_and_press_is_in_the_table() -> None:
    named = {name for kind, name in PLAYS if kind in ("switch", "press")}
    assert named == SWITCHES | set(PRESSES)


def test_every_switch_stands_on_the_page_with_its_sentence_and_is_off(tiny: Shared) -> None:
    page = tiny.caller.ask("GET", f"/?district={tiny.number}").data.decode()
    for name in SWITCHES | set(PRESSES):
        assert f'name="{name}"' in page
    on = {one.name for one in fields(ClassLinkDoors) if "says" in one.metadata and one.default}
    assert on == {"classlink_enabled", "classlink_listed", "classlink_tenant_status"}


def test_every_choice_of_every_switch_can_be_set_and_read_with(tiny: Shared) -> None:
    for one in fields(ClassLinkDoors):
        for choice in one.metadata.get("choices", ()):
            switch(tiny, **{one.name: choice})
            assert tiny.roster_answer("users").status == (int(choice) if choice.isdigit() else 200)
        if one.metadata.get("choices"):
            switch(tiny, **{one.name: ""})


def test_every_move_can_be_pressed_on_the_page(tiny: Shared) -> None:
    page = tiny.caller.ask("GET", f"/?district={tiny.number}").data.decode()
    for name in MOVES:
        assert f'value="{name}"' in page
    happen = f"/sandbox/districts/{tiny.number}/happen"
    assert tiny.caller.form(happen, move="sourced_id_changed", section="", name="pressed").status == 303
    assert "pressed" in [one["sourced_id"] for one in tiny.truth()["people"]]
