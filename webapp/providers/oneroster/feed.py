"""One district's OneRoster address: what is asked, in which manner, and which revision answers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import quote, urlencode

from webapp.providers.answers import decode, exact
from webapp.providers.dates import moment
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.oneroster.paging import PAGE_SIZES, TOO_HEAVY, Rows, pages, pages_to_the_end
from webapp.providers.oneroster.records import Row
from webapp.providers.oneroster.tally import OneRow, Page
from webapp.providers.wire import Answer, Failed, Wire

REFUSED = {400, 422}
"""How servers refuse a parameter that they do not know, or a limit that is too large for them."""


class Manner(NamedTuple):
    """How lists are asked for."""

    most: int
    sorted: bool


MANNERS = [Manner(most, sorted) for most in PAGE_SIZES for sorted in (True, False)]
"""The first that a server does not refuse is kept. In no stable order rows change pages between two requests, so every
list is asked in the order of its ids where the server knows orders; where it does not, the counts must prove all."""

OneOf = TypeVar("OneOf", bound=Row, covariant=True)


class One(Protocol[OneOf]):
    """One object's envelope."""

    @property
    def row(self) -> OneOf:
        """The object."""


class Feed:
    """Asks one district's roster server; `get` takes what stands behind its base address, and knows the token."""

    def __init__(self, wire: Wire, get: Callable[[str], Answer]) -> None:
        self.wire = wire
        self._get_target = get
        self._manners = MANNERS
        self._sizes: Sequence[int] = PAGE_SIZES
        self.begin()

    def begin(self) -> None:
        """Begin a pull: from here on every answer must be of one revision."""
        self.revision = ""
        """The pull's, "" where the server does not tell."""
        self.began: datetime | None = None
        """When it gave its first answer, by the server's own clock; None where it does not tell."""

    def get(self, target: str) -> Answer:
        """One answer. Raises Drift where it is of another revision than those before."""
        answer = self._get_target(target)
        revision = answer.headers.get("X-Perm-Rev", "").strip()
        if self.revision and revision and revision != self.revision:
            raise Drift("The roster server's data changed while they were read.")
        self.revision = self.revision or revision
        self.began = self.began or moment(answer.headers.get("Date", ""))
        return answer

    def one(self, collection: str, source_id: str, kind: type[One[OneOf]]) -> OneOf:
        """One object. Raises NotShared where it is not shared though our access is good."""
        try:
            row = decode(self.wire, self.get(below(collection, source_id)), kind).row
        except NotShared:
            self.check_access()
            raise
        if exact(row.source_id) != source_id:
            # Ids are compared byte for byte; a server that is less exact must not give us somebody else.
            raise IncompleteAnswer("The roster server sent another record than was asked for.")
        return row

    def every_to_the_end(self, path: str, kind: type[Rows[OneRow]]) -> Iterator[Sequence[OneRow]]:
        """Every page of a whole collection, to its proven end."""
        ask = partial(self._ask, path, kind, {})
        return self._collection(path, pages_to_the_end(ask, self.wire.limits.pages, self._sizes))

    def every(self, path: str, kind: type[Rows[OneRow]]) -> Iterator[Sequence[OneRow]]:
        """Every page of a whole collection in which things are only looked up."""
        ask = partial(self._ask, path, kind, {})
        return self._collection(path, pages(ask, self.wire.limits.pages, self._sizes))

    def related(self, path: str, kind: type[Rows[OneRow]], **query: str) -> Iterator[Sequence[OneRow]]:
        """Every page of a nested or filtered list. Raises NotShared where its parent is not shared."""
        for page in self._listed(path, kind, query):
            yield page.rows

    def few(self, path: str, kind: type[Rows[OneRow]], most: int, **query: str) -> list[OneRow] | None:
        """All rows of a filtered list, or None as soon as they are known to be more than `most`."""
        rows: list[OneRow] = []
        for page in self._listed(path, kind, query):
            rows += page.rows
            if max(len(rows), page.total or 0) > most:
                return None
        return rows

    def check_access(self) -> None:
        """Raise where the reason for a 404 is our access: then the collection of orgs is refused as well."""
        try:
            self.get("orgs?limit=1")
        except NotShared as error:
            raise IncompleteAnswer("The roster server does not even answer for its orgs.") from error

    def _collection(self, path: str, found: Iterator[Page[OneRow]]) -> Iterator[Sequence[OneRow]]:
        try:
            for page in found:
                yield page.rows
        except NotShared as error:
            raise IncompleteAnswer(f"The roster server does not answer for {path}.") from error

    def _listed(self, path: str, kind: type[Rows[OneRow]], query: dict[str, str]) -> Iterator[Page[OneRow]]:
        # A filter that the server ignores must not cost a page of ten thousand.
        sizes = [size for size in self._sizes if size < PAGE_SIZES[0]] if query else self._sizes
        return pages(partial(self._ask, path, kind, query), self.wire.limits.pages, sizes)

    def _ask(self, path: str, kind: type[Rows[OneRow]], query: dict[str, str], limit: int, offset: int) -> Page[OneRow]:
        """One page, in the first manner that this server does not refuse."""
        for manner in self._manners:
            try:
                page = self._page(path, kind, query, offset, manner._replace(most=min(limit, manner.most)))
            except Failed as refusal:
                if refusal.status in TOO_HEAVY and limit > PAGE_SIZES[-1]:
                    # Five tries are slow: what was too heavy for one list is not tried for the next one.
                    self._sizes = [size for size in PAGE_SIZES if size < limit]
                if refusal.status not in REFUSED or manner is self._manners[-1]:
                    raise
            else:
                self._manners = [manner] if limit >= manner.most else self._manners
                return page
        raise AssertionError("the last manner returns or raises")

    def _page(
        self, path: str, kind: type[Rows[OneRow]], query: dict[str, str], offset: int, manner: Manner
    ) -> Page[OneRow]:
        order = {"sort": "sourcedId", "orderBy": "asc"} if manner.sorted else {}
        asked = {"limit": manner.most, "offset": offset, **order, **query}
        answer = self.get(f"{path}?{urlencode(asked, quote_via=quote)}")
        rows = decode(self.wire, answer, kind).rows
        return Page(rows, number(answer, "X-Count"), number(answer, "X-Total-Count"), manner.sorted)


def below(collection: str, source_id: str, relation: str = "") -> str:
    """The path of one object, or of what relates to it, whatever characters its id has."""
    return "/".join(filter(None, (collection, quote(source_id, safe=""), relation)))


def number(answer: Answer, header: str) -> int | None:
    """A count from a header; None where it is missing or no number."""
    value = answer.headers.get(header, "").strip()
    return int(value) if value.isdecimal() else None
