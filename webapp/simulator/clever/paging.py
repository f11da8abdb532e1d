"""Clever's range paging: bounded by ids, never by offsets."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 10_000
KEPT = ("role", "primary", "count", "limit")


@dataclass(frozen=True)
class Page:
    """The ids of one page, and whether more stand before and behind it."""

    ids: list[str]
    prev: dict[str, str] | None
    next: dict[str, str] | None


def limit_of(query: Mapping[str, str]) -> int:
    """The page size asked for; above 10,000 is refused with 413, as Clever does."""
    text = query.get("limit") or str(DEFAULT_LIMIT)
    if not text.isdigit() or int(text) < 1:
        raise BadRequest("limit must be a positive number")
    if int(text) > LARGEST_LIMIT:
        raise RequestEntityTooLarge("limit is above 10000")
    return int(text)


def page_of(ids: list[str], query: Mapping[str, str], cap: int | None) -> Page:
    """The page of these ascending ids that the query asks for; its bounds need not exist any more."""
    limit = min(limit_of(query), cap or LARGEST_LIMIT)
    after, before = query.get("starting_after"), query.get("ending_before")
    start = bisect_right(ids, after) if after else 0
    end = bisect_left(ids, before) if before else len(ids)
    if before and not after:
        start = max(start, end - limit)
    shown = ids[start : min(end, start + limit)]
    more = start + len(shown) < end or bool(before)
    first, last = (shown[0], shown[-1]) if shown else (after or before, before or after)
    # An answer to `starting_after` always has a `prev`, even where nothing precedes; so has `ending_before` a `next`.
    has_prev = bool(after) or (bool(before) and start > 0)
    return Page(
        shown,
        {"ending_before": first} if has_prev and first else None,
        {"starting_after": last} if more and last else None,
    )


def links_of(page: Page, path: str, query: Mapping[str, str]) -> list[dict[str, str]]:
    """A list's own links; each repeats what the caller asked for."""
    kept = {key: query[key] for key in KEPT if key in query}
    itself = urlencode(list(query.items()))
    links = [{"rel": "self", "uri": f"{path}?{itself}" if itself else path}]
    for rel, bound in (("prev", page.prev), ("next", page.next)):
        if bound is not None:
            links.append({"rel": rel, "uri": f"{path}?{urlencode(kept | bound)}"})
    return links
