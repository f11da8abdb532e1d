"""Looking at a change feed from a test, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from tests.factory import LATER, NOW, House, a_teacher, imported, synced, worked
from tests.shared_roster import SharedRoster
from webapp.actions.look_for_changes import look_for_changes
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import Connection, SyncRun


def begun(house: House, services: Mapping[str, Service], shared: SharedRoster) -> House:
    """Two classes, synced once, with a feed that stands at c1."""
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.feed_stands_at = "c1"
    synced(house, services, NOW)
    return house


def look(house: House, services: Mapping[str, Service], now: datetime = LATER) -> UUID | None:
    """Look once; the run that was asked for."""
    return look_for_changes(house.district_id, house.connection_id, services=services, now=now)


def cursor(house: House) -> str | None:
    """Where its feed was read to."""
    with tenant(house.district_id) as session:
        return session.get_one(Connection, house.connection_id).feed_cursor


def open_runs(house: House) -> list[tuple[str, list[str] | None]]:
    """What is asked for and not done: state and scope."""
    waiting = select(SyncRun).where(SyncRun.state.in_(("requested", "parked", "held"))).order_by(SyncRun.id)
    with tenant(house.district_id) as session:
        return [(run.state, run.scope) for run in session.scalars(waiting)]


def do(house: House, services: Mapping[str, Service], run_id: UUID | None, now: datetime = LATER) -> SyncRun:
    """Do that run as a worker does."""
    assert run_id is not None
    return worked(house, run_id, services, now)
