"""Steps of the tests about undo and hand marks."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from tests.factory import NOW, House, roster, worked
from tests.shared_roster import SharedRoster
from webapp.actions.request_undo import request_undo
from webapp.store.database import tenant
from webapp.store.tables import Account, Enrollment, Identity, SchoolClass, SyncRun


def later(hours: float) -> datetime:
    """So many hours after everything began."""
    return NOW + timedelta(hours=hours)


def undone(house: House, run_id: UUID, now: datetime, *, class_id: UUID | None = None) -> SyncRun:
    """The run taken back, as a worker does it; the undo as it ended."""
    undo_id = request_undo(house.district_id, run_id, now=now, class_id=class_id)
    return worked(house, undo_id, {}, now)


def students(house: House, name: str = "Biology") -> list[str]:
    """Who is actively in a class, in the order of their ids."""
    return roster(house, name)["student"]


def account_of(house: House, subject: str) -> UUID:
    """The account of somebody whom the service shares."""
    with tenant(house.district_id) as session:
        return session.scalars(select(Identity.account_id).where(Identity.subject == subject)).one()


def class_of(house: House, name: str = "Biology") -> SchoolClass:
    """The class that the service calls so."""
    with tenant(house.district_id) as session:
        return session.scalars(select(SchoolClass).where(SchoolClass.provider_name == name)).one()


def marks(house: House) -> dict[str, str]:
    """Every enrollment with a hand mark: source id -> mark."""
    with tenant(house.district_id) as session:
        marked = select(Identity.subject, Enrollment.hand).join(
            Enrollment, Enrollment.account_id == Identity.account_id
        )
        return {row.subject: row.hand for row in session.execute(marked.where(Enrollment.hand != "none"))}


def call(shared: SharedRoster, subject: str, name: str) -> None:
    """The service has another given name for somebody."""
    shared.people = [replace(one, given_name=name) if one.source_id == subject else one for one in shared.people]


def name_of(house: House, subject: str) -> str:
    """Somebody's given name here."""
    with tenant(house.district_id) as session:
        return session.get_one(Account, account_of(house, subject)).given_name
