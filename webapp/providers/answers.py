"""From an answer's bytes to typed records. What cannot be read whole is an error, never a shorter list."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from webapp.providers.errors import IncompleteAnswer
from webapp.providers.wire import Answer, Wire

T = TypeVar("T")

Text = str | int | float | bool | None
"""A field that should be text. Absent, "" and null all mean "no value", and spreadsheets turn numbers loose."""

Ids = list[str | int | None] | None

NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def text(value: Text) -> str:
    """The value as text without outer spaces; "" where there is none."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else str(value)


def exact(value: str | int | None) -> str:
    """An id as text, byte for byte as the service wrote it."""
    return "" if value is None else str(value)


def exact_all(values: Iterable[str | int | None] | None) -> tuple[str, ...]:
    """The ids that are there, each once, in their order."""
    return tuple(dict.fromkeys(exact(value) for value in values or () if value not in (None, "")))


def decode(wire: Wire, answer: Answer, kind: type[T]) -> T:
    """The answer's JSON as that kind of record. Raises IncompleteAnswer where it is something else."""
    if "json" not in answer.headers.get("Content-Type", "json"):
        raise IncompleteAnswer(f"{wire.service} sent something that is not JSON.")
    if not _is_utf_8(answer.body):
        raise IncompleteAnswer(f"{wire.service} sent text that is not UTF-8.")
    if _too_deep(answer.body, wire.limits.depth):
        raise IncompleteAnswer(f"{wire.service} sent JSON that is nested too deep.")
    try:
        return _read(answer.body, kind)
    except (ValueError, RecursionError):
        # Not chained: a decoder's error carries the body, which holds people.
        raise IncompleteAnswer(f"{wire.service} sent JSON that is cut off or lacks its list.") from None


def _read(body: bytes, kind: type[T]) -> T:
    decoder: msgspec.json.Decoder[T] = _decoder(cast(Any, kind))
    try:
        return decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # One lone surrogate in one name must not stop a district: the standard library lets it pass, and the sync sets
        # that one record aside. JSON that is really broken fails here too.
        return msgspec.convert(json.loads(body), kind)


def _is_utf_8(body: bytes) -> bool:
    """The decoder looks only at what it reads: a name of a field that is broken would pass as one that is missing."""
    try:
        return body.isascii() or bool(body.decode())
    except UnicodeDecodeError:
        return False


@cache
def _decoder(kind: Any) -> Any:
    return msgspec.json.Decoder(kind)


def _too_deep(body: bytes, limit: int) -> bool:
    """Peel the brackets off pair by pair: text with brackets can hide depth, but then the decoder's own bound holds."""
    brackets = body.translate(None, NOT_BRACKETS)
    for _ in range(limit):
        peeled = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(peeled) == len(brackets):
            return False
        brackets = peeled
    return bool(brackets)
