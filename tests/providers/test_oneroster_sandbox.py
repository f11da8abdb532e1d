"""Our ClassLink against the simulated one with its oddities on: whatever its manners, what is read is the truth."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.providers.at_sandbox import At, enrolled, records
from webapp.providers.errors import IncompleteAnswer, Unreachable
from webapp.roster.records import Enrollment, Person, Record, Role, Section


def read(at: At) -> set[Record]:
    """The whole district, each record once."""
    found: list[Record] = []
    for page in at.reader("classlink").whole(found.clear):
        found += page
    assert len(found) == len(set(found))
    return set(found)


def read_by_section(at: At) -> set[Record]:
    """The sections one by one, with what they need."""
    return set(records(at.reader("classlink").sections([one["sourced_id"] for one in at.truth()["sections"]])))


def read_offers(at: At) -> set[object]:
    """What a teacher is offered."""
    return set(at.reader("classlink").section_offers(at.person("classlink", "teacher")["sourced_id"]))


ODDITIES: list[dict[str, object]] = [
    {"classlink_page_cap": 1},
    {"classlink_page_cap": 3},
    {"classlink_page_cap": 3, "oneroster_counts": "absent"},
    {"classlink_page_cap": 3, "oneroster_counts": "without a total"},
    {"oneroster_counts": "absent"},
    {"oneroster_counts": "without a total"},
    {"classlink_page_cap": 100, "oneroster_refuses_large_limits": True},
    {"oneroster_revision": "absent"},
    {"oneroster_revision": "the same whatever changes"},
    {"oneroster_flags": "booleans"},
    {"oneroster_flags": "numbers"},
    {"oneroster_flags": "capitals"},
    {"oneroster_empties": "left out"},
    {"oneroster_empties": "null"},
    {"oneroster_empties": "empty texts"},
    {"oneroster_role_words": "capitals"},
    {"oneroster_roles": "beside role and orgs"},
    {"oneroster_roles": "in place of role and orgs"},
    {"oneroster_lists_as_text": "both"},
    {"oneroster_teachers_among_students": True},
    {"oneroster_filters_ignored": True},
    {"oneroster_unknown_parent": "200 with an empty list"},
    {"oneroster_errors": "statusInfoSet"},
    {"oneroster_errors": "empty"},
    {"oneroster_restamps": True},
    {"classlink_bearer_null": True},
    {"classlink_tenant_status": "Onboarding"},
]


@pytest.mark.parametrize("oddity", ODDITIES, ids=str)
@pytest.mark.parametrize("way", [read, read_by_section, read_offers])
def test_REL_1_no_oddity_changes_what_is_read(
    at: At, oddity: dict[str, object], way: Callable[[At], set[object]]
) -> None:
    everything = way(at)
    at.switch(**oddity)
    assert everything and way(at) == everything


@pytest.mark.parametrize("wrong", ["total one short", "count one short"])
@pytest.mark.parametrize("cap", [0, 1, 3])
def test_REL_1_wrong_counts_are_no_shorter_roster(at: At, wrong: str, cap: int) -> None:
    at.switch(oneroster_counts=wrong, classlink_page_cap=cap)
    with pytest.raises(IncompleteAnswer):
        read(at)


def test_REL_28_a_revision_that_never_stands_still_is_incomplete(at: At) -> None:
    at.switch(oneroster_revision="new with every answer")
    with pytest.raises(IncompleteAnswer):
        read(at)


def test_REL_28_a_change_in_the_middle_is_read_from_the_start_again(at: At) -> None:
    before = read(at)
    at.switch(oneroster_changes_after=6)
    after = read(at)
    assert len(before - after) >= 1
    for section in at.truth()["sections"]:
        assert enrolled(after, section["sourced_id"]) == at.enrolled("classlink", section["sourced_id"])


@pytest.mark.parametrize("words", ["words of 1.2", "ext: values", "unknown words"])
def test_roles_that_nobody_knows_crash_nothing_and_give_no_rights(at: At, words: str) -> None:
    before = read(at)
    at.switch(oneroster_role_words=words)
    after = read(at)
    assert {one for one in before if isinstance(one, Section)} == {one for one in after if isinstance(one, Section)}
    students = {one for one in before if isinstance(one, Person) and Role.STUDENT in one.roles}
    assert students and students <= after
    assert all(one in before or Role.TEACHER not in one.roles for one in after if isinstance(one, Person))


def test_both_teachers_of_a_class_may_be_its_primary_one(at: At) -> None:
    at.move("co_teacher_added", section=at.truth()["sections"][0]["clever_id"])
    before = {replace(one, primary=False) if isinstance(one, Enrollment) else one for one in read(at)}
    at.switch(oneroster_all_primary=True)
    after = read(at)
    assert {replace(one, primary=False) if isinstance(one, Enrollment) else one for one in after} == before
    assert all(one.primary for one in after if isinstance(one, Enrollment) and one.role is Role.TEACHER)


def test_masked_names_are_names(at: At) -> None:
    before = {one.source_id for one in read(at) if isinstance(one, Person)}
    at.switch(oneroster_masks=True)
    masked = [one for one in read(at) if isinstance(one, Person)]
    assert {one.source_id for one in masked} == before
    assert all(one.given_name.startswith("masked") for one in masked)


@pytest.mark.parametrize(
    "move", ["class_in_two_terms", "teachers_gone", "section_emptied", "enrollment_ended", "enrollment_not_begun"]
)
def test_odd_classes_are_read_as_they_are_in_either_way(at: At, move: str) -> None:
    section = at.truth()["sections"][0]
    at.move(move, section=section["clever_id"])
    whole, alone = read(at), set(records(at.reader("classlink").sections([section["sourced_id"]])))
    assert enrolled(whole, section["sourced_id"]) == enrolled(alone, section["sourced_id"])
    assert {one for one in whole if isinstance(one, Section)} >= {one for one in alone if isinstance(one, Section)}
    assert read_offers(at)


def test_REL_31_changes_are_hinted_and_nothing_is_missed_by_more_than_a_night(at: At) -> None:
    reader = at.reader("classlink")
    records(reader.whole())
    cursor = at.reader("classlink").cursor()
    assert cursor
    before = reader.requests
    assert reader.changes(cursor) is not None
    assert reader.requests == before + 1
    section = at.truth()["sections"][0]
    at.move("student_joins", section=section["clever_id"])
    changes = at.reader("classlink").changes(cursor)
    assert changes and section["sourced_id"] in changes.sections
    at.move("section_renamed", section=at.truth()["sections"][1]["clever_id"])
    later = at.reader("classlink").changes(changes.cursor)
    assert later and at.truth()["sections"][1]["sourced_id"] in later.sections


def test_records_that_only_disappear_are_for_a_full_read_or_hinted_where_they_are_told(at: At) -> None:
    cursor = at.reader("classlink").cursor()
    at.switch(oneroster_hides_students_of=at.truth()["sections"][0]["sourced_id"])
    changes = at.reader("classlink").changes(cursor)
    assert changes is None or at.truth()["sections"][0]["sourced_id"] in changes.sections


def test_a_server_that_ignores_filters_has_no_feed(at: At) -> None:
    at.switch(oneroster_filters_ignored=True)
    assert at.reader("classlink").cursor() == ""


def test_REL_24_heavy_pages_are_read_in_smaller_ones(at: At) -> None:
    demo = At(at.url, at.settings, size="demo")
    everything = read(demo)
    demo.switch(oneroster_heavy_page=500)
    assert read(demo) == everything
    demo.switch(oneroster_heavy_page=50)
    with pytest.raises(Unreachable):
        read(demo)


def test_a_teachers_list_takes_few_requests(at: At) -> None:
    demo = At(at.url, at.settings, size="demo")
    reader = demo.reader("classlink")
    offers = reader.section_offers(demo.person("classlink", "teacher")["sourced_id"])
    assert len(offers) >= 4 and all(offer.students is not None and offer.course and offer.terms for offer in offers)
    assert reader.requests <= 4 + 3 + 2, "orgs, classes, terms and counts; courses; the table of districts"


def test_a_size_that_was_too_heavy_for_one_list_is_not_tried_for_the_next(at: At) -> None:
    demo = At(at.url, at.settings, size="demo")  # more than 500 enrollments, and then more than 500 users
    demo.switch(oneroster_heavy_page=500)
    reader = demo.reader("classlink")
    demo.steer("DELETE", "/sandbox/requests")
    assert len([one for one in records(reader.whole()) if isinstance(one, Person)]) > 500
    asked = demo.steer("GET", "/sandbox/requests")["paths"]
    assert [path for path in asked if "/enrollments?limit=10000" in path]
    assert {path.partition("/users?")[2][:9] for path in asked if "/users?" in path} == {"limit=100"}
