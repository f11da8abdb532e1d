"""Clever's range paging: bounded by ids, never by offsets."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

Query = MultiDict[str, str]

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 10_000
KEPT = ("role", "primary", "count", "limit", "school", "record_type", "owner_type")
NOBODY_SENT = {"source": "sandbox", "page": "2"}


@dataclass(frozen=True)
class Page:
    """The ids of one page, and whether more stand before and behind it."""

    ids: list[str]
    prev: dict[str, str] | None
    next: dict[str, str] | None


def limit_of(query: Mapping[str, str], default: int = DEFAULT_LIMIT) -> int:
    """The page size asked for; above 10,000 is refused with 413, as Clever does."""
    text = query.get("limit") or str(default)
    if not text.isdigit() or int(text) < 1:
        raise BadRequest("limit must be a positive number")
    if int(text) > LARGEST_LIMIT:
        raise RequestEntityTooLarge("limit is above 10000")
    return int(text)


def page_of(ids: list[str], query: Mapping[str, str], cap: int, *, default: int = DEFAULT_LIMIT) -> Page:
    """The page of these ascending ids that the query asks for; its bounds need not exist any more.

    `ending_before=last` asks for the end of the list: every id comes before that word.
    """
    limit = min(limit_of(query, default), cap or LARGEST_LIMIT)
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


def links_of(page: Page, path: str, query: Query, *, with_more: bool = False) -> list[dict[str, str]]:
    """A list's own links; each repeats what the caller asked for."""
    kept = [pair for pair in query.items(multi=True) if pair[0] in KEPT]
    itself = urlencode(list(query.items(multi=True)))
    links = [{"rel": "self", "uri": f"{path}?{itself}" if itself else path}]
    more = NOBODY_SENT if with_more else {}
    for rel, bound in (("prev", page.prev), ("next", page.next)):
        if bound is not None:
            asked = [*kept, *bound.items(), *(more.items() if rel == "next" else ())]
            links.append({"rel": rel, "uri": f"{path}?{urlencode(asked)}"})
    return links
