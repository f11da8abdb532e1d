"""The page of the certification checklists: every row names tests that exist, or says why it cannot apply."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "certification.md"
ROWS = {"Clever": 35, "ClassLink": 20}
"""How many rows each service's checklist has."""

REAL_TESTS = set(
    re.findall(r"^\s*def (test_\w+)", "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py")), re.M)
)


def rows(service: str) -> list[tuple[int, str]]:
    """Number and proof of each row of the service's table."""
    section = PAGE.read_text().split(f"## {service}\n", 1)[1].split("\n## ", 1)[0]
    found = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", section, re.M)
    return [(int(number), proof) for number, _requirement, proof in found]


@pytest.mark.parametrize("service", ROWS)
def test_every_row_of_the_checklist_is_there_once(service: str) -> None:
    assert [number for number, _proof in rows(service)] == list(range(1, ROWS[service] + 1))


@pytest.mark.parametrize("service", ROWS)
def test_every_row_names_its_tests_or_says_why_it_cannot_apply(service: str) -> None:
    silent = [
        number for number, proof in rows(service) if "`test_" not in proof and "Cannot be shown here:" not in proof
    ]
    assert not silent


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE.read_text()))
    assert named
    assert not named - REAL_TESTS
