"""Killed at any checkpoint, the next run ends in the state of an undisturbed one (REL-18, REL-21)."""

import ast
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.meaning import differences
from tests.crash.points import POINTS, REAL, RECOVERED_WITHIN, Case, at_real_paces, cases
from tests.crash.trial import Outcome, killed
from tests.crash.yard import PLACES, Yard

pytestmark = pytest.mark.xdist_group("crash")
WEBAPP = Path(__file__).parents[2] / "webapp"
ASKED = [case for case in cases() if case.point.who == "asker"]
WORKED = [case for case in cases() if case.point.who != "asker"]


class Ended(dict[Case, Future[Outcome]]):
    """How each case ends; those that were chosen go on while the first are looked at."""

    def __init__(self, yard: Yard, pool: ThreadPoolExecutor) -> None:
        self._yard, self._pool = yard, pool

    def __missing__(self, case: Case) -> Future[Outcome]:
        self[case] = self._pool.submit(killed, self._yard, case)
        return self[case]


@pytest.fixture(scope="module")
def ended(
    yard: Yard, wanted: dict[str, Future[Outcome]], request: pytest.FixtureRequest
) -> Iterator[dict[Case, Future[Outcome]]]:
    """How each case ends. The one at real paces mostly sleeps: it begins first, and is looked at last."""
    given = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    chosen = [case for case in given if isinstance(case, Case)]
    with ThreadPoolExecutor(PLACES) as pool:
        ended = Ended(yard, pool)
        for case in sorted(chosen, key=lambda case: not case.at_real_paces):
            assert ended[case]
        yield ended


def _named_in_the_code() -> list[str]:
    calls = [
        node
        for path in WEBAPP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "checkpoint"
    ]
    return [ast.literal_eval(call.args[0]) for call in calls]


def test_TEST_4_every_checkpoint_is_in_the_matrix_once_and_there_are_forty_and_more():
    named = _named_in_the_code()
    assert sorted(named) == sorted(set(named)), "a name stands for one place"
    assert sorted(point.name for point in POINTS) == sorted(named)
    assert len(named) >= 40


@pytest.mark.parametrize("case", ASKED, ids=str)
def test_REL_18_REL_21_a_request_that_dies_on_its_way_is_there_whole_or_not_at_all(
    case: Case, ended: dict[Case, Future[Outcome]], wanted: dict[str, Future[Outcome]]
):
    found = ended[case].result()
    assert found.killed_at == case.point.name
    _is_undisturbed(found, wanted[case.point.story].result())


@pytest.mark.parametrize("case", WORKED, ids=str)
def test_REL_18_killed_anywhere_the_next_run_ends_as_an_undisturbed_one(
    case: Case, ended: dict[Case, Future[Outcome]], wanted: dict[str, Future[Outcome]]
):
    found = ended[case].result()
    assert found.killed_at == case.point.name
    _is_undisturbed(found, wanted[case.point.story].result())


@pytest.mark.parametrize("case", [at_real_paces()], ids=str)
def test_REL_18_REL_20_with_the_real_intervals_all_is_as_it_should_be_within_three_minutes_by_itself(
    case: Case, ended: dict[Case, Future[Outcome]], wanted: dict[str, Future[Outcome]]
):
    found = ended[case].result()
    _is_undisturbed(found, wanted[case.point.story].result())
    assert REAL["silent_seconds"] < found.seconds < RECOVERED_WITHIN, "it was dead for so long, and no longer"


def _is_undisturbed(found: Outcome, wanted: Outcome) -> None:
    assert differences(found.left, wanted.left) == {}
    assert found.replay == wanted.replay == []
