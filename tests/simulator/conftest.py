"""One sandbox for this folder, with a clock that tests may turn."""

import time
from collections.abc import Iterator

import pytest

from tests.simulator.visitor import Caller, Shared
from webapp.simulator.server import Sandbox


class Clock:
    """The time, plus what a test has added."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture(scope="session")
def clock() -> Clock:
    """The sandbox's clock."""
    return Clock()


@pytest.fixture(scope="session")
def own_sandbox(clock: Clock) -> Iterator[Sandbox]:
    """A sandbox that only the tests of this folder touch."""
    sandbox = Sandbox.start(clock=clock)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def caller(own_sandbox: Sandbox) -> Iterator[Caller]:
    """A fresh browser at the sandbox, with no faults left over."""
    caller = Caller(own_sandbox)
    caller.ask("DELETE", "/sandbox/faults")
    caller.ask("DELETE", "/sandbox/requests")
    yield caller
    caller.ask("DELETE", "/sandbox/faults")
    caller.http.clear()


@pytest.fixture
def tiny(caller: Caller) -> Shared:
    """A small district of the test's own."""
    return Shared(caller, caller.post("/sandbox/districts", seed=7, size="tiny")["number"])


@pytest.fixture
def demo(caller: Caller) -> Shared:
    """The made-up district that a sandbox begins with; tests only look at it."""
    return Shared(caller, 1)
