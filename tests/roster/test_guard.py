"""The guard's table, at limit - 1, limit and limit + 1 of each type (REL-3, REL-4, REL-6)."""

import pytest

from webapp.roster.guard import ClassCounts, Counts, Limits, guard, guard_all, guard_class, guard_people

TYPES = ("school", "class", "student", "teacher", "enrollment")


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("known", "removed", "held"),
    [
        (1000, 99, False),
        (1000, 100, False),  # a tenth may leave in one night
        (1000, 101, True),
        (290, 29, False),  # exactly a tenth, however the machine counts fractions
        (100, 9, False),
        (100, 10, False),
        (100, 11, True),
        (99, 24, False),  # below 100 records, a quarter may
        (99, 25, True),
        (20, 4, False),
        (20, 5, False),
        (20, 6, True),
        (16, 4, False),  # fewer than five are never an accident
        (16, 5, True),
    ],
)
def test_REL_3_removals_wait_beyond_the_limit(kind: str, known: int, removed: int, held: bool):
    assert (guard(kind, Counts(known, removed)) is not None) is held


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    ("share", "removed", "held"),
    [(2, 19, False), (2, 20, False), (2, 21, True), (50, 499, False), (50, 500, False), (50, 501, True)],
)
def test_REL_3_a_district_may_set_its_own_share(kind: str, share: int, removed: int, held: bool):
    assert (guard(kind, Counts(1000, removed), Limits(share=share)) is not None) is held


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(("removed", "held"), [(9, False), (10, True), (11, True)])
def test_REL_3_fewer_than_ten_records_are_no_accident_whatever_their_share(kind: str, removed: int, held: bool):
    assert (guard(kind, Counts(100, removed), Limits(share=5)) is not None) is held


@pytest.mark.parametrize("kind", TYPES)
def test_REL_4_a_type_that_would_become_empty_waits(kind: str):
    assert guard(kind, Counts(known=3, removed=3))
    assert guard(kind, Counts(known=3, removed=2)) is None
    assert guard(kind, Counts(known=1, removed=1, added=1)) is None  # a teacher was replaced


@pytest.mark.parametrize(("removed", "held"), [(499, False), (500, False), (501, True)])
@pytest.mark.parametrize("teachers", [0, 1, 100])
def test_REL_4_more_than_five_hundred_people_wait(removed: int, held: bool, teachers: int):
    people = {"student": Counts(20_000, removed - teachers), "teacher": Counts(2_000, teachers)}
    assert (guard_people(people) is not None) is held
    assert set(guard_all(people, []).held_types) == ({"student", "teacher"} if held else set())
    assert guard_people({"enrollment": Counts(20_000, removed)}) is None


@pytest.mark.parametrize(("removed", "held"), [(999, False), (1000, False), (1001, True)])
def test_REL_4_five_hundred_are_few_where_there_are_very_many(removed: int, held: bool):
    assert (guard_people({"student": Counts(95_000, removed), "teacher": Counts(5_000, 0)}) is not None) is held


@pytest.mark.parametrize(
    ("known", "removed", "held"),
    [
        (10, 4, False),
        (10, 5, False),  # a half may
        (10, 6, True),
        (9, 4, False),
        (9, 5, True),
        (7, 4, False),  # fewer than five are never an accident
        (5, 4, False),
        (5, 5, True),
    ],
)
def test_REL_6_a_class_that_loses_most_of_its_students_waits(known: int, removed: int, held: bool):
    assert (guard_class(ClassCounts("one", known, removed)) is not None) is held


def test_only_the_dangerous_part_waits():
    verdict = guard_all({"student": Counts(1000, 10), "class": Counts(50, 20)}, [ClassCounts("one", 8, 6)])
    assert not verdict.applies and set(verdict.held_types) == {"class"}
    assert set(verdict.held_classes) == {"one"}
    assert verdict.reason == "20 of 50 classes would go; 1 class would lose most students"


def test_a_plan_without_removals_applies():
    assert guard_all({"student": Counts(0, 0, 50)}, []).applies
