"""When a service says to come again."""

from datetime import UTC, datetime, timedelta

from webapp.providers.waiting import capped, told_to_return

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def test_all_three_ways_to_name_the_moment_are_read() -> None:
    in_a_minute = NOW + timedelta(minutes=1)
    assert told_to_return({"X-Ratelimit-Reset": str(int(in_a_minute.timestamp()))}, NOW) == in_a_minute
    assert told_to_return({"Retry-After": "60"}, NOW) == in_a_minute
    assert told_to_return({"Retry-After": "Tue, 01 Sep 2026 08:01:00 GMT"}, NOW) == in_a_minute


def test_no_word_or_nonsense_is_no_moment() -> None:
    for headers in ({}, {"Retry-After": "soon"}, {"X-Ratelimit-Reset": "-5"}, {"Retry-After": "9" * 30}):
        assert told_to_return(headers, NOW) is None


def test_REL_24_no_wait_is_longer_than_a_quarter_of_an_hour_or_in_the_past() -> None:
    assert capped(NOW + timedelta(days=2), NOW) == NOW + timedelta(minutes=15)
    assert capped(NOW - timedelta(days=2), NOW) == NOW
    assert capped(None, NOW) is None
