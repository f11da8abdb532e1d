"""Clever's Data API for one district: addresses, envelopes, and what a 404 means."""

from collections.abc import Callable, Iterator
from typing import TypeVar
from urllib.parse import quote

from webapp.providers.answers import decode
from webapp.providers.bearer import Bearer
from webapp.providers.clever.listing import Row, pages, pages_to_the_end, with_query
from webapp.providers.clever.records import DistrictRow, Listing, One
from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.links import joined
from webapp.providers.wire import Wire

VERSION = "v3.1"
"""Answers of v3.0 decode just as well: v3.1 only added fields, none of which a roster needs."""

T = TypeVar("T")


class Api:
    """Asks the Data API with the district's token."""

    def __init__(self, wire: Wire, bearer: Bearer, base: str) -> None:
        self.wire = wire
        self._bearer = bearer
        self._base = base

    def one(self, path: str, id_: str, kind: type[Row]) -> Row:
        """One object. Raises NotShared where it is not (or no longer) shared though our access is good."""
        try:
            envelope: type[One[Row]] = One[kind]  # type: ignore[valid-type]
            return self._ask(self._url(below(path, id_)), envelope).data
        except NotShared:
            self.check_access()
            raise

    def related(self, path: str, kind: type[Row], **query: str) -> Iterator[list[Row]]:
        """Every page of a relation's list. Raises NotShared as `one` does."""
        try:
            yield from pages(self._lister(kind), self._join, self._url(path, **query), self.wire.limits.pages)
        except NotShared:
            self.check_access()
            raise

    def every(self, path: str, kind: type[Row], **query: str) -> Iterator[list[Row]]:
        """Every page of a whole collection, to its proven end."""
        try:
            yield from pages_to_the_end(
                self._lister(kind), self._join, self._url(path, **query), self.wire.limits.pages
            )
        except NotShared as error:
            raise IncompleteAnswer(f"Clever does not answer for {path}.") from error

    def check_access(self) -> None:
        """Raise where the reason for a 404 is our token: then the district's own record is refused as well."""
        try:
            self._ask(self._url("districts"), Listing[DistrictRow])
        except NotShared as error:
            raise IncompleteAnswer("Clever does not even answer for the district itself.") from error

    def _lister(self, kind: type[Row]) -> Callable[[str], Listing[Row]]:
        envelope: type[Listing[Row]] = Listing[kind]  # type: ignore[valid-type]
        return lambda url: self._ask(url, envelope)

    def _ask(self, url: str, kind: type[T]) -> T:
        return decode(self.wire, self._bearer.get(url), kind)

    def _url(self, path: str, **query: str) -> str:
        return with_query(f"{self._base}/{VERSION}/{path}", **query)

    def _join(self, link: str) -> str:
        return joined(self._base, link)


def below(path: str, id_: str, relation: str = "") -> str:
    """The path of one object, or of what relates to it, whatever characters its id has."""
    return "/".join(filter(None, (path, quote(id_, safe=""), relation)))
