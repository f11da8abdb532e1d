"""Small factories: rows that a test needs to exist, made through the same doors as the product's own."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from webapp.actions.request_import import request_import
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.sync_connection import sync_connection
from webapp.actions.undo_run import undo_run
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import (
    Account,
    AccountRole,
    Connection,
    District,
    Identity,
    License,
    LicenseMember,
    LicenseSchool,
    SyncRun,
)

NOW = datetime(2026, 10, 5, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(hours=2)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class House:
    """A district with a license and a connection."""

    district_id: UUID
    license_id: UUID
    connection_id: UUID
    authority: str


def a_house(
    *, provider: str = "clever", seats: int = 500, schools: Sequence[str] = (), ends_on: date | None = None
) -> House:
    """A district that is connected and licensed."""
    number = next(_numbers)
    district_id, authority = uuid4(), f"authority-{number}"
    with tenant(district_id) as session:
        session.add(District(id=district_id, name=f"District {number}", time_zone="America/New_York", made_at=NOW))
        session.flush()
        license_ = License(
            district_id=district_id,
            name="License",
            starts_on=date(2026, 8, 1),
            ends_on=ends_on,
            student_seats=seats,
            made_at=NOW,
        )
        connection = Connection(
            district_id=district_id,
            provider=provider,
            provider_district=authority,
            method="teacher_choice",
            state="connected",
            made_at=NOW,
        )
        session.add_all([license_, connection])
        session.flush()
        session.add_all(LicenseSchool(district_id=district_id, license_id=license_.id, given_id=one) for one in schools)
        return House(district_id, license_.id, connection.id, authority)


def a_teacher(house: House, subject: str = "t1", *, provider: str = "clever", kind: str = "user_id") -> UUID:
    """A member with the teacher role whose login is linked to the service; her account's id."""
    identity = Identity(provider=provider, authority=house.authority, kind=kind, subject=subject, valid_from=NOW)
    member = LicenseMember(license_id=house.license_id, role="teacher", joined_at=NOW)
    address = f"{subject}@school.example"
    with tenant(house.district_id) as session:
        account = Account(given_name=subject.title(), family_name="Example", email=address, made_at=NOW)
        account.district_id = house.district_id
        session.add(account)
        session.flush()
        for hers in (member, AccountRole(role="teacher"), identity):
            hers.district_id, hers.account_id = house.district_id, account.id
            session.add(hers)
        return account.id


def imported(
    house: House, teacher: UUID, sections: Sequence[str], services: Mapping[str, Service], now: datetime = NOW
) -> SyncRun:
    """These sections imported by this teacher; the run as it ended."""
    run_id = request_import(house.district_id, teacher, sections, services=services, now=now)
    return worked(house, run_id, services, now)


def synced(house: House, services: Mapping[str, Service], now: datetime) -> SyncRun:
    """The whole connection synced; the run as it ended."""
    run_id = request_connection_sync(house.district_id, house.connection_id, now=now)
    return worked(house, run_id, services, now)


def worked(house: House, run_id: UUID, services: Mapping[str, Service], now: datetime) -> SyncRun:
    """The run done as a worker does it; the run as it ended."""
    if not undo_run(run_id, house.district_id, now=now):
        sync_connection(run_id, house.district_id, services=services, now=now)
    with tenant(house.district_id) as session:
        return session.get_one(SyncRun, run_id)


def roster(house: House, class_name: str) -> dict[str, list[str]]:
    """Who is actively in a class: role -> source ids, sorted."""
    with tenant(house.district_id) as session:
        rows = session.execute(
            text("""
select n.role, i.subject from enrollment n join school_class c on c.id = n.class_id
join identity i on i.account_id = n.account_id and i.valid_to is null
where n.state = 'active' and coalesce(c.name_given, c.provider_name) = :name order by 2"""),
            {"name": class_name},
        ).all()
    return {role: [subject for its_role, subject in rows if its_role == role] for role in ("teacher", "student")}


def classes(house: House) -> dict[str, str]:
    """Every class of the district: name -> state."""
    with tenant(house.district_id) as session:
        rows = session.execute(text("select coalesce(name_given, provider_name) as name, state from school_class"))
        return {row.name: row.state for row in rows}
