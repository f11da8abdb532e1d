"""A file line by line: UTF-8 text with any newline becomes cells with the number of the line where they began."""

import csv
import io
from collections.abc import Iterable, Iterator

from webapp.providers.oneroster_csv.faults import Fault, Faults
from webapp.providers.oneroster_csv.package import Package

MOST_ROWS = 1_000_000

Cells = list[str]


def cells_of(package: Package, name: str, faults: Faults) -> Iterator[tuple[int, Cells]]:
    """Each line of a file that holds something, as (line number, cells). Refuses what is no CSV text in UTF-8."""
    with package.opened(name) as file:
        # What is not UTF-8 goes through as surrogates, so that the line where it stands can be named.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        lines = csv.reader(_clean(text, name, faults), strict=True)
        begun, rows = 1, 0
        try:
            for cells in lines:
                if any(cells):
                    rows += 1
                    yield begun, cells
                begun = lines.line_num + 1
                if rows > MOST_ROWS:
                    faults.refuse(Fault(name, f"This file has more than {MOST_ROWS:,} rows."))
        except csv.Error:
            sentence = "From here on the quotes do not match, or a cell is far too long."
            faults.refuse(Fault(name, sentence, begun))


def _clean(lines: Iterable[str], name: str, faults: Faults) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            faults.refuse(Fault(name, "This line holds a NUL character, as no text does.", number))
        if not line.isascii() and not _is_text(line):
            faults.refuse(Fault(name, "This line is not written in UTF-8. Export the file as CSV in UTF-8.", number))
        yield line


def _is_text(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
