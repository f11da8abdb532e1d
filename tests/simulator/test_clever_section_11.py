"""Every behaviour that the reference on Clever asks of a simulator has something that plays it."""

from pathlib import Path

import pytest

from webapp.simulator.clever.doors import PRESSES, doors_of
from webapp.simulator.faults import KINDS
from webapp.simulator.moves import MOVES
from webapp.simulator.switches import shown

HERE = Path(__file__).parent
ALWAYS = "always"
"""What the plain service does by itself, with the test that shows it."""

ROWS: dict[str, dict[str, str]] = {
    # sign-in
    "portal launch without state": {ALWAYS: "test_a_portal_launch_brings_a_code_and_no_state"},
    "launch as somebody else while one is signed in": {
        ALWAYS: "test_a_launch_as_somebody_else_replaces_who_is_signed_in"
    },
    "replayed code": {ALWAYS: "test_a_code_is_redeemed_once"},
    "expired code": {ALWAYS: "test_a_code_dies_of_age"},
    "foreign client's code": {ALWAYS: "test_a_code_is_bound_to_client_address_and_challenge"},
    "user token expires": {"switch": "clever_user_token_seconds"},
    "wrong id_token": {"switch": "clever_wrong_token"},
    # paging
    "page size forced to 1 to 3": {"switch": "clever_page_cap"},
    "stray prev to an empty page": {ALWAYS: "test_an_answer_to_starting_after_has_a_prev_that_may_lead_to_nothing"},
    "next with extra parameters": {"switch": "clever_next_with_more"},
    "object deleted between pages": {"switch": "clever_delete_at_list"},
    "same record twice in a page": {"switch": "clever_doubled_records"},
    # fields
    "key absent, empty or null": {"switch": "clever_no_value"},
    "extra unknown keys": {"switch": "clever_extra_keys"},
    "shuffled key order": {"switch": "clever_shuffled_keys"},
    # people
    "two users with one email": {"move": "contact_shares_email"},
    "user id change after sis_id change": {"move": "user_gets_new_id"},
    "merge of employees": {"move": "employees_merge"},
    "split of employees": {"move": "employee_splits"},
    "one user with two roles": {"move": "person_gets_role"},
    # sections
    "no teacher": {"move": "teachers_gone"},
    "teacher null while teachers is filled": {"switch": "clever_teacher_null"},
    "co-teachers": {"move": "co_teacher_added"},
    "primary swapped": {"move": "primary_swapped"},
    "students across schools": {"move": "student_from_elsewhere"},
    "renamed by Clever": {"switch": "clever_builds_names"},
    "150 students": {"move": "section_grows"},
    "zero students": {"move": "section_emptied"},
    "same name twice": {"move": "section_named_alike"},
    "somebody among the students who is none": {"move": "teacher_listed_as_student"},
    "a student whom nobody knows": {"switch": "clever_unknown_student"},
    # the year, and sharing
    "term deleted and re-made with a new id": {"move": "term_remade"},
    "rollover night": {"move": "rollover"},
    "un-share of a school": {"move": "school_unshared"},
    "re-share of a school": {"move": "school_reshared"},
    "sharing of single sections": {"move": "section_unshared"},
    # events
    "hole of more than 30 days": {"switch": "clever_feed_days"},
    "hole of any size": {"switch": "clever_feed_keeps"},
    "duplicate events": {"switch": "clever_feed_doubles"},
    "feed switched off": {"switch": "clever_feed"},
    "users.updated that only touches ext": {"move": "ext_touched"},
    # transport
    "401 mid-run": {"press": "rotate_clever_token", "fault": "status"},
    "404 as JSON": {ALWAYS: "test_errors_carry_their_words_in_the_key_asked_for"},
    "404 as HTML": {ALWAYS: "test_a_users_token_reads_its_own_record_and_no_lists"},
    "413": {ALWAYS: "test_a_page_holds_a_hundred_unless_a_limit_is_named"},
    "429 with an empty body and a Reset header": {"switch": "clever_rate_limit", "fault": "status"},
    "500": {"fault": "status"},
    "slow answer": {"fault": "slow"},
    "dropped connection at page n": {"fault": "drop"},
    # districts
    "paused": {"switch": "clever_state"},
    "pause announced": {"switch": "clever_pause_start"},
    "error": {"switch": "clever_error"},
    "pending": {"switch": "clever_state"},
    "before launch date": {"switch": "clever_launch_date"},
    "token rotated": {"press": "rotate_clever_token"},
    "disconnected": {"switch": "clever_connected"},
    "token list in pages": {"switch": "clever_token_list_cap"},
    "two districts with equal sis_ids": {ALWAYS: "test_two_districts_may_have_equal_sis_ids"},
}
"""The rows of its section 11, taken apart. Teachers of Clever Library come with the issue on people and licenses."""

WAYS = {
    "switch": {one.name for one in shown(doors_of(1))},
    "press": set(PRESSES),
    "move": set(MOVES),
    "fault": set(KINDS),
}


@pytest.mark.parametrize("row", ROWS)
def test_something_plays_it(row: str, all_test_names: set[str]) -> None:
    for way, name in ROWS[row].items():
        assert name in (all_test_names if way == ALWAYS else WAYS[way])


def test_every_oddity_is_off_at_first() -> None:
    settings = {one.name: one.value for one in shown(doors_of(1)) if one.value}
    assert settings == {
        "clever_connected": True,
        "clever_rate_limit": 1200,
        "clever_refused_as": "401",
        "clever_errors_say": "error",
        "clever_user_token_seconds": 7200,
        "clever_openid": True,
        "clever_state": "running",
        "clever_count": "paging",
        "clever_feed": True,
        "clever_feed_days": 30,
    }


@pytest.fixture(scope="module")
def all_test_names() -> set[str]:
    """The names of the tests of this folder."""
    return {line[4:].split("(")[0] for path in HERE.glob("test_*.py") for line in path.read_text().splitlines()}
