"""Who left one class and joined another has moved: which class belongs to which."""

from itertools import permutations
from uuid import UUID

from webapp.roster.moves import Spot, paired

BIOLOGY_3 = Spot(UUID(int=1), "Biology", "bio", "3")
BIOLOGY_4 = Spot(UUID(int=2), "Biology", "bio", "4")
DRAMA_1 = Spot(UUID(int=3), "Drama", "dra", "1")
DRAMA_2 = Spot(UUID(int=4), "Drama Club", "dra", "2")


def test_who_leaves_one_and_joins_one_has_moved_whatever_the_courses():
    assert paired([BIOLOGY_3], [DRAMA_2]) == [(BIOLOGY_3, DRAMA_2)]


def test_who_only_leaves_or_only_joins_has_not_moved():
    assert paired([BIOLOGY_3], []) == [] and paired([], [BIOLOGY_3]) == []


def test_two_moves_at_once_stay_within_their_courses_in_whatever_order_they_are_told():
    for left in permutations([BIOLOGY_3, DRAMA_1]):
        for joined in permutations([BIOLOGY_4, DRAMA_2]):
            assert sorted(paired(left, joined), key=str) == [(BIOLOGY_3, BIOLOGY_4), (DRAMA_1, DRAMA_2)]


def test_who_leaves_one_and_joins_two_has_moved_to_the_one_that_is_alike():
    assert paired([BIOLOGY_3], [DRAMA_1, BIOLOGY_4]) == [(BIOLOGY_3, BIOLOGY_4)]
