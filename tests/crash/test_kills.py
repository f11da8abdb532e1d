"""Killed at any checkpoint, the next run ends in the state of an undisturbed one (REL-18, REL-21)."""

import ast
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.meaning import differences
from tests.crash.points import POINTS, Case, cases
from tests.crash.trial import Outcome, killed
from tests.crash.yard import Yard

pytestmark = pytest.mark.xdist_group("crash")
WEBAPP = Path(__file__).parents[2] / "webapp"
ASKED = [case for case in cases() if case.point.who == "asker"]
WORKED = [case for case in cases() if case.point.who != "asker"]


@pytest.fixture(scope="module")
def ended(
    yard: Yard, wanted: dict[str, Future[Outcome]], pool: ThreadPoolExecutor, request: pytest.FixtureRequest
) -> dict[Case, Future[Outcome]]:
    """How each case that was chosen ends; they go on while the first are looked at."""
    given = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    return {one["case"]: pool.submit(killed, yard, one["case"]) for one in given if isinstance(one.get("case"), Case)}


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
    _is_undisturbed(ended[case].result(), wanted[case.point.story].result())


@pytest.mark.parametrize("case", WORKED, ids=str)
def test_REL_18_killed_anywhere_the_next_run_ends_as_an_undisturbed_one(
    case: Case, ended: dict[Case, Future[Outcome]], wanted: dict[str, Future[Outcome]]
):
    _is_undisturbed(ended[case].result(), wanted[case.point.story].result())


def _is_undisturbed(found: Outcome, wanted: Outcome) -> None:
    assert differences(found.left, wanted.left) == {}
    assert found.replay == wanted.replay == []
