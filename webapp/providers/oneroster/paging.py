"""Walking OneRoster's lists to their end, by limit and offset, with the counts checked where they are sent.

`Link` headers are not read: ClassLink is not known to send them. An offset counts rows, whatever the page's size.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.oneroster.records import Row
from webapp.providers.oneroster.tally import OneRow, Page, Tally
from webapp.providers.wire import Failed

PAGE_SIZES = (10_000, 1_000, 100)
"""ClassLink's advice is 10,000; smaller pages where those are too heavy."""

TOO_HEAVY = {413, 502, 504}
BEHIND_THE_END = {400, 416, 422}
"""How some servers, besides 404, answer an offset behind the end."""

OneRow_co = TypeVar("OneRow_co", bound=Row, covariant=True)


class Rows(Protocol[OneRow_co]):
    """A collection's envelope."""

    @property
    def rows(self) -> Sequence[OneRow_co]:
        """What this page holds."""


Ask = Callable[[int, int], Page[OneRow]]
"""Takes limit and offset."""


def pages(ask: Ask[OneRow], most: int, sizes: Sequence[int] = PAGE_SIZES) -> Iterator[Page[OneRow]]:
    """Every page of a list. Raises IncompleteAnswer rather than end early."""
    walk = _Walk(ask, most, sizes)
    yield from walk.pages()
    if walk.tally.may_be_cut:
        walk.prove_the_end()


def pages_to_the_end(ask: Ask[OneRow], most: int, sizes: Sequence[int] = PAGE_SIZES) -> Iterator[Page[OneRow]]:
    """As `pages`, and then the end is proven by one more request: who is missing here may be taken as gone."""
    walk = _Walk(ask, most, sizes)
    yield from walk.pages()
    walk.prove_the_end()


class _Walk(Generic[OneRow]):
    """One walk through a list."""

    def __init__(self, ask: Ask[OneRow], most: int, sizes: Sequence[int]) -> None:
        self.tally: Tally[OneRow] = Tally()
        self._ask, self._most = ask, most
        self._sizes = iter(sizes)
        self._limit = next(self._sizes)

    def pages(self) -> Iterator[Page[OneRow]]:
        for _ in range(self._most):
            page = self._page(self.tally.known)
            fresh = self.tally.add(page)
            yield Page(fresh, page.count, page.total, page.sorted)
            if self.tally.complete:
                return
        raise IncompleteAnswer("The roster server's list does not end.")

    def prove_the_end(self) -> None:
        """Ask for the last record again, and for what follows it. Raises Drift where that is not the end."""
        # Of a server that tells one record at a time only what follows is asked.
        start = self.tally.known - (self.tally.longest > 1)
        try:
            self.tally.check_end(self._page(start), start)
        except (NotShared, Failed) as refusal:
            behind = start == self.tally.known == self.tally.total
            if not behind or (isinstance(refusal, Failed) and refusal.status not in BEHIND_THE_END):
                raise

    def _page(self, offset: int) -> Page[OneRow]:
        while True:
            try:
                return self._ask(self._limit, offset)
            except Failed as refusal:
                smaller = next(self._sizes, None)
                if refusal.status not in TOO_HEAVY or smaller is None:
                    raise
                self._limit = smaller
