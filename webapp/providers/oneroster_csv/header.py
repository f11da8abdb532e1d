"""A file's first line: which columns it has, which of them we read, and what is wrong with it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from webapp.providers.oneroster_csv.columns import Shape
from webapp.providers.oneroster_csv.faults import Fault


@dataclass(frozen=True, slots=True)
class Column:
    """A column that we read: where its cells stand, and where they go."""

    header: str
    position: int
    name: str
    written: Callable[[str], object]


@dataclass(frozen=True)
class Header:
    """The headers of one file in their order. Spreadsheets leave empty ones behind; those columns are not read."""

    shape: Shape[Any]
    headers: tuple[str, ...]

    @classmethod
    def of(cls, shape: Shape[Any], cells: Sequence[str]) -> "Header":
        """The header that these cells are."""
        return cls(shape, tuple(cell.strip() for cell in cells))

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that we read."""
        places = ((header, position, self.shape.place(header)) for position, header in enumerate(self.headers))
        return [Column(header, position, *place) for header, position, place in places if place]

    def faults(self) -> Iterator[Fault]:
        """Columns that are missing, and columns that stand there twice."""
        for column in self.shape.columns:
            if column not in self.headers:
                yield self._fault(f"The column {column} is missing{self._instead(column)}.", column)
        twice = [header for header, times in Counter(filter(None, self.headers)).items() if times > 1]
        # Without its header a file's first line is a person, whose values are not repeated here.
        for header in twice if self.columns else []:
            yield self._fault(f"The column {_shown(header)} is there twice.", header)

    def _instead(self, column: str) -> str:
        alike = (header for header in self.headers if _letters(header) == column.lower())
        found = next(alike, None)
        return f"; there is {_shown(found)} instead" if found else ""

    def _fault(self, sentence: str, field: str) -> Fault:
        return Fault(self.shape.file, sentence, 1, field)


def _letters(header: str) -> str:
    return "".join(one for one in header.lower() if one.isalnum())


def _shown(header: str) -> str:
    """The header with its invisible characters written out."""
    return "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in header)
