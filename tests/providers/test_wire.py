"""The wire's manners."""

import gzip
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.providers.conftest import TINY
from tests.providers.scripted import (
    Reply,
    Scripted,
    body,
    doc,
    dribble,
    dribble_headers,
    dribble_status,
    half,
    hang_up,
    silence,
    status,
)
from webapp.providers.answers import decode
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, NotShared, Unreachable
from webapp.providers.wire import Answer, Failed, Limits, Wire


@pytest.fixture
def hasty(script: Scripted) -> Wire:
    """A wire for services that are slow on purpose."""
    return Wire("The service", [script.url], replace(TINY, read_seconds=0.2, whole_seconds=0.2))


def ask(wire: Wire, script: Scripted, target: str = "/list") -> Answer:
    return wire.get(script.url + target, {"Authorization": "Bearer secret"})


def read(wire: Wire, script: Scripted) -> dict[str, list[int]]:
    return decode(wire, ask(wire, script), dict[str, list[int]])


def test_REL_27_the_real_limits_are_those_of_the_promise() -> None:
    limits = Limits()
    assert (limits.connect_seconds, limits.read_seconds, limits.whole_seconds) == (5, 20, 60)
    assert (limits.body_bytes, limits.depth, limits.pages, limits.tries) == (20_000_000, 50, 5_000, 5)
    assert limits.jitter > 0 and limits.left_to_others == 0.1


def test_a_good_answer_is_read_whole_and_counted(script: Scripted, wire: Wire) -> None:
    script.on("/list", doc({"data": [1, 2]}))
    assert read(wire, script) == {"data": [1, 2]}
    assert read(wire, script) == {"data": [1, 2]}
    assert wire.requests == 2


def test_a_compressed_answer_is_unpacked(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(gzip.compress(b'{"data": [1]}'), Content_Encoding="gzip"))
    assert read(wire, script) == {"data": [1]}
    assert script.headers[0]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("trouble", [status(500), status(502), status(503), hang_up, half])
def test_REL_24_passing_trouble_is_waited_out(script: Scripted, wire: Wire, trouble: object) -> None:
    script.on("/list", trouble, trouble, doc({"data": [1]}))  # type: ignore[arg-type]
    assert read(wire, script) == {"data": [1]}
    assert wire.requests == 3


@pytest.mark.parametrize("trouble", [status(500), status(503), hang_up, half, silence])
def test_REL_24_lasting_trouble_is_unreachable_after_the_last_try(
    script: Scripted, hasty: Wire, trouble: object
) -> None:
    script.on("/list", trouble)  # type: ignore[arg-type]
    with pytest.raises(Unreachable) as caught:
        ask(hasty, script)
    assert not isinstance(caught.value, IncompleteAnswer)
    assert hasty.requests == 3


def test_nobody_at_home_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        Wire("The service", ["http://127.0.0.1:1"], Limits(tries=1)).get("http://127.0.0.1:1/list", {})


@pytest.mark.parametrize("code", [301, 302, 307, 400, 405, 501])
def test_what_waiting_does_not_mend_is_asked_once(script: Scripted, wire: Wire, code: int) -> None:
    script.on("/list", status(code, Location="https://elsewhere.example/list"))
    with pytest.raises(Failed) as caught:
        ask(wire, script)
    assert caught.value.status == code
    assert script.asked == ["/list"]


@pytest.mark.parametrize("code", [401, 403])
def test_REL_25_refused_credentials_are_asked_once(script: Scripted, wire: Wire, code: int) -> None:
    script.on("/list", status(code))
    with pytest.raises(AccessWithdrawn) as caught:
        ask(wire, script)
    assert "secret" not in str(caught.value)
    assert wire.requests == 1


def test_REL_26_a_missing_record_is_not_shared(script: Scripted, wire: Wire) -> None:
    with pytest.raises(NotShared):
        ask(wire, script)
    assert wire.requests == 1


