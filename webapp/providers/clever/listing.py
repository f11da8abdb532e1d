"""Walking Clever's lists to their end. Clever tells no totals: what it offers are links and ascending ids."""

from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from webapp.providers.answers import text
from webapp.providers.clever.records import (
    CourseRow,
    DistrictRow,
    Link,
    Listing,
    SchoolRow,
    SectionRow,
    TermRow,
    UserRow,
)
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer
from webapp.providers.wire import Failed

PAGE_SIZES = (10_000, 1_000, 100)
"""More than 10,000 is refused with 413; a page that is too heavy is asked for again in smaller ones."""

TOO_HEAVY = {413, 502}

Row = TypeVar("Row", bound=SchoolRow | TermRow | CourseRow | SectionRow | UserRow | DistrictRow)
Ask = Callable[[str], Listing[Row]]


class Walk:
    """One walk through a list: where it stands, and that it only goes forward."""

    def __init__(self, url: str, most: int) -> None:
        self.url = with_query(url, limit=str(PAGE_SIZES[0]))
        self.last = ""
        self._sizes = iter(PAGE_SIZES[1:])
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
        """Go on with the next page, but from the last id received: a page that lost its end loses nobody."""
        self.url = after(url, self.last)

    def step(self) -> None:
        """Count a page. Raises IncompleteAnswer where the list does not end."""
        self._left -= 1
        if self._left < 0:
            raise IncompleteAnswer("Clever's list does not end.")


def pages(ask: Ask[Row], join: Callable[[str], str], url: str, most: int) -> Iterator[list[Row]]:
    """Every page that Clever links. Raises IncompleteAnswer rather than end early."""
    walk = Walk(url, most)
    asked: set[str] = set()
    while True:
        walk.step()
        try:
            listing = ask(walk.url)
        except Failed as refusal:
            walk.smaller(refusal)
            continue
        asked.add(walk.url)
        rows = [one.data for one in listing.data]
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
            yield rows
        more = last != "" and _more(ask, url, before, last)
        if more and last == start:
            raise Drift("Clever offers more than it tells.")


def _more(ask: Ask[Row], url: str, before: str, last: str) -> bool:
    """Ask for the last record alone, and whether one follows. Raises Drift where it is not the last any more."""
    listing = ask(with_query(after(url, before), limit="1"))
    if [one.data.id for one in listing.data] != [last]:
        raise Drift("Clever's list changed while it was read.")
    return bool(next_link(listing.links))


def next_link(links: list[Link]) -> str:
    """The address of the next page, "" on the last one."""
    return next((text(link.uri) for link in links if link.rel == "next"), "")


def after(url: str, id_: str) -> str:
    """The address of what comes after that id; of the whole list where there is none."""
    return with_query(url, starting_after=id_) if id_ else url


def with_query(url: str, **values: str) -> str:
    """The address with these parameters set, the others kept."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | values
    return urlunsplit(parts._replace(query=urlencode(query)))
