"""Our Clever against the simulated one with its oddities on: whatever its manners, what is read is the truth."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.providers.at_sandbox import QUICK, At, enrolled, records
from webapp.providers.clever.service import Clever
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer
from webapp.providers.service import Access
from webapp.roster.records import Enrollment, Record, School, Section


def read(at: At) -> set[Record]:
    """The whole district, each record once."""
    found: list[Record] = []
    for page in at.reader("clever").whole(found.clear):
        found += page
    assert len(found) == len(set(found))
    return set(found)


def read_by_section(at: At) -> set[Record]:
    """The sections one by one, with what they need."""
    return set(records(at.reader("clever").sections([one["clever_id"] for one in at.truth()["sections"]])))


ODDITIES = [
    {"clever_page_cap": 3},
    {"clever_page_cap": 3, "clever_next_with_more": True},
    {"clever_doubled_records": True},
    {"clever_doubled_records": True, "clever_page_cap": 1},
    {"clever_no_value": "absent"},
    {"clever_no_value": "empty"},
    {"clever_no_value": "null"},
    {"clever_no_value": "mixed", "clever_extra_keys": True, "clever_shuffled_keys": True},
]


@pytest.mark.parametrize("oddity", ODDITIES, ids=str)
@pytest.mark.parametrize("way", [read, read_by_section])
def test_REL_1_no_oddity_changes_what_is_read(
    at: At, oddity: dict[str, object], way: Callable[[At], set[Record]]
) -> None:
    everything = way(at)
    at.switch(**oddity)
    assert everything and way(at) == everything


def test_the_older_version_gives_the_same_roster(at: At) -> None:
    older = Clever(at.settings.model_copy(update={"clever_api_version": "v3.0"}), QUICK)
    access = Access(at.district["clever"], older.district_token(at.district["clever"]))
    assert set(records(older.reader(access).whole())) == read(at)


def test_a_section_without_its_own_teacher_keeps_its_teachers(at: At) -> None:
    before = {replace(one, primary=False) if isinstance(one, Enrollment) else one for one in read(at)}
    at.switch(clever_teacher_null=True)
    assert read(at) == before


@pytest.mark.parametrize("at_list", range(1, 12))
def test_REL_28_a_record_that_is_deleted_under_the_pull_takes_nothing_else_with_it(at: At, at_list: int) -> None:
    at.switch(clever_page_cap=2, clever_delete_at_list=at_list)
    found: list[Record] = []
    for page in at.reader("clever").whole(found.clear):
        found += page
    # What is left is all there; beyond, at most what was read before it went.
    assert read(at) <= set(found)


def test_a_student_whom_nobody_knows_is_not_invented(at: At) -> None:
    everything = read(at)
    at.switch(clever_unknown_student=True)
    more = read(at) - everything
    assert everything <= read(at)
    assert more and all(isinstance(one, Enrollment) for one in more)


def test_a_district_that_shares_no_roster_is_no_empty_one(at: At) -> None:
    at.switch(clever_without_secure_sync=True)
    with pytest.raises(IncompleteAnswer):
        read(at)


@pytest.mark.parametrize("refusal", ["401", "403", "404"])
def test_a_token_is_renewed_or_access_withdrawn_however_it_is_refused(at: At, refusal: str) -> None:
    everything, told = read(at), list[str]()
    reader = at.reader("clever", told=told.append)
    at.switch(clever_refused_as=refusal, rotate_clever_token=True)
    assert set(records(reader.whole(lambda: None))) == everything
    assert told == [at.services["clever"].district_token(at.district["clever"])]
    at.switch(clever_connected=False)
    with pytest.raises(AccessWithdrawn):
        records(reader.whole())


@pytest.mark.parametrize("refusal", ["401", "403", "404"])
def test_a_token_is_renewed_whatever_is_asked_first(at: At, refusal: str) -> None:
    at.switch(clever_refused_as=refusal)
    at.move("student_joins")
    cursor, teacher = at.reader("clever").cursor(), at.person("clever", "teacher")["clever_id"]
    readers = [at.reader("clever") for _ in range(5)]
    at.switch(rotate_clever_token=True)
    assert readers[0].condition().settled
    assert readers[1].changes(cursor)
    assert readers[2].cursor().partition("|")[0] == cursor.partition("|")[0]
    assert readers[3].section_offers(teacher)
    assert readers[4].person(teacher).source_id == teacher


def test_every_page_of_the_token_list_is_read(at: At) -> None:
    others = [At(at.url, at.settings) for _ in range(2)]
    for one in (at, *others):
        one.switch(clever_token_list_cap=1)
    listed = {one.district for one in at.services["clever"].districts()}
    assert {one.district["clever"] for one in (at, *others)} <= listed
    others[0].switch(clever_connected=False)
    assert others[0].district["clever"] not in {one.district for one in at.services["clever"].districts()}
    for one in (at, *others):
        one.switch(clever_token_list_cap=0)


def test_a_districts_condition_is_told(at: At) -> None:
    assert at.reader("clever").condition().settled
    at.switch(clever_state="paused", clever_pause_end="2027-08-12T00:00:00.000Z")
    paused = at.reader("clever").condition()
    assert (paused.settled, paused.until) == (False, date(2027, 8, 12))
    at.switch(clever_state="error", clever_error="Row 7: a name")
    wrong = at.reader("clever").condition()
    assert not wrong.settled and "Row 7" not in wrong.sentence
    at.switch(clever_state="running", clever_pause_end="", clever_launch_date="2027-08-20")
    before_launch = at.reader("clever").condition()
    assert (before_launch.settled, before_launch.until) == (True, date(2027, 8, 20))


def test_the_feed_hints_at_the_section_that_changed(at: At) -> None:
    at.move("student_joins")
    cursor = at.reader("clever").cursor()
    quiet = at.reader("clever").changes(cursor)
    assert quiet and not quiet.sections | quiet.people | quiet.around
    section = at.move("student_joins")["section"]
    changes = at.reader("clever").changes(cursor)
    assert changes and changes.sections == {section}
    again = at.reader("clever").changes(changes.cursor)
    assert again and not again.sections


@pytest.mark.parametrize(
    "move", ["student_leaves", "student_moves", "teacher_replaced", "section_renamed", "section_removed"]
)
@pytest.mark.parametrize("doubles", ["", "the same id", "two ids"])
def test_every_move_is_hinted_at(at: At, move: str, doubles: str) -> None:
    at.move("student_joins")
    at.switch(clever_feed_doubles=doubles)
    cursor = at.reader("clever").cursor()
    happened = at.move(move)
    changes = at.reader("clever").changes(cursor)
    assert changes and {happened["section"], happened.get("to", happened["section"])} == changes.sections


def test_REL_31_a_feed_that_is_off_or_has_a_hole_says_so(at: At) -> None:
    at.move("student_joins")
    cursor = at.reader("clever").cursor()
    at.switch(clever_feed=False)
    assert at.reader("clever").cursor() == ""
    assert at.reader("clever").changes(cursor) is None
    at.switch(clever_feed=True, clever_feed_keeps=1)
    event, made, _looked = cursor.split("|")
    long_ago = f"{event}|{made}|2026-11-01T00:00:00+00:00"
    for _ in range(2):
        at.move("student_joins")
    assert at.reader("clever").changes(long_ago) is None


def test_a_feed_that_never_had_an_event_is_not_relied_on(at: At) -> None:
    assert at.reader("clever").cursor() == ""


def test_sections_of_the_whole_have_their_schools(at: At) -> None:
    found = read_by_section(at)
    schools = {one.source_id for one in found if isinstance(one, School)}
    assert {one.school_source_id for one in found if isinstance(one, Section)} <= schools
    assert all(enrolled(found, one["clever_id"]) for one in at.truth()["sections"])
