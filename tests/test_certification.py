"""The page of the certification checklists: every row names tests that exist, or says why it cannot apply."""

import pytest

from tests.pages_of_proof import REAL_TESTS, ROOT, named
from tests.pages_of_proof import rows as rows_of

PAGE = ROOT / "docs" / "certification.md"
ROWS = {"Clever": 35, "ClassLink": 20}
"""How many rows each service's checklist has."""


def rows(service: str) -> list[tuple[int, str]]:
    """Number and proof of each row of the service's table."""
    return [(int(number), proof) for number, _requirement, proof in rows_of(PAGE, service)]


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
    there = named(PAGE.read_text())
    assert there
    assert not there - REAL_TESTS
