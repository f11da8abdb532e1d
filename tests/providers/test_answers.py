"""From bytes to records: what can't be read whole is an error."""

import msgspec
import pytest

from tests.providers.scripted import Scripted, body
from webapp.providers.answers import decode
from webapp.providers.errors import IncompleteAnswer, ProviderError
from webapp.providers.wire import Answer, Wire


class Rows(msgspec.Struct):
    """A list, in an envelope that may hold what nobody reads."""

    data: list[int]


def ask(wire: Wire, script: Scripted) -> Answer:
    return wire.get(f"{script.url}/list", {})


def read(wire: Wire, script: Scripted) -> dict[str, list[int]]:
    return decode(wire, ask(wire, script), dict[str, list[int]])


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


@pytest.mark.parametrize("unread", [b'"note": "caf\xe9"', b'"caf\xe9": 2'])
def test_REL_1_text_that_is_not_utf_8_spoils_the_page_even_where_nobody_reads_it(
    script: Scripted, wire: Wire, unread: bytes
) -> None:
    """The name of a field that is broken would pass as one that is missing."""
    script.on("/list", body(b'{"data": [1], ' + unread + b"}"))
    with pytest.raises(IncompleteAnswer, match="UTF-8"):
        decode(wire, ask(wire, script), Rows)
    script.on("/list", body('{"data": [1], "café": 2}'.encode()))
    assert decode(wire, ask(wire, script), Rows).data == [1]
