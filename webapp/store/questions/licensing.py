"""How is a license used: its seats, its members, the people invited, and the connections that feed it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.store.tables import (
    Account,
    Connection,
    District,
    Enrollment,
    Invitation,
    License,
    LicenseMember,
    SchoolClass,
)


@dataclass(frozen=True)
class Seats:
    """Seats of one kind; `bought` is empty where the license sets no limit."""

    used: int
    bought: int | None

    @property
    def left(self) -> int | None:
        """How many are free."""
        return None if self.bought is None else max(self.bought - self.used, 0)


@dataclass(frozen=True)
class Member:
    """Somebody on the license."""

    name: str
    email: str | None
    role: str
    joined_at: datetime
    last_sign_in_at: datetime | None


@dataclass(frozen=True)
class Invitee:
    """Somebody invited, and what became of it: `invited`, `expired`, `accepted` or `revoked`."""

    invitation_id: UUID
    address: str
    role: str
    state: str
    made_at: datetime
    expires_at: datetime


def licenses_run_by(session: Session, account_id: UUID) -> Sequence[License]:
    """The licenses that this person looks after, by name."""
    return session.scalars(
        select(License)
        .join(LicenseMember, LicenseMember.license_id == License.id)
        .where(
            LicenseMember.account_id == account_id,
            LicenseMember.role == "license_admin",
            LicenseMember.ended_at.is_(None),
        )
        .order_by(License.name, License.id)
    ).all()


def teacher_seats(session: Session, license: License) -> Seats:
    """Each live member with the teacher role uses one."""
    used = select(func.count(LicenseMember.account_id.distinct())).where(
        LicenseMember.license_id == license.id, LicenseMember.role == "teacher", LicenseMember.ended_at.is_(None)
    )
    return Seats(session.scalars(used).one(), license.teacher_seats)


def student_seats(session: Session, license: License) -> Seats:
    """Each person with an active student enrollment in an active or frozen class of the license uses one."""
    used = (
        select(func.count(Enrollment.account_id.distinct()))
        .join(SchoolClass, SchoolClass.id == Enrollment.class_id)
        .where(
            SchoolClass.license_id == license.id,
            SchoolClass.state.in_(("active", "frozen")),
            Enrollment.role == "student",
            Enrollment.state == "active",
        )
    )
    return Seats(session.scalars(used).one(), license.student_seats)


def members_of(session: Session, license_id: UUID) -> list[Member]:
    """Everybody who is on the license now, in the order in which they joined."""
    rows = session.execute(
        select(Account, LicenseMember.role, LicenseMember.joined_at)
        .join(LicenseMember, LicenseMember.account_id == Account.id)
        .where(LicenseMember.license_id == license_id, LicenseMember.ended_at.is_(None))
        .order_by(LicenseMember.joined_at, LicenseMember.id)
    )
    return [
        Member(f"{account.given_name} {account.family_name}", account.email, role, joined_at, account.last_sign_in_at)
        for account, role, joined_at in rows
    ]


def invitees_of(session: Session, license_id: UUID, now: datetime) -> list[Invitee]:
    """Everybody who was invited to the license, newest first."""
    rows = session.scalars(
        select(Invitation).where(Invitation.license_id == license_id).order_by(Invitation.made_at.desc(), Invitation.id)
    )
    return [
        Invitee(row.id, row.address, row.role, invitation_state(row, now), row.made_at, row.expires_at) for row in rows
    ]


def invitation_state(invitation: Invitation, now: datetime) -> str:
    """What became of it, in a word."""
    if invitation.accepted_at:
        return "accepted"
    if invitation.revoked_at:
        return "revoked"
    return "expired" if invitation.expires_at <= now else "invited"


def invitation_of(session: Session, invitation_id: UUID, license_id: UUID) -> bool:
    """True where this invitation is one of this license."""
    found = session.get(Invitation, invitation_id)
    return found is not None and found.license_id == license_id


def connections_here(session: Session) -> Sequence[Connection]:
    """The district's connections that are not closed."""
    return session.scalars(select(Connection).where(Connection.state != "closed").order_by(Connection.made_at)).all()


@dataclass(frozen=True)
class LicenseHead:
    """A license as the operator sees it."""

    id: UUID
    district_name: str
    name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class ConnectionHead:
    """A connection as the operator sees it."""

    id: UUID
    district_name: str
    provider: str
    provider_district: str | None
    method: str
    state: str
    last_good_sync_at: datetime | None
    said: str | None
    """Why it is in this state, or what its service wants people to know."""


def every_license(session: Session) -> list[LicenseHead]:
    """All licenses of all districts, asked by the directory's door."""
    rows = session.execute(
        select(License.id, District.name, License.name, License.starts_on, License.ends_on)
        .join(District, District.id == License.district_id)
        .order_by(District.name, License.name, License.id)
    )
    return [LicenseHead(*row) for row in rows]


def every_connection(session: Session) -> list[ConnectionHead]:
    """All connections of all districts, asked by the directory's door."""
    rows = session.execute(
        select(
            Connection.id,
            District.name,
            Connection.provider,
            Connection.provider_district,
            Connection.method,
            Connection.state,
            Connection.last_good_sync_at,
            func.coalesce(Connection.state_reason, Connection.note),
        )
        .join(District, District.id == Connection.district_id)
        .order_by(District.name, Connection.provider, Connection.id)
    )
    return [ConnectionHead(*row) for row in rows]


def license_district(session: Session, license_id: UUID) -> UUID | None:
    """The district that a license belongs to."""
    return session.scalar(select(License.district_id).where(License.id == license_id))
