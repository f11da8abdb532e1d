"""Create a license, and with it the district (the tenant) where it is its first."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import Uuid, func, select
from sqlalchemy.orm import Session

from webapp.actions.addresses import tidy_address
from webapp.actions.invite import Invited, add_invitation
from webapp.store import database
from webapp.store.audit import note
from webapp.store.tables import District, License, LicenseSchool


class CannotCreate(Exception):
    """The license can't be made; the message is a plain sentence."""


@dataclass(frozen=True)
class LicenseOrder:
    """What was bought. Without schools it covers the whole district; without an end it is open-ended."""

    name: str
    seats: int
    admin_address: str
    teacher_seats: int | None = None
    ends_on: date | None = None
    schools: tuple[str, ...] = ()
    time_zone: str = "America/New_York"


@dataclass(frozen=True)
class Created:
    """The new license, its district, and the invitation of its first admin."""

    license_id: UUID
    district_id: UUID
    invitation: Invited


def create_license(order: LicenseOrder, *, now: datetime, district_id: UUID | None = None) -> Created:
    """There is a license, in a new district unless one was named, and its admin is invited.

    Raises CannotCreate, BadAddress.
    """
    _check(order, now)
    address = tidy_address(order.admin_address)
    here = district_id or _new_id()
    with database.tenant(here) as session:
        if district_id is None:
            session.add(District(id=here, name=order.name.strip(), time_zone=order.time_zone, made_at=now))
            session.flush()
        elif session.get(District, here) is None:
            raise CannotCreate("There is no such district.")
        license = _add_license(session, here, order, now)
        note(session, "license_created", at=now, district_id=here, about=("license", license.id))
        return Created(license.id, here, add_invitation(session, license, address, "license_admin", now=now))


def _check(order: LicenseOrder, now: datetime) -> None:
    if not order.name.strip():
        raise CannotCreate("A license needs a name.")
    if order.seats < 1 or (order.teacher_seats is not None and order.teacher_seats < 1):
        raise CannotCreate("A license needs at least one seat.")
    if order.time_zone not in available_timezones():
        raise CannotCreate(f"{order.time_zone} is not a time zone. They look like America/New_York.")
    if order.ends_on is not None and order.ends_on < now.astimezone(ZoneInfo(order.time_zone)).date():
        raise CannotCreate("The license would have ended already.")


def _new_id() -> UUID:
    """A district's id is needed before its row: the tenant's door asks for it."""
    with database.directory() as session:
        return session.scalars(select(func.uuidv7(type_=Uuid()))).one()


def _add_license(session: Session, district_id: UUID, order: LicenseOrder, now: datetime) -> License:
    license = License(
        district_id=district_id,
        name=order.name.strip(),
        starts_on=now.astimezone(ZoneInfo(order.time_zone)).date(),
        ends_on=order.ends_on,
        student_seats=order.seats,
        teacher_seats=order.teacher_seats,
        made_at=now,
    )
    session.add(license)
    session.flush()
    for school in dict.fromkeys(order.schools):
        session.add(LicenseSchool(district_id=district_id, license_id=license.id, given_id=school))
    session.flush()
    return license
