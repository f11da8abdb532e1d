"""What was received of one list, page by page: whether the pages fit together, and whether everything is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from webapp.providers.answers import exact
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer
from webapp.providers.oneroster.records import Row

CAP = 100
"""Caps are round numbers: a page of so many, or a multiple, may be one that was cut."""

OneRow = TypeVar("OneRow", bound=Row)


@dataclass(frozen=True)
class Page(Generic[OneRow]):
    """One answer, with what its headers say of it: the rows in it, and in the whole list."""

    rows: Sequence[OneRow]
    count: int | None = None
    total: int | None = None
    sorted: bool = True
    """False where the server had to be asked without an order."""


class Tally(Generic[OneRow]):
    """What was received of one list so far."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.longest = 0
        """The most rows that one page held."""
        self._ids: set[str] = set()
        self._nameless = 0
        self._pages = 0
        self._page: Sequence[OneRow] = ()
        self._ended = False

    @property
    def known(self) -> int:
        """How many different records came. That is the next offset too: a row that came twice may hide no other."""
        return len(self._ids) + self._nameless

    @property
    def complete(self) -> bool:
        """True where everything is there: as many different records as the total says, or an empty page without one."""
        return self._ended if self.total is None else self.known == self.total

    @property
    def may_be_cut(self) -> bool:
        """True where a wrong total would hide that there is more."""
        return self._pages > 1 or (self.known > 0 and self.known % CAP == 0)

    def add(self, page: Page[OneRow]) -> Sequence[OneRow]:
        """Take note of a page; its rows, but for those that came before just the same. Raises Drift where the page does
        not fit to the others or to its own counts."""
        self._check_counts(page)
        self.total = self.total if page.total is None else page.total
        fresh = self._fresh(page.rows)
        self.longest = max(self.longest, len(page.rows))
        self._pages += bool(page.rows)
        self._check_growth(page, fresh)
        self._page = page.rows or self._page
        self._ended = not page.rows
        return fresh

    def check_end(self, page: Page[OneRow], start: int) -> None:
        """Raise Drift where this page, which starts at the list's end, lacks what was there or holds what was not."""
        self._check_counts(page)
        met = {exact(row.source_id): row for row in self._page}
        strange = any(met.get(exact(row.source_id), row) != row for row in page.rows)
        lacking = start < self.known and not page.rows
        if strange or lacking or not self._ids.issuperset(_named(page.rows)):
            raise Drift("The roster server's list does not end where it ended.")

    def _check_counts(self, page: Page[OneRow]) -> None:
        if page.count is not None and page.count != len(page.rows):
            raise Drift("The roster server sent another number of records than it counted.")
        if None not in {page.total, self.total} and page.total != self.total:
            raise Drift("The roster server's total changed while it was read.")

    def _fresh(self, rows: Sequence[OneRow]) -> Sequence[OneRow]:
        new = set(_named(rows))
        if len(new) < len(rows) or not new.isdisjoint(self._ids):
            nameless = len(rows) - len(_named(rows))
            if nameless * 2 > len(rows):
                raise IncompleteAnswer("The roster server sent records without their ids.")
            self._nameless += nameless
            rows = self._once(rows)
        self._ids |= new
        return rows

    def _once(self, rows: Sequence[OneRow]) -> list[OneRow]:
        """The rows without those that stand twice in the list, word for word. Raises Drift where the two differ.

        Sorted by id, two of one id stand side by side: a page's edge at most is between them.
        """
        met = {exact(row.source_id): row for row in self._page}
        kept: list[OneRow] = []
        for row in rows:
            id_ = exact(row.source_id)
            if id_ in self._ids or (id_ in met and id_.strip()):
                if met.get(id_) != row:
                    raise Drift("The roster server's list names a record twice.")
                continue
            met[id_] = row
            kept.append(row)
        return kept

    def _check_growth(self, page: Page[OneRow], fresh: Sequence[OneRow]) -> None:
        if self.total is None and self._pages > 1:
            # Without a total nothing tells a doubled row from one that has pushed another out.
            if len(fresh) < len(page.rows):
                raise Drift("The roster server's list changed while it was read.")
            if not page.sorted:
                raise IncompleteAnswer("The roster server has neither an order nor a total for its list.")
        elif self.total is not None and (self.known > self.total or (self.known < self.total and not fresh)):
            raise Drift("The roster server's list does not hold as many records as its total.")


def _named(rows: Sequence[OneRow]) -> list[str]:
    """The ids that are there. A record may lack its own: it is counted, and joined with nothing."""
    return [id_ for row in rows if (id_ := exact(row.source_id)).strip()]