def test_REL_24_a_rate_limit_that_ends_soon_is_waited_for(script: Scripted, wire: Wire) -> None:
    script.on("/list", status(429, Retry_After="0"), doc({"data": []}))
    assert read(wire, script) == {"data": []}
    assert wire.requests == 2


def test_REL_24_a_longer_rate_limit_is_told_and_not_waited_for(script: Scripted, wire: Wire) -> None:
    reset = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    script.on("/list", status(429, X_Ratelimit_Reset=str(int(reset.timestamp()))))
    with pytest.raises(Unreachable) as caught:
        ask(wire, script)
    assert caught.value.retry_at == reset
    assert wire.requests == 1


def test_REL_24_a_rate_limit_without_an_end_is_tried_again(script: Scripted, wire: Wire) -> None:
    script.on("/list", status(429), doc({"data": []}))
    assert read(wire, script) == {"data": []}


def clever_says(left: int, *, seconds: float) -> dict[str, str]:
    reset = str(int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp()))
    return {"X_Ratelimit_Limit": "1200", "X_Ratelimit_Remaining": str(left), "X_Ratelimit_Reset": reset}


def test_REL_24_background_work_rests_before_it_takes_the_last_tenth(script: Scripted, wire: Wire) -> None:
    script.on("/list", doc({"data": []}, **clever_says(121, seconds=300)), doc({}, **clever_says(120, seconds=300)))
    ask(wire, script)
    ask(wire, script)
    with pytest.raises(Failed) as caught:
        ask(wire, script)
    assert caught.value.status == 429 and caught.value.retry_at
    assert timedelta(minutes=4) < caught.value.retry_at - datetime.now(UTC) < timedelta(minutes=6)
    assert len(script.asked) == wire.requests == 2


def test_REL_24_a_rest_that_is_short_is_taken_on_the_spot(script: Scripted) -> None:
    wire = Wire("The service", [script.url], replace(TINY, patience=5.0))
    told = clever_says(5, seconds=1.2)
    script.on("/list", doc({"data": []}, **told), doc({"data": []}))
    ask(wire, script)
    ask(wire, script)
    assert len(script.asked) == 2 and time.time() >= int(told["X_Ratelimit_Reset"])


def test_REL_24_people_who_wait_may_take_what_was_left_to_them(script: Scripted, wire: Wire) -> None:
    script.on("/list", doc({"data": []}, **clever_says(120, seconds=300)), doc({}, **clever_says(0, seconds=300)))
    ask(wire, script)
    with wire.while_somebody_waits():
        ask(wire, script)
        with pytest.raises(Unreachable):
            ask(wire, script)
    assert len(script.asked) == 2


def test_REL_24_a_rate_limit_that_ended_long_ago_is_tried_again_with_growing_waits(
    script: Scripted, wire: Wire
) -> None:
    script.on("/list", status(429, X_Ratelimit_Reset="1700000000"), doc({"data": []}))
    assert read(wire, script) == {"data": []}
    script.on("/list", status(429, X_Ratelimit_Reset="1700000000"))
    with pytest.raises(Failed) as caught:
        ask(wire, script)
    assert caught.value.retry_at is None


@pytest.mark.parametrize("far", [str(10**10), str(10**12)])
def test_REL_24_no_word_of_a_service_keeps_us_away_for_long(script: Scripted, wire: Wire, far: str) -> None:
    script.on("/list", status(429, X_Ratelimit_Reset=far, Retry_After="86400"))
    with pytest.raises(Failed) as caught:
        ask(wire, script)
    assert caught.value.retry_at and caught.value.retry_at - datetime.now(UTC) <= timedelta(minutes=15)


def test_REL_27_another_host_is_never_asked(script: Scripted, wire: Wire) -> None:
    for url in ("http://127.0.0.1:1/list", script.url.replace("http", "https") + "/list", "//elsewhere.example/list"):
        with pytest.raises(IncompleteAnswer):
            wire.get(url, {})
    assert wire.requests == 0


