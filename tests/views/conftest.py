"""The web application, a school around it, and browsers that go back and forth between it and the services."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask

from tests.providers.at_sandbox import At
from tests.views.school import School, a_school
from webapp.actions.passwords import hashing
from webapp.settings import Settings
from webapp.simulator.server import Sandbox
from webapp.views import create_app


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    hashing.use(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def app(settings: Settings) -> Flask:
    """The web application on this worker's database."""
    return create_app(settings)


@pytest.fixture
def at(sandbox: Sandbox, settings: Settings) -> Iterator[At]:
    """A fresh tiny district at the sandbox's two services."""
    at = At(sandbox.url, settings)
    yield at
    at.steer("DELETE", "/sandbox/faults")


@pytest.fixture
def school(app: Flask, at: At) -> School:
    """That district as a customer: a license, and a connection to each service."""
    return a_school(app, at)
