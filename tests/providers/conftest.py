"""A scripted server, a wire to it, and services at the sandbox."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.providers.at_sandbox import At
from tests.providers.scripted import Scripted, scripted_server
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings
from webapp.simulator.server import Sandbox

TINY = Limits(
    connect_seconds=1.0,
    read_seconds=2.0,
    whole_seconds=4.0,
    body_bytes=200_000,
    pages=20,
    tries=3,
    first_wait=0.001,
    longest_wait=0.002,
    jitter=0.0,
    patience=0.5,
)


@pytest.fixture
def script() -> Iterator[Scripted]:
    """A server that answers what the test writes down."""
    with scripted_server() as script:
        yield script


@pytest.fixture
def wire(script: Scripted) -> Wire:
    """A wire to it, with tiny limits."""
    return Wire("The service", [script.url], TINY)


@pytest.fixture(scope="session")
def service_settings(sandbox: Sandbox) -> Settings:
    """Settings that know the sandbox's two services and nothing else."""
    given: dict[str, Any] = {
        name.removeprefix("ROLLBOOK_").lower(): value for name, value in sandbox.app_settings().items()
    }
    return Settings(_env_file=None, **given)


@pytest.fixture
def at(sandbox: Sandbox, service_settings: Settings) -> Iterator[At]:
    """The sandbox with a fresh tiny district, read through both services; its faults are cleared afterwards."""
    at = At(sandbox.url, service_settings)
    yield at
    at.steer("DELETE", "/sandbox/faults")
