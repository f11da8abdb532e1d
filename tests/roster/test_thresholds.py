"""A district's own threshold, and how a raised one falls back (REL-3, REL-10)."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.roster.guard import DEFAULT, Limits
from webapp.roster.thresholds import RAISED_FOR, kept_with, limits_in_force

NOW = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)


def test_REL_3_without_a_word_of_the_district_the_usual_limits_hold():
    assert limits_in_force({}, None, NOW) == DEFAULT


def test_REL_3_a_share_of_its_own_holds_from_a_hundred_records_on_and_never_below_the_gentler_ones():
    assert limits_in_force({"share": 2}, None, NOW) == Limits(2, 10, 25, 5)
    assert limits_in_force({"share": 50}, None, NOW) == Limits(50, 10, 50, 5)
    assert limits_in_force({"least": 3}, None, NOW) == Limits(10, 3, 25, 3)


@pytest.mark.parametrize(("minutes", "share"), [(0, 30), (119, 30), (120, 10), (121, 10)])
def test_REL_10_a_raised_threshold_falls_back_after_two_hours(minutes: int, share: int):
    kept, until = kept_with({}, None, 30, NOW)
    assert until == NOW + RAISED_FOR
    assert limits_in_force(kept, until, NOW + timedelta(minutes=minutes)).share == share


def test_REL_10_it_falls_back_to_what_the_district_had_set_before():
    kept, until = kept_with({}, None, 5, NOW)
    assert until is None
    kept, until = kept_with(kept, until, 30, NOW)
    kept, until = kept_with(kept, until, 40, NOW + timedelta(hours=1))
    assert limits_in_force(kept, until, NOW + timedelta(hours=2)).share == 40
    assert limits_in_force(kept, until, NOW + timedelta(hours=3)).share == 5


@pytest.mark.parametrize(("share", "falls_back"), [(9, False), (10, False), (11, True)])
def test_REL_10_only_more_than_the_usual_tenth_is_raised(share: int, falls_back: bool):
    assert (kept_with({}, None, share, NOW)[1] is not None) is falls_back
