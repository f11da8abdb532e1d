"""A simulated district, a customer of each of its services, and a service held in memory."""

from collections.abc import Iterator

import pytest

from tests.certification_rows.customer import Customer, a_customer
from tests.providers.at_sandbox import At
from tests.views.desk import Desk, a_desk
from webapp.settings import Settings
from webapp.store import seal


@pytest.fixture
def at(settings: Settings) -> Iterator[At]:
    """A fresh tiny district at both services."""
    seal.use_keys(settings.token_keys)
    at = At(settings.sandbox_url, settings)
    yield at
    at.steer("DELETE", "/sandbox/faults")


@pytest.fixture(params=["clever", "classlink"])
def customer(at: At, request: pytest.FixtureRequest) -> Customer:
    """That district as a customer by each of the services."""
    return a_customer(at, request.param)


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A customer whose service is held in memory, and the pages."""
    seal.use_keys(settings.token_keys)
    return a_desk(settings)