def test_REL_27_a_redirect_is_not_followed_even_on_the_same_host(script: Scripted, wire: Wire) -> None:
    script.on("/other", doc({"data": []}))
    for code in (301, 302, 303, 307, 308):
        script.on("/list", status(code, Location=f"{script.url}/other"))
        with pytest.raises(Failed):
            ask(wire, script)
    assert set(script.asked) == {"/list"}


@pytest.mark.parametrize("slow", [dribble, dribble_headers, dribble_status])
def test_REL_27_an_answer_that_comes_byte_by_byte_is_left_when_its_whole_time_is_up(
    script: Scripted, hasty: Wire, slow: Reply
) -> None:
    """Each byte comes well within the read limit, so only the limit of the whole answer can end it."""
    script.on("/list", slow)
    with pytest.raises(Failed) as caught:
        ask(hasty, script)
    assert caught.value.status == 0
    assert hasty.requests == TINY.tries


def test_REL_27_a_line_that_was_slow_once_has_its_full_time_again(script: Scripted, hasty: Wire) -> None:
    script.on("/list", dribble_headers, doc({"data": [1]}), doc({"data": [2]}))
    assert [read(hasty, script), read(hasty, script)] == [{"data": [1]}, {"data": [2]}]


def test_REL_27_a_gzip_bomb_is_put_down_early(script: Scripted, wire: Wire) -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    script.on("/list", body(bomb, Content_Encoding="gzip"))
    tracemalloc.start()
    try:
        with pytest.raises(Failed) as caught:
            ask(wire, script)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()
    assert caught.value.status == 413


@pytest.mark.parametrize("packing", ["gzip, gzip", "gzip,gzip,gzip", "br", "zstd", "deflate", "compress", "br, gzip"])
def test_REL_27_packings_that_were_not_asked_for_are_not_unpacked(script: Scripted, wire: Wire, packing: str) -> None:
    script.on("/list", body(gzip.compress(gzip.compress(b'{"data": []}')), Content_Encoding=packing))
    with pytest.raises(IncompleteAnswer):
        ask(wire, script)
    assert wire.requests == 1


def test_a_packing_that_is_named_in_another_way_is_unpacked_all_the_same(script: Scripted, wire: Wire) -> None:
    for named in ("GZIP", "x-gzip"):
        script.on("/list", body(gzip.compress(b'{"data": [1]}'), Content_Encoding=named))
        assert read(wire, script) == {"data": [1]}
    script.on("/list", body(b'{"data": [1]}', Content_Encoding="identity"))
    assert read(wire, script) == {"data": [1]}


def test_REL_27_a_page_that_is_too_large_is_put_down(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(b'{"data": []}' + b" " * TINY.body_bytes), doc({"data": []}))
    with pytest.raises(Failed) as caught:
        ask(wire, script)
    assert caught.value.status == 413
    assert read(wire, script) == {"data": []}


def test_a_refusal_counts_whatever_comes_with_it(script: Scripted, wire: Wire) -> None:
    script.on("/list", status(401, b" " * (TINY.body_bytes + 1)))
    with pytest.raises(AccessWithdrawn):
        ask(wire, script)
    script.on("/list", status(404, b"{}", Content_Encoding="gzip, br"))
    with pytest.raises(NotShared):
        ask(wire, script)
    script.on("/list", doc({"data": [1]}))
    assert read(wire, script) == {"data": [1]}


def test_an_error_does_not_cost_the_connection(script: Scripted, wire: Wire) -> None:
    script.on("/list", status(404, b'{"error": "not found"}'))
    for _ in range(3):
        with pytest.raises(NotShared):
            ask(wire, script)
    assert script.connections == 1


def test_the_raw_path_is_sent_byte_for_byte(script: Scripted, wire: Wire) -> None:
    target = "/roster/MoYPlyQWmG0%3d/a%2Fb%7c/../~x?filter=a%3d%27b%27"
    script.on(target, doc({"data": []}))
    ask(wire, script, target)
    assert script.asked == [target]
