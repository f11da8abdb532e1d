"""Clever's change feed: where it stands, and what it hints at since then.

It is opt-in, keeps 30 days, and shows nothing of the time while it was off: where in doubt, only a full read says.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from webapp.providers.clever.api import Api
from webapp.providers.clever.hints import EventRow, Hints
from webapp.providers.clever.listing import after, pages
from webapp.providers.clever.mark import Mark, moment
from webapp.providers.clever.records import Listing, One
from webapp.providers.drift import settled
from webapp.providers.errors import AccessWithdrawn, NotShared
from webapp.providers.service import Changes
from webapp.providers.wire import Failed

KEPT = timedelta(days=29)
"""Clever keeps events for 30 days; one day less is for clocks that differ."""
SILENCE = timedelta(days=1)
"""Clever read the district's data in, and told of no event for longer than this: the feed was switched off."""
MOST_EVENTS = 5_000
MOST_SECTIONS = 300
"""Beyond, reading everything is cheaper."""
PAGE_SIZES = (1_000, 100)
"""Each event carries the whole record that changed."""
MOST_PAGES = 100
"""So far we walk to find the feed's end, where Clever does not lead there directly."""
NO_FEED = {400, 501}

T = TypeVar("T")


class Feed:
    """The change feed of one district."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def cursor(self, now: datetime) -> str:
        """Where the feed stands; "" where there is none for us, or nothing in it to hold on to."""
        newest = self._readable(self._newest)
        return str(Mark(newest.id, moment(newest.created) or now, now)) if newest else ""

    def changes(self, cursor: str, now: datetime) -> Changes | None:
        """What changed since then; None where the feed cannot tell."""
        mark = Mark.read(cursor)
        if mark is None or now - mark.looked > KEPT:
            return None
        return self._readable(partial(self._since, mark, now))

    def _newest(self) -> EventRow | None:
        newest = self._jump_to_end()
        for number, rows in enumerate(self._after(newest.id if newest else "")):
            if number == MOST_PAGES:
                return None
            newest = rows[-1] if rows else newest
        return newest

    def _jump_to_end(self) -> EventRow | None:
        """Clever's older versions knew the word `last`. Whatever comes, we go on from there to the proven end."""
        try:
            rows = self._some(limit="1", ending_before="last")
        except NotShared:
            return None
        except Failed as refusal:
            if refusal.status not in NO_FEED:
                raise
            return None
        return rows[-1] if rows else None

    def _since(self, mark: Mark, now: datetime) -> Changes | None:
        if self._has_hole(mark):
            return None
        hints, newest, count = Hints(), Mark(mark.event, mark.made, now), 0
        for rows in self._after(mark.event):
            for event in rows:
                hints.add(event)
                newest = newest.moved_to(event, now)
            count += len(rows)
            if not hints.clear or count > MOST_EVENTS or len(hints.sections) > MOST_SECTIONS:
                return None
        if self._went_silent(newest):
            return None
        return Changes(str(newest), frozenset(hints.sections), frozenset(hints.people), frozenset(hints.around))

    def _has_hole(self, mark: Mark) -> bool:
        """True where our event is kept no longer, and what is kept begins after we looked."""
        oldest = next(iter(self._some(limit="1")), None)
        if oldest is None:
            return True
        made = moment(oldest.created)
        return oldest.id > mark.event and (made is None or made > mark.looked)

    def _went_silent(self, newest: Mark) -> bool:
        read_in = moment(self._api.district().last_sync)
        return read_in is not None and read_in - newest.made > SILENCE

    def _some(self, **query: str) -> list[EventRow]:
        """A few events, by id."""
        return in_order(self._api.listing(self._api.url("events", **query), EventRow), set())

    def _after(self, event: str) -> Iterator[list[EventRow]]:
        """Every event after that one, each once."""
        met: set[str] = set()

        def ask(url: str) -> Listing[EventRow]:
            listing = self._api.listing(url, EventRow)
            return Listing([One(row) for row in in_order(listing, met)], listing.links)

        start = after(self._api.url("events"), event)
        return pages(ask, self._api.join, start, self._api.wire.limits.pages, PAGE_SIZES)

    def _readable(self, ask: Callable[[], T | None]) -> T | None:
        """What `ask` says once it was not disturbed; None where the feed is closed to us though our access is good."""
        return settled(partial(self._if_open, ask))

    def _if_open(self, ask: Callable[[], T | None]) -> T | None:
        try:
            return ask()
        except (NotShared, AccessWithdrawn):
            # Events take a scope of their own, and may be off: only who refuses the district itself has withdrawn.
            self._api.check_access()
        except Failed as refusal:
            if refusal.status not in NO_FEED:
                raise
        return None


def in_order(listing: Listing[EventRow], met: set[str]) -> list[EventRow]:
    """The events that were not met before, by id: neither their order nor a repetition means anything."""
    fresh = {one.data.id: one.data for one in listing.data if one.data.id not in met}
    met.update(fresh)
    return [fresh[id_] for id_ in sorted(fresh)]
