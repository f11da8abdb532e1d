"""One district's OneRoster address: where it is, who asks, and which revision answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote, urlencode

from webapp.providers.answers import decode
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer, NotShared
from webapp.providers.oneroster.paging import OneRow, Rows, pages
from webapp.providers.wire import Answer, Wire

T = TypeVar("T")


@dataclass(frozen=True)
class Door:
    """The base address of a district's roster, and how to GET below it with the district's token."""

    base: str
    get: Callable[[str], Answer]


class Feed:
    """Asks one district's roster server. `enter` finds the door when it is first needed."""

    def __init__(self, wire: Wire, enter: Callable[[], Door]) -> None:
        self.wire = wire
        self._enter = enter
        self._door: Door | None = None
        self._revision = ""

    def begin(self) -> None:
        """Begin a pull: from here on every answer must be of one revision."""
        self._revision = ""

    def one(self, path: str, kind: type[T]) -> T:
        """One object's envelope. Raises NotShared where it is not shared though our access is good."""
        try:
            return decode(self.wire, self._get(path), kind)
        except NotShared:
            self.check_access()
            raise

    def every(self, path: str, kind: type[Rows[OneRow]]) -> Iterator[Sequence[OneRow]]:
        """Every page of a whole collection."""
        try:
            yield from self.related(path, kind)
        except NotShared as error:
            raise IncompleteAnswer(f"The roster server does not answer for {path}.") from error

    def related(self, path: str, kind: type[Rows[OneRow]], **query: str) -> Iterator[Sequence[OneRow]]:
        """Every page of a nested or filtered list. Raises NotShared where its parent is not shared."""

        def ask(limit: int, offset: int) -> tuple[Answer, Rows[OneRow]]:
            # A stable order, or rows change pages between two requests.
            ordered = {"limit": limit, "offset": offset, "sort": "sourcedId", "orderBy": "asc"} | query
            answer = self._get(f"{path}?{urlencode(ordered, quote_via=quote)}")
            return answer, decode(self.wire, answer, kind)

        return pages(ask, self.wire.limits.pages)

    def check_access(self) -> None:
        """Raise where the reason for a 404 is our access: then the collection of orgs is refused as well."""
        try:
            self._get("orgs?limit=1")
        except NotShared as error:
            raise IncompleteAnswer("The roster server does not even answer for its orgs.") from error

    def _get(self, target: str) -> Answer:
        self._door = self._door or self._enter()
        answer = self._door.get(f"{self._door.base}/{target}")
        revision = answer.headers.get("X-Perm-Rev", "")
        if self._revision and revision and revision != self._revision:
            raise Drift("The roster server's data changed while they were read.")
        self._revision = self._revision or revision
        return answer


def below(collection: str, source_id: str, relation: str = "") -> str:
    """The path of one object, or of what relates to it, whatever characters its id has."""
    return "/".join(filter(None, (collection, quote(source_id, safe=""), relation)))
