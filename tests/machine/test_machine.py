"""TEST-2 and TEST-3: random days in a small district, the real product beside a plain model, compared at every step."""

import pytest

from tests.machine.days import Days
from tests.machine.playing import a_neighbour, play

EXAMPLES, STEPS = 15, 25
"""For each of the four seeds: 60 x 25 in all. `make soak` plays on from other seeds."""


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_TEST_2_the_product_does_on_random_days_what_the_model_says(database_url: str, number: int):
    Days.neighbour = a_neighbour()
    before = Days.steps
    play(number, examples=EXAMPLES, steps=STEPS)
    assert Days.steps - before >= EXAMPLES * STEPS / 2
