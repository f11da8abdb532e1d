"""When people look exchanged for others, at limit - 1, limit and limit + 1 of each type (REL-5)."""

import pytest

from webapp.roster.guard import Counts, exchanged, guard_all

PEOPLE = ("student", "teacher")


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize(
    ("known", "removed", "added", "whole"),
    [
        (1000, 99, 500, False),
        (1000, 100, 500, False),
        (1000, 101, 500, True),
        (1000, 500, 99, False),
        (1000, 500, 100, False),
        (1000, 500, 101, True),
        (20, 5, 9, False),  # below 100 people, a quarter may change in one night
        (20, 6, 5, False),
        (20, 6, 6, True),
        (1000, 0, 900, False),  # a school is added
        (1000, 900, 0, False),  # a school leaves: held, but nobody was exchanged
    ],
)
def test_REL_5_many_go_while_many_others_come(kind: str, known: int, removed: int, added: int, whole: bool):
    assert (exchanged(kind, Counts(known, removed, added)) is not None) is whole


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize(("changed", "whole"), [(74, False), (75, False), (76, True)])
def test_REL_5_most_change_their_name_or_number(kind: str, changed: int, whole: bool):
    assert (exchanged(kind, Counts(100, 0, 0, met=100, changed=changed)) is not None) is whole


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize(
    ("known", "removed", "added", "whole"),
    [
        (4, 4, 4, False),  # a teacher is replaced; a tiny class has other students
        (5, 5, 1, True),
        (6, 6, 1, True),
        (200, 199, 1, False),
        (200, 200, 1, True),
        (200, 200, 0, False),  # nobody is new: that type would be empty (REL-4)
    ],
)
def test_REL_5_everybody_of_one_type_is_new(kind: str, known: int, removed: int, added: int, whole: bool):
    assert (exchanged(kind, Counts(known, removed, added)) is not None) is whole


def test_REL_5_sections_and_enrollments_may_all_be_new():
    """A semester's change: every section is another one, and the people are the same."""
    types = {"class": Counts(50, 50, 50), "enrollment": Counts(900, 900, 900), "student": Counts(300, 2, 2)}
    assert not guard_all(types, []).whole


def test_REL_5_the_reason_is_said_in_plain_words():
    verdict = guard_all({"student": Counts(300, 300, 300), "teacher": Counts(20, 0)}, [])
    assert verdict.reason == "every student would be somebody new" and not verdict.applies
