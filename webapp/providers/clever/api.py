"""Clever's Data API for one district: addresses, envelopes, whose records they are, and what a 404 means."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TypeVar
from urllib.parse import quote

from webapp.providers.answers import decode, text
from webapp.providers.clever.district_token import DistrictToken
from webapp.providers.clever.listing import Row, pages, pages_to_the_end, with_query
from webapp.providers.clever.records import DistrictRow, Listing, One
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.links import joined
from webapp.providers.wire import Wire

T = TypeVar("T")


class AnotherRecord(IncompleteAnswer):
    """Clever answered with another record than the one it was asked for."""


class Api:
    """Asks the Data API with the district's token. `version` is v3.1 or v3.0, the same for data and events."""

    def __init__(self, wire: Wire, bearer: DistrictToken, base: str, version: str, district: str) -> None:
        self.wire = wire
        self._bearer = bearer
        self._base = base
        self._version = version
        self._district = district

    def one(self, path: str, id_: str, kind: type[Row]) -> Row:
        """One object. Raises NotShared where it is not (or no longer) shared though our access is good."""
        try:
            return self._one(path, id_, kind)
        except NotShared:
            self.check_access()
            raise

    def those(self, path: str, ids: Sequence[str], kind: type[Row]) -> list[Row]:
        """Those of these objects that Clever shares, one by one; our access is checked once for all the others."""
        found = []
        for id_ in ids:
            # An id of old may lead to its owner's record: who that is stands under the new id, and only there.
            with suppress(NotShared, AnotherRecord):
                found.append(self._one(path, id_, kind))
        if len(found) < len(ids):
            self.check_access()
        return found

    def related(self, path: str, kind: type[Row], **query: str) -> Iterator[list[Row]]:
        """Every page of a relation's list. Raises NotShared as `one` does."""
        try:
            yield from pages(
                lambda url: self.listing(url, kind), self.join, self.url(path, **query), self.wire.limits.pages
            )
        except NotShared:
            self.check_access()
            raise

    def every(self, path: str, kind: type[Row], **query: str) -> Iterator[list[Row]]:
        """Every page of a whole collection, to its proven end."""
        try:
            yield from pages_to_the_end(
                lambda url: self.listing(url, kind), self.join, self.url(path, **query), self.wire.limits.pages
            )
        except NotShared as error:
            self.check_access()
            raise IncompleteAnswer(f"Clever does not answer for {path}.") from error

    def district(self) -> DistrictRow:
        """The district's own record, which every good token of a district may read."""
        row = self.district_if_told()
        if row is None:
            raise IncompleteAnswer("Clever does not even answer for the district itself.")
        return row

    def district_if_told(self) -> DistrictRow | None:
        """The same, of the list of one or by its id; None where Clever answers for neither."""
        try:
            listing = self.listing(self.url("districts"), DistrictRow)
            return listing.data[0].data if listing.data else self._one("districts", self._district, DistrictRow)
        except NotShared as error:
            # What a replaced or withdrawn token gets is not documented, and a person's own token gets 404 here.
            if self._bearer.renewed():
                raise Drift("Clever has given the district a new token.") from error
        try:
            return self._one("districts", self._district, DistrictRow)
        except NotShared:
            return None

    def check_access(self) -> None:
        """Raise where the reason for a 404 is our token: then the district's own record is refused as well."""
        self.district()

    def listing(self, url: str, kind: type[Row]) -> Listing[Row]:
        """One page of a list."""
        envelope: type[Listing[Row]] = Listing[kind]  # type: ignore[valid-type]
        listing = self._ask(url, envelope)
        self._check_own([one.data for one in listing.data])
        return listing

    def url(self, path: str, **query: str) -> str:
        """The address of that path."""
        return with_query(f"{self._base}/{self._version}/{path}", **query)

    def join(self, link: str) -> str:
        """The address that a link of Clever's means."""
        return joined(self._base, link)

    def _one(self, path: str, id_: str, kind: type[Row]) -> Row:
        envelope: type[One[Row]] = One[kind]  # type: ignore[valid-type]
        row = self._ask(self.url(below(path, id_)), envelope).data
        if row.id != id_:
            raise AnotherRecord("Clever answered with another record than the one it was asked for.")
        self._check_own([row])
        return row

    def _ask(self, url: str, kind: type[T]) -> T:
        return decode(self.wire, self._bearer.get(url), kind)

    def _check_own(self, rows: Sequence[Row]) -> None:
        """Raise where a record belongs to another district: then nothing of this answer is believed."""
        if {text(row.district) for row in rows} - {"", self._district}:
            raise IncompleteAnswer("Clever sent a record of another district.")


def below(path: str, id_: str, relation: str = "") -> str:
    """The path of one object, or of what relates to it, whatever characters its id has."""
    return "/".join(filter(None, (path, quote(id_, safe=""), relation)))
