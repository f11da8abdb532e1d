"""Who is let in, and why somebody is not; a service held in memory says what the district's roster says."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.factory import NOW, House, a_teacher
from tests.shared_roster import SharedRoster
from webapp.actions import refusals
from webapp.actions.enter import enter
from webapp.providers.errors import Unreachable
from webapp.providers.service import Condition, Service, Visitor
from webapp.roster.records import Person, Role
from webapp.store.database import tenant
from webapp.store.tables import Identity


def visitor(house: House, subject: str, *, guardian: bool = False) -> Visitor:
    """Somebody of the district who has just signed in at the service."""
    return Visitor("clever", house.authority, {"user_id": subject}, "Some", "Body", guardian)


def why_not(house: House, services: Mapping[str, Service], subject: str, **more: bool) -> refusals.Refusal:
    """Why this visitor is not let in."""
    with pytest.raises(refusals.Refusal) as caught:
        enter(visitor(house, subject, **more), services=dict(services), now=NOW)
    return caught.value


@pytest.mark.parametrize(
    ("roles", "reason"),
    [
        ((Role.STUDENT,), refusals.NoClassYet),
        ((Role.TEACHER,), refusals.NotOnLicense),
        ((Role.STAFF,), refusals.NotOnLicense),
        ((Role.SCHOOL_ADMIN,), refusals.NotOnLicense),
        ((Role.DISTRICT_ADMIN,), refusals.NotOnLicense),
        ((Role.STUDENT, Role.TEACHER), refusals.NotOnLicense),
        ((Role.TEACHER, Role.STAFF, Role.DISTRICT_ADMIN), refusals.NotOnLicense),
    ],
)
def test_clever_row_17_all_roles_of_a_newcomer_count(
    house: House,
    shared: SharedRoster,
    services: Mapping[str, Service],
    roles: tuple[Role, ...],
    reason: type[refusals.Refusal],
) -> None:
    shared.people.append(Person("new", roles, "New", "Comer"))
    assert type(why_not(house, services, "new")) is reason


def test_who_is_not_shared_reads_what_the_service_says_about_the_district(
    house: House, shared: SharedRoster, services: Mapping[str, Service]
) -> None:
    shared.condition = Condition(sentence="Nobody can sign in with Clever here before August 12, 2026.")
    refusal = why_not(house, services, "nobody")
    assert isinstance(refusal, refusals.NotInRoster)
    assert refusal.because == "Nobody can sign in with Clever here before August 12, 2026."


def test_a_parent_is_told_so_unless_the_roster_knows_more(
    house: House, shared: SharedRoster, services: Mapping[str, Service]
) -> None:
    assert isinstance(why_not(house, services, "parent", guardian=True), refusals.ParentAccount)
    assert isinstance(why_not(house, services, "t1", guardian=True), refusals.NotOnLicense)


def test_classlink_row_16_a_newcomer_whom_the_roster_has_switched_off_is_not_let_in(
    house: House, shared: SharedRoster, services: Mapping[str, Service]
) -> None:
    shared.people = [replace(one, enabled=False) for one in shared.people]
    for subject in ("s1", "t1"):
        assert isinstance(why_not(house, services, subject), refusals.SwitchedOffThere)


def test_classlink_row_16_a_known_person_whom_the_sync_found_switched_off_is_not_let_in_and_nobody_is_asked(
    house: House, shared: SharedRoster, services: Mapping[str, Service]
) -> None:
    account = a_teacher(house)
    assert enter(visitor(house, "t1"), services=dict(services), now=NOW).account_id == account
    with tenant(house.district_id) as session:
        session.execute(update(Identity).values(enabled=False))
    assert isinstance(why_not(house, services, "t1"), refusals.SwitchedOffThere)
    assert shared.requests == 0


def test_a_service_that_cannot_say_who_is_who_says_nothing_against_anybody(
    house: House, shared: SharedRoster, services: Mapping[str, Service]
) -> None:
    shared.trouble = Unreachable("gone")
    with pytest.raises(Unreachable):
        enter(visitor(house, "t1"), services=dict(services), now=NOW)
