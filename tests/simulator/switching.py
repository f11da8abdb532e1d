"""Switches of a district, set as its page sets them."""

from typing import Any
from urllib.parse import quote

from tests.simulator.visitor import Shared


def switch(district: Shared, **values: Any) -> None:
    """Set some switches."""
    district.caller.post(f"/sandbox/districts/{district.number}/switches", **values)


def ids(district: Shared, path: str) -> list[str]:
    """The sourced ids that stand below a path, in one page."""
    return [one["sourcedId"] for one in district.roster_all(path)]


def filtered(district: Shared, collection: str, text: str) -> list[dict[str, Any]]:
    """What a filter leaves of a collection."""
    rows: list[dict[str, Any]] = district.roster(f"{collection}?limit=10000&filter={quote(text)}")[collection]
    return rows


def below(path: str, sourced_id: str, rest: str) -> str:
    """A nested path; ids may hold bars."""
    return f"{path}/{quote(sourced_id, safe='')}/{rest}"
