"""Walking OneRoster's collections to their end, by limit and offset, with the counts checked where they are sent."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from webapp.providers.answers import exact
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer
from webapp.providers.oneroster.records import Row
from webapp.providers.wire import Answer, Failed

PAGE_SIZES = (10_000, 1_000, 100)
"""ClassLink's advice is 10,000; 502 says that a page is too heavy. Offsets count rows, whatever the page's size."""

TOO_HEAVY = {413, 502}

OneRow = TypeVar("OneRow", bound=Row, covariant=True)


class Rows(Protocol[OneRow]):
    """A collection's envelope."""

    @property
    def rows(self) -> Sequence[OneRow]:
        """What this page holds."""


class Tally:
    """What was received of one collection so far."""

    def __init__(self) -> None:
        self.received = 0
        self.total: int | None = None
        self._ids: set[str] = set()
        self._first_page = 0

    def add(self, rows: Sequence[Row], answer: Answer) -> None:
        """Take note of a page. Raises Drift where it does not fit to the others or to its own counts."""
        count, total = number(answer, "X-Count"), number(answer, "X-Total-Count")
        if count is not None and count != len(rows):
            raise Drift("The roster server sent another number of records than it counted.")
        if None not in {total, self.total} and total != self.total:
            raise Drift("The roster server's total changed while it was read.")
        self.total = self.total if total is None else total
        self.received += len(rows)
        self._ids.update(exact(row.source_id) for row in rows)
        if len(self._ids) != self.received or (self.total is not None and self.received > self.total):
            raise Drift("The roster server's list changed while it was read.")

    def ends_with(self, rows: Sequence[Row]) -> bool:
        """True after the last page. Raises Drift where the server has no more though its total says so."""
        if self.total is not None:
            if not rows and self.received < self.total:
                raise Drift("The roster server sent fewer records than its total.")
            return self.received >= self.total
        # Without a total only what the server itself gave can show a short page: many cap pages below the limit asked.
        self._first_page = self._first_page or len(rows)
        return len(rows) < self._first_page or not rows

    def new_size(self) -> None:
        """Forget how long pages were."""
        self._first_page = 0


def pages(ask: Callable[[int, int], tuple[Answer, Rows[OneRow]]], most: int) -> Iterator[Sequence[OneRow]]:
    """Every page of a collection; `ask` takes limit and offset. Raises IncompleteAnswer rather than end early."""
    tally, sizes = Tally(), iter(PAGE_SIZES)
    limit = next(sizes)
    for _ in range(most):
        try:
            answer, page = ask(limit, tally.received)
        except Failed as refusal:
            smaller = next(sizes, None)
            if refusal.status not in TOO_HEAVY or smaller is None:
                raise
            limit = smaller
            tally.new_size()
            continue
        tally.add(page.rows, answer)
        yield page.rows
        if tally.ends_with(page.rows):
            return
    raise IncompleteAnswer("The roster server's list does not end.")


def number(answer: Answer, header: str) -> int | None:
    """A count from a header; None where it is missing or no number."""
    value = answer.headers.get(header, "").strip()
    return int(value) if value.isdecimal() else None
