"""Records that other records name: schools, terms and courses."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from webapp.roster.records import Course, School, Term

HANDFUL = 3
"""Beyond so many of a kind, one request for the whole list costs less than one for each."""

Around = TypeVar("Around", bound=School | Term | Course)
"""What stands around a section."""


class Lookup(Generic[Around]):
    """Finds records by id and asks for each at most once."""

    def __init__(
        self,
        one: Callable[[str], Around | None],
        every: Callable[[], Iterable[Sequence[Around]]],
        handful: int = HANDFUL,
    ) -> None:
        self._one = one
        self._every = every
        self._handful = handful
        self._known: dict[str, Around | None] = {}

    def pages(self) -> Iterable[Sequence[Around]]:
        """All there are, asked anew."""
        return self._every()

    def find(self, ids: Iterable[str]) -> list[Around]:
        """Those of the records that the service shares, in the order of the ids."""
        wanted = [id_ for id_ in dict.fromkeys(ids) if id_]
        missing = [id_ for id_ in wanted if id_ not in self._known]
        if len(missing) > self._handful:
            listed = {record.source_id: record for page in self._every() for record in page}
            self._known |= dict.fromkeys(missing) | listed
        else:
            self._known.update({id_: self._one(id_) for id_ in missing})
        return [record for id_ in wanted if (record := self._known[id_])]

    def get(self, id_: str) -> Around | None:
        """The record, or None where it is not shared."""
        return next(iter(self.find([id_])), None)
