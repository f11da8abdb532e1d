"""The table of mutants fits the tree, so that `make mutants` shows something whenever it is run."""

import pytest

from tests.mutants.mutant import Mutant
from tests.mutants.table import MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.id} {one.says}")
def test_TEST_8_a_mutant_finds_its_text_once_and_its_tests(mutant: Mutant) -> None:
    assert mutant.faults() == []


def test_TEST_8_there_are_fifty_mutants_and_each_says_something_of_its_own() -> None:
    assert len(MUTANTS) >= 50
    assert len({one.says for one in MUTANTS}) == len({(one.file, one.old, one.new) for one in MUTANTS}) == len(MUTANTS)
