"""People are known by the service's own ids alone: an equal number or address makes nobody the same (REL-30)."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import text

from tests.factory import LATER, House, a_teacher, imported, roster, synced
from tests.shared_roster import SharedRoster
from webapp.providers.service import Service
from webapp.roster.records import Person, Role
from webapp.store.database import tenant


def _accounts(house: House) -> dict[str, str]:
    """Source id -> account id."""
    with tenant(house.district_id) as session:
        rows = session.execute(text("select subject, cast(account_id as text) from identity where valid_to is null"))
        return {row[0]: row[1] for row in rows}


def _share(shared: SharedRoster, **fields: Mapping[str, str]) -> None:
    """These people have these values in these fields: field -> source id -> value."""

    def told(person: Person) -> Person:
        own = {name: of[person.source_id] for name, of in fields.items() if person.source_id in of}
        return replace(person, **own)  # type: ignore[arg-type]

    shared.people = [told(one) for one in shared.people]


def test_REL_30_a_new_id_with_a_known_number_is_a_new_account_and_nobodys_is_changed(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    numbers = {"s1": "1001", "back-again": "1001"}
    _share(shared, sis_id=numbers, student_number=numbers)
    imported(house, a_teacher(house), ["biology"], services)
    before = _accounts(house)
    shared.leave("biology", "s1")
    shared.join("biology", "back-again")
    _share(shared, sis_id=numbers, student_number=numbers)
    synced(house, services, LATER)
    after = _accounts(house)
    assert after.pop("back-again") not in before.values()
    assert after == before
    assert "back-again" in roster(house, "Biology")["student"]


def test_REL_30_SEC_7_two_people_with_one_address_are_two_accounts(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    addresses = dict.fromkeys(("t2", "t3"), "office@school.example")
    _share(shared, email=addresses)
    imported(house, a_teacher(house), ["biology"], services)
    before = _accounts(house)
    shared.join("biology", "t3", Role.TEACHER)
    _share(shared, email=addresses)
    synced(house, services, LATER)
    after = _accounts(house)
    assert after.pop("t3") not in before.values()
    assert after == before
    assert roster(house, "Biology")["teacher"] == ["t1", "t2", "t3"]
