"""Walking Clever's lists to their end. Clever tells no totals: what it offers are links and ascending ids."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from webapp.providers.answers import Text, text
from webapp.providers.clever.records import Links, Listing
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer
from webapp.providers.wire import Failed

PAGE_SIZES = (10_000, 1_000, 100)
"""More than 10,000 is refused with 413; a page that is too heavy is asked for again in smaller ones."""

TOO_HEAVY = {413, 502}


class Listed(Protocol):
    """What every row of a list has: its id, and the district it belongs to where Clever says so."""

    id: str

    @property
    def district(self) -> Text: ...


Row = TypeVar("Row", bound=Listed)
Ask = Callable[[str], Listing[Row]]


class Walk:
    """One walk through a list: where it stands, and that it only goes forward."""

    def __init__(self, url: str, most: int, sizes: Sequence[int]) -> None:
        self.url = with_query(url, limit=str(sizes[0]))
        self.last = dict(parse_qsl(urlsplit(url).query)).get("starting_after", "")
        self._sizes = iter(sizes[1:])
        self._left = most

    def smaller(self, refusal: Failed) -> None:
        """Go on from the same place with smaller pages. Raises the refusal where there are none."""
        size = next(self._sizes, None)
        if refusal.status not in TOO_HEAVY or size is None:
            raise refusal
        self.url = after(with_query(self.url, limit=str(size)), self.last)

    def arrive(self, ids: list[str]) -> None:
        """Take note of a page. Raises Drift where an id does not come after the one before."""
        for id_ in ids:
            if id_ <= self.last:
                raise Drift("Clever's list changed while it was read.")
            self.last = id_

    def follow(self, url: str) -> None:
        """Go on with the next page, but from the last id received: a page that lost its end, or all, loses nobody."""
        self.url = after(url, self.last) if self.last else from_the_start(url)

    def step(self) -> None:
        """Count a page. Raises IncompleteAnswer where the list does not end."""
        self._left -= 1
        if self._left < 0:
            raise IncompleteAnswer("Clever's list does not end.")


def pages(
    ask: Ask[Row], join: Callable[[str], str], url: str, most: int, sizes: Sequence[int] = PAGE_SIZES
) -> Iterator[list[Row]]:
    """Every page that Clever links. Raises IncompleteAnswer rather than end early."""
    walk = Walk(url, most, sizes)
    asked: set[str] = set()
    while True:
        walk.step()
        try:
            listing = ask(walk.url)
        except Failed as refusal:
            walk.smaller(refusal)
            continue
        asked.add(walk.url)
        rows = once([one.data for one in listing.data])
        walk.arrive([row.id for row in rows])
        yield rows
        link = next_link(listing.links)
        if not link:
            return
        walk.follow(join(link))
        if walk.url in asked:
            raise Drift("Clever's list leads back to a page already read.")


def pages_to_the_end(ask: Ask[Row], join: Callable[[str], str], url: str, most: int) -> Iterator[list[Row]]:
    """As `pages`, and then the end is proven: Clever has no totals, and a last page that lost its end looks whole."""
    before, last = "", ""
    more = True
    while more:
        start = last
        for rows in pages(ask, join, after(url, last), most):
            before, last = [before, last, *(row.id for row in rows)][-2:]
            most -= 1
            yield rows
        more = last != "" and _more(ask, url, before, last)
        if more and last == start:
            raise Drift("Clever offers more than it tells.")


def once(rows: list[Row]) -> list[Row]:
    """These rows without repetitions. Raises Drift where two of one id differ: nobody knows which one is true."""
    kept: dict[str, Row] = {}
    for row in rows:
        if kept.setdefault(row.id, row) != row:
            raise Drift("Clever's list holds one record twice, with different values.")
    return list(kept.values())


def _more(ask: Ask[Row], url: str, before: str, last: str) -> bool:
    """Ask for the last record alone, and whether one follows. Raises Drift where it is not the last any more."""
    listing = ask(with_query(after(url, before), limit="1"))
    if [row.id for row in once([one.data for one in listing.data])] != [last]:
        raise Drift("Clever's list changed while it was read.")
    return bool(next_link(listing.links))


def next_link(links: Links) -> str:
    """The address of the next page, "" on the last one. `prev` is never followed: it may lead to nothing."""
    return next((text(link.uri) for link in links or () if link.rel == "next"), "")


def after(url: str, id_: str) -> str:
    """The address of what comes after that id; of the whole list where there is none."""
    return with_query(url, starting_after=id_) if id_ else url


def from_the_start(url: str) -> str:
    """The address without the place at which its list begins."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "starting_after"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def with_query(url: str, **values: str) -> str:
    """The address with these parameters set, the others kept."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | values
    return urlunsplit(parts._replace(query=urlencode(query)))
