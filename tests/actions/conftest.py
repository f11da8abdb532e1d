"""A small district whose service is held in memory, for the actions that read from one."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from tests.factory import House, a_house, a_teacher, imported
from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.providers.service import Service
from webapp.roster.records import Role, Term
from webapp.store import seal


@pytest.fixture
def shared() -> SharedRoster:
    """What the service shares: three sections of two teachers."""
    shared = SharedRoster()
    shared.add_section("Biology", teachers=["t1", "t2"], students=PUPILS)
    shared.add_section("Chemistry", teachers=["t1"], students=PUPILS[:5])
    shared.add_section("Drama", teachers=["t2"], students=PUPILS[:3])
    return shared


@pytest.fixture
def services(shared: SharedRoster) -> Mapping[str, Service]:
    """That service, under Clever's name."""
    seal.use_keys(Fernet.generate_key().decode())
    return {"clever": SharedService(shared)}


@pytest.fixture
def house(database_url: str) -> House:
    """A district with a license and a connection to it."""
    return a_house()


@pytest.fixture
def teacher(house: House, services: Mapping[str, Service]) -> UUID:
    """A teacher who has imported Biology."""
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    return teacher


@pytest.fixture
def tidy(shared: SharedRoster) -> SharedRoster:
    """The same district without anything odd about it."""
    shared.terms = [Term("year", "Year")]
    shared.sections = [replace(one, term_source_ids=("year",)) for one in shared.sections]
    shared.people = [
        one if Role.STUDENT in one.roles else replace(one, email=f"{one.source_id}@school.example")
        for one in shared.people
    ]
    return shared
