"""An id that comes back after a long absence as somebody else is a new person (REL-30)."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from tests.actions.proposal_steps import admin_of, join_them, numbered, proposals, the_proposal
from tests.actions.roster_rows import roster_rows
from tests.actions.undo_steps import account_of, later, name_of, students
from tests.factory import House, a_teacher, imported, synced
from tests.shared_roster import SharedRoster
from webapp.actions.decide_proposal import take_back
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import Account

DAY = 24


@pytest.fixture
def teacher(house: House, services: Mapping[str, Service], shared: SharedRoster) -> UUID:
    """A teacher who has imported Biology; s1 has left it an hour later."""
    numbered(shared)
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    shared.leave("biology", "s1")
    synced(house, services, later(1))
    return teacher


def comes_back(shared: SharedRoster, **differs: str) -> None:
    """The id of s1 is in Biology again, and this of them is different."""
    shared.join("biology", "s1")
    shared.people = [
        replace(one, **differs) if one.source_id == "s1" else one  # type: ignore[arg-type]
        for one in shared.people
    ]


def test_REL_30_an_id_reissued_after_a_long_absence_is_a_new_person_and_is_asked_about(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    before = account_of(house, "s1")
    comes_back(shared, given_name="Other", family_name="Child", sis_id="another")
    synced(house, services, later(32 * DAY))
    asked = the_proposal(house)
    assert asked.known_account_id == before and asked.evidence["by"] == "reissued"
    with tenant(house.district_id) as session:
        known, new = session.get_one(Account, before), session.get_one(Account, asked.new_account_id)
        assert (known.family_name, new.family_name) == ("Example", "Child")
    assert "s1" in students(house)
    rows = roster_rows("identity_proposal")
    synced(house, services, later(33 * DAY))
    assert roster_rows("identity_proposal") == rows


@pytest.mark.parametrize(
    ("days", "differs"),
    [
        (32, {"family_name": "Married"}),
        (32, {"sis_id": "another"}),
        (29, {"family_name": "Child", "sis_id": "another"}),
        (32, {}),
    ],
    ids=["name", "number", "short", "same"],
)
def test_REL_30_REL_13_who_comes_back_as_the_same_or_soon_keeps_the_account(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    teacher: UUID,
    days: int,
    differs: dict[str, str],
):
    before = account_of(house, "s1")
    comes_back(shared, **differs)
    synced(house, services, later(days * DAY))
    assert account_of(house, "s1") == before and proposals(house) == []


def test_REL_30_somebody_who_never_left_and_is_called_otherwise_keeps_the_account(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    before = account_of(house, "s2")
    shared.people = [
        replace(one, given_name="Ann", family_name="Other", sis_id="another") if one.source_id == "s2" else one
        for one in shared.people
    ]
    synced(house, services, later(32 * DAY))
    assert account_of(house, "s2") == before and name_of(house, "s2") == "Ann" and proposals(house) == []


def test_REL_30_an_administrator_who_knows_better_joins_the_two_again_and_takes_it_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    before = account_of(house, "s1")
    comes_back(shared, given_name="Other", family_name="Child", sis_id="another")
    synced(house, services, later(32 * DAY))
    admin = admin_of(house)
    asked = join_them(house, admin, later(33 * DAY))
    synced(house, services, later(34 * DAY))
    with tenant(house.district_id) as session:
        assert session.get_one(Account, before).family_name == "Child"
    assert "s1" in students(house)
    take_back(house.district_id, asked.id, account_id=admin, now=later(35 * DAY))
    synced(house, services, later(36 * DAY))
    assert "s1" in students(house)
    with tenant(house.district_id) as session:
        names = [session.get_one(Account, one).family_name for one in (before, asked.new_account_id)]
    assert names == ["Example", "Child"]
