"""What is past its retention goes; what the class's history needs stays."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests.actions.undo_steps import call
from tests.factory import LATER, NOW, House, a_teacher, imported, synced
from tests.shared_roster import SharedRoster
from webapp.actions.purge import purge
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Change

MONTH = timedelta(days=30)


def journal(house: House, record: str) -> list[tuple[Any, Any]]:
    """Before and after of every change of this type that holds values."""
    with tenant(house.district_id) as session:
        rows = session.scalars(select(Change).where(Change.record == record, Change.after.is_not(None)))
        return [(row.before, row.after) for row in rows]


def test_REL_15_person_values_in_the_journal_are_blanked_after_thirty_days_and_rosters_stay(
    house: House, services: Mapping[str, Service], shared: SharedRoster, settings: Settings
):
    imported(house, a_teacher(house), ["biology"], services)
    call(shared, "s1", "Newname")
    shared.leave("biology", "s2")
    synced(house, services, LATER)
    people, rosters = journal(house, "account"), journal(house, "enrollment")
    assert ({"given_name": "S1"}, {"given_name": "Newname"}) in people and len(rosters) == 23
    purge(settings, NOW + MONTH)
    assert journal(house, "account") == people
    for _ in range(2):
        purge(settings, LATER + MONTH + timedelta(minutes=5))
        blanked = journal(house, "account")
        assert [(set(one), set(other)) for one, other in blanked] == [(set(one), set(other)) for one, other in people]
        assert all(value is None for both in blanked for one in both for value in one.values())
        assert journal(house, "enrollment") == rosters
