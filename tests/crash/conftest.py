"""One yard for all crash tests; the cases of the matrix run several at once, since they mostly wait."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.crash.points import STORIES
from tests.crash.trial import Outcome, undisturbed
from tests.crash.yard import Yard, a_yard

AT_ONCE = 3


@pytest.fixture(scope="session")
def yard() -> Iterator[Yard]:
    """The servers and the nursery."""
    with a_yard() as yard:
        yield yard


@pytest.fixture(scope="session")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Runs several cases at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool


@pytest.fixture(scope="session")
def wanted(yard: Yard, pool: ThreadPoolExecutor) -> dict[str, Future[Outcome]]:
    """How each story ends when nobody is killed."""
    return {name: pool.submit(undisturbed, yard, story) for name, story in STORIES.items()}
