"""Pages of docs/ that name the tests behind each promise: the rows of their tables, and the tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
REAL_TESTS = frozenset(
    re.findall(r"^\s*def (test_\w+)", "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py")), re.M)
)


def rows(page: Path, heading: str) -> list[tuple[str, ...]]:
    """The cells of each row of the table under this heading, without the table's head."""
    section = page.read_text().split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and line.endswith(" |")]
    return [tuple(line[2:-2].split(" | ")) for line in lines[2:]]


def named(text: str) -> set[str]:
    """The tests that a page or a cell names."""
    return set(re.findall(r"`(test_\w+)`", text))
