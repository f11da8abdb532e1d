"""One file of a package as rows: each in OneRoster's shape, with the line where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic

from msgspec import convert

from webapp.providers.oneroster_csv.columns import OneRow, Shape
from webapp.providers.oneroster_csv.faults import Fault, Faults
from webapp.providers.oneroster_csv.header import Column, Header
from webapp.providers.oneroster_csv.lines import Cells, cells_of
from webapp.providers.oneroster_csv.package import Package

LONGEST_CELL = 1_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""A cell that begins so could run in a spreadsheet; exports put an apostrophe before it (REL-45)."""

Lines = Iterator[tuple[int, Cells]]


@dataclass(frozen=True, slots=True)
class Placed(Generic[OneRow]):
    """A row, and where it stands."""

    row: OneRow
    file: str
    line: int


class Table(Generic[OneRow]):
    """One file of a package. `declared`: the manifest says what it is."""

    def __init__(self, package: Package, shape: Shape[OneRow], faults: Faults, *, declared: bool) -> None:
        self._package = package
        self._shape = shape
        self._faults = faults
        self._declared = declared

    def check(self) -> None:
        """Add what is wrong with the header."""
        if self._shape.file in self._package:
            header, _ = self._begun()
            for fault in header.faults():
                self._faults.add(fault)

    def rows(self) -> Iterator[Placed[OneRow]]:
        """Every row without a fault, in the file's order; none where the package does without this file."""
        if self._shape.file not in self._package:
            return
        header, lines = self._begun()
        for line, cells in lines:
            values = {column: cell for column in header.columns if (cell := self._cell(line, cells, column))}
            if self._is_whole(line, cells, header, values):
                shaped = {column.name: column.written(cell) for column, cell in values.items()}
                yield Placed(convert(shaped, self._shape.row), self._shape.file, line)

    def _begun(self) -> tuple[Header, Lines]:
        lines = cells_of(self._package, self._shape.file, self._faults)
        _, first = next(lines, (1, []))
        return Header.of(self._shape, first), lines

    def _cell(self, line: int, cells: Cells, column: Column) -> str:
        """The cell's text; "" where there is none, or one that is too long."""
        cell = _plain(cells[column.position]) if column.position < len(cells) else ""
        if len(cell) > LONGEST_CELL:
            self._add(f"This cell is longer than {LONGEST_CELL:,} characters.", line, column.header)
        return cell if cell.strip() and len(cell) <= LONGEST_CELL else ""

    def _is_whole(self, line: int, cells: Cells, header: Header, values: dict[Column, str]) -> bool:
        """True for a row that can be read. Adds what is wrong with others."""
        held = {column.header: cell for column, cell in values.items()}
        empty = [column for column in self._shape.filled if column not in held]
        for column in empty:
            self._add(f"The column {column} is empty in this row.", line, column)
        wide = any(cell.strip() for cell in cells[len(header.headers) :])
        if wide:
            self._add("This row has more cells than there are columns: a comma may lack its quotes.", line)
        changes = not self._declared and held.get("status", "").lower() == "tobedeleted"
        if changes:
            self._add("This row is to be deleted, as only exports of changes (delta) say. Export everything.", line)
        return not (empty or wide or changes)

    def _add(self, sentence: str, line: int, field: str = "") -> None:
        self._faults.add(Fault(self._shape.file, sentence, line, field))


def _plain(cell: str) -> str:
    """The cell without the apostrophe that our own export puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
