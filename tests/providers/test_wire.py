"""The wire's manners."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from tests.providers.scripted import Scripted, body, doc, dribble, half, hang_up, status
from webapp.providers.answers import decode
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, NotShared, ProviderError, Unreachable
from webapp.providers.wire import Answer, Failed, Limits, Wire


def ask(wire: Wire, script: Scripted, target: str = "/list") -> Answer:
    return wire.get(script.url + target, {"Authorization": "Bearer secret"})


def read(wire: Wire, script: Scripted) -> dict[str, list[int]]:
    return decode(wire, ask(wire, script), dict[str, list[int]])


def test_REL_27_the_real_limits_are_those_of_the_promise() -> None:
    limits = Limits()
    assert (limits.connect_seconds, limits.read_seconds, limits.body_seconds) == (5, 20, 60)
    assert (limits.body_bytes, limits.depth, limits.pages, limits.tries) == (20_000_000, 50, 5_000, 5)


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


@pytest.mark.parametrize("trouble", [status(500), status(503), hang_up, half, dribble])
def test_REL_24_lasting_trouble_is_unreachable_after_the_last_try(
    script: Scripted, wire: Wire, trouble: object
) -> None:
    script.on("/list", trouble)  # type: ignore[arg-type]
    with pytest.raises(Unreachable) as caught:
        ask(wire, script)
    assert not isinstance(caught.value, IncompleteAnswer)
    assert wire.requests == 3


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


def test_REL_27_another_host_is_never_asked(script: Scripted, wire: Wire) -> None:
    for url in ("http://127.0.0.1:1/list", script.url.replace("http", "https") + "/list", "//elsewhere.example/list"):
        with pytest.raises(IncompleteAnswer):
            wire.get(url, {})
    assert wire.requests == 0


def test_REL_27_a_gzip_bomb_is_put_down_early(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"))
    with pytest.raises(Failed) as caught:
        ask(wire, script)
    assert caught.value.status == 413


def test_the_raw_path_is_sent_byte_for_byte(script: Scripted, wire: Wire) -> None:
    target = "/roster/MoYPlyQWmG0%3d/a%2Fb%7c/../~x?filter=a%3d%27b%27"
    script.on(target, doc({"data": []}))
    ask(wire, script, target)
    assert script.asked == [target]


@pytest.mark.parametrize(
    "content",
    [
        b'{"data": [1, 2',
        b"",
        b"[]",
        b'{"data": null}',
        b'{"data": ["\xff"]}',
        b'{"data": ' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"data": [1], "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"data": [1], "x": ' + b'["]", ' * 5_000 + b"1" + b', "["]' * 5_000 + b"}",
    ],
)
def test_REL_1_what_is_no_whole_list_is_incomplete(script: Scripted, wire: Wire, content: bytes) -> None:
    script.on("/list", body(content))
    with pytest.raises(IncompleteAnswer):
        read(wire, script)


def test_REL_1_a_page_of_html_is_incomplete(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(b"<h1>Back soon</h1>", kind="text/html"))
    with pytest.raises(IncompleteAnswer):
        read(wire, script)


def test_REL_27_deep_nesting_in_fields_that_nobody_reads_is_refused(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(b'{"data": [{"x": ' + b"[" * 51 + b"]" * 51 + b"}]}"))
    with pytest.raises(IncompleteAnswer, match="deep"):
        decode(wire, ask(wire, script), dict[str, object])


def test_REL_29_a_lone_surrogate_in_one_text_does_not_stop_the_page(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(b'{"data": ["Zo\\ud800", "Ana"]}'))
    assert decode(wire, ask(wire, script), dict[str, list[str]]) == {"data": ["Zo\ud800", "Ana"]}


def test_no_error_carries_what_was_answered(script: Scripted, wire: Wire) -> None:
    script.on("/list", body(b'{"name": "Ana Private"'))
    with pytest.raises(ProviderError) as caught:
        read(wire, script)
    assert caught.value.__suppress_context__
    assert "Private" not in str(caught.value)
