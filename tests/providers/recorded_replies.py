"""Replies in each service's own shape, with invented people."""

from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")

FOLDER = Path(__file__).parent / "recorded"


def recorded(name: str, kind: type[T]) -> T:
    """A reply, decoded as that kind."""
    return msgspec.json.decode((FOLDER / f"{name}.json").read_bytes(), type=kind)
