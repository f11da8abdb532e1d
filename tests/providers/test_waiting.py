"""When a service says to come again."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp.providers.waiting import Budget, capped, told_to_return

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def test_all_three_ways_to_name_the_moment_are_read() -> None:
    in_a_minute = NOW + timedelta(minutes=1)
    assert told_to_return({"X-Ratelimit-Reset": str(int(in_a_minute.timestamp()))}, NOW) == in_a_minute
    assert told_to_return({"Retry-After": "60"}, NOW) == in_a_minute
    assert told_to_return({"Retry-After": "Tue, 01 Sep 2026 08:01:00 GMT"}, NOW) == in_a_minute


def test_no_word_or_nonsense_is_no_moment() -> None:
    words = ("soon", "9" * 30, "-5", "1e3", "Tue, 99 Sep 2026 08:01:00 GMT", "Tue, 01 Sep 99999 08:01:00 GMT")
    for headers in ({}, {"X-Ratelimit-Reset": "-5"}, *({"Retry-After": word} for word in words)):
        assert told_to_return(headers, NOW) is None


def test_REL_24_a_moment_that_is_over_is_no_moment() -> None:
    over = NOW - timedelta(minutes=1)
    for header, word in (
        ("X-Ratelimit-Reset", str(int(over.timestamp()))),
        ("X-Ratelimit-Reset", "30"),
        ("Retry-After", "Tue, 01 Sep 2026 07:59:00 GMT"),
        ("Retry-After", "0"),
    ):
        assert told_to_return({header: word}, NOW) is None


def test_REL_24_no_wait_is_longer_than_a_quarter_of_an_hour() -> None:
    assert capped(NOW + timedelta(days=2), NOW) == NOW + timedelta(minutes=15)
    assert capped(NOW + timedelta(minutes=2), NOW) == NOW + timedelta(minutes=2)
    assert capped(None, NOW) is None


def told(left: str, limit: str = "1200", seconds: int = 30) -> dict[str, str]:
    reset = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    return {"X-Ratelimit-Remaining": left, "X-Ratelimit-Limit": limit, "X-Ratelimit-Reset": reset}


@pytest.mark.parametrize(("left", "rests"), [("1199", False), ("121", False), ("120", True), ("0", True)])
def test_a_tenth_of_what_a_token_may_ask_is_left_to_people_who_wait(left: str, rests: bool) -> None:
    budget = Budget()
    budget.note("token", told(left), NOW)
    assert bool(budget.rest_until("token", 0.1, NOW)) is rests
    assert bool(budget.rest_until("token", 0.0, NOW)) is (left == "0")
    assert budget.rest_until("other token", 0.1, NOW) is None


def test_a_rest_ends_with_the_reset_but_after_a_quarter_of_an_hour_at_most() -> None:
    budget = Budget()
    budget.note("token", told("0"), NOW)
    assert budget.rest_until("token", 0.1, NOW) == NOW + timedelta(seconds=30)
    assert budget.rest_until("token", 0.1, NOW + timedelta(seconds=30)) is None
    budget.note("token", told("0", seconds=86_400), NOW)
    assert budget.rest_until("token", 0.1, NOW) == NOW + timedelta(minutes=15)


def test_an_answer_that_tells_nothing_of_a_limit_pauses_nobody() -> None:
    budget = Budget()
    for headers in ({}, {"X-Ratelimit-Remaining": "0"}, told("none"), told("-1"), told("5", limit="many")):
        budget.note("token", headers, NOW)
        assert budget.rest_until("token", 0.1, NOW) is None
