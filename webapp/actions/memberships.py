"""Make somebody a member of a license, never beyond its teacher seats."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.actions.refusals import SeatsFull
from webapp.store.tables import AccountRole, Invitation, License, LicenseMember


def join_license(session: Session, invitation: Invitation, account_id: UUID, now: datetime) -> None:
    """The account has the membership and the role that its invitation offers. Raises SeatsFull."""
    # The lock makes people who accept at the same moment queue up, so that seats are counted one by one. `key_share`
    # keeps it apart from the foreign keys' own locks, which both of two such transactions may hold already.
    license = session.get_one(License, invitation.license_id, with_for_update={"key_share": True})
    limited = invitation.role == "teacher" and license.teacher_seats is not None
    if limited and _teachers_besides(session, license.id, account_id) >= (license.teacher_seats or 0):
        raise SeatsFull
    session.execute(
        insert(LicenseMember)
        .values(
            district_id=invitation.district_id,
            license_id=license.id,
            account_id=account_id,
            role=invitation.role,
            school_given_id=invitation.school_given_id,
            joined_at=now,
        )
        .on_conflict_do_nothing()
    )
    give_role(session, invitation.district_id, account_id, invitation.role)


def is_member(session: Session, invitation: Invitation, account_id: UUID) -> bool:
    """True where the account has the membership already that the invitation offers."""
    offered = (LicenseMember.license_id == invitation.license_id, LicenseMember.role == invitation.role)
    its_own = (LicenseMember.account_id == account_id, LicenseMember.ended_at.is_(None))
    return session.scalar(select(LicenseMember.account_id).where(*offered, *its_own)) is not None


def give_role(session: Session, district_id: UUID, account_id: UUID, role: str) -> None:
    """The account has this role, by a person's word rather than a roster's."""
    session.execute(
        insert(AccountRole).values(district_id=district_id, account_id=account_id, role=role).on_conflict_do_nothing()
    )


def _teachers_besides(session: Session, license_id: UUID, account_id: UUID) -> int:
    return session.scalars(
        select(func.count(LicenseMember.account_id.distinct())).where(
            LicenseMember.license_id == license_id,
            LicenseMember.role == "teacher",
            LicenseMember.ended_at.is_(None),
            LicenseMember.account_id != account_id,
        )
    ).one()
