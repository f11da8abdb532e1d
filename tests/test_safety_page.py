"""The page of what is promised about syncs: every row names tests that exist, and at least one that carries its id."""

import re

from tests.pages_of_proof import REAL_TESTS, ROOT, named, rows

PAGE = ROOT / "docs" / "safety.md"
SYNCS, TESTING = rows(PAGE, "Syncs"), rows(PAGE, "How it is tested")
LATER = {f"REL-{number}" for number in range(40, 46)}
"""Rostering by CSV files: a later step, whose tests may carry their ids already."""


def test_every_promise_is_there_once() -> None:
    assert [row[0] for row in SYNCS] == [f"REL-{number}" for number in range(1, 36)]
    assert [row[0] for row in TESTING] == ["TEST-2", "TEST-3", "TEST-4", "TEST-8", "TEST-10"]


def test_every_row_says_what_is_done_and_what_otherwise_than_expected() -> None:
    assert not [row[0] for row in SYNCS + TESTING if len(row) != 4 or not all(cell.strip() for cell in row)]


def test_every_test_that_the_page_names_exists() -> None:
    assert not named(PAGE.read_text()) - REAL_TESTS


def test_every_promise_names_a_test_that_carries_its_id() -> None:
    unproven = [
        row[0] for row in SYNCS if not [name for name in named(row[2]) if f"{row[0].replace('-', '_')}_" in name]
    ]
    assert not unproven


def test_every_way_of_testing_names_its_tests() -> None:
    assert not [row[0] for row in TESTING if not named(row[2])]


def test_no_test_carries_the_id_of_a_promise_that_nobody_made() -> None:
    carried = {f"REL-{number}" for name in REAL_TESTS for number in re.findall(r"REL_(\d+)", name)}
    assert carried <= {row[0] for row in SYNCS} | LATER
