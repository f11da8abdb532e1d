"""Invite somebody to a license, send the letter again, or take it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.actions.addresses import tidy_address
from webapp.store import database
from webapp.store.audit import note
from webapp.store.outbox import put
from webapp.store.questions.invitations import still_open
from webapp.store.tables import Account, Identity, Invitation, License, LicenseMember
from webapp.store.tokens import digest, fresh_token

LIFE = timedelta(days=7)
ROLES = ("teacher", "license_admin", "school_admin", "district_admin")


class CannotInvite(Exception):
    """The invitation can't be sent; the message is a plain sentence."""


@dataclass(frozen=True)
class Invited:
    """A new invitation and the secret part of its link, which is stored nowhere."""

    invitation_id: UUID
    token: str


def invite(
    district_id: UUID,
    license_id: UUID,
    address: str,
    role: str,
    *,
    now: datetime,
    school: str | None = None,
    made_by: UUID | None = None,
) -> Invited:
    """There is an open invitation and its letter waits. Raises CannotInvite, BadAddress."""
    address = tidy_address(address)
    with database.tenant(district_id) as session:
        license = session.get(License, license_id)
        if license is None:
            raise CannotInvite("There is no such license.")
        if _is_member(session, license_id, address, role):
            raise CannotInvite(f"{address} is on this license already.")
        if _is_invited(session, license_id, address, role, now):
            raise CannotInvite(f"{address} is invited already. Use Resend to send the letter again.")
        return add_invitation(session, license, address, role, now=now, school=school, made_by=made_by)


def add_invitation(
    session: Session,
    license: License,
    address: str,
    role: str,
    *,
    now: datetime,
    school: str | None = None,
    made_by: UUID | None = None,
) -> Invited:
    """Write the invitation and its letter in this transaction."""
    token = fresh_token()
    invitation = Invitation(
        district_id=license.district_id,
        license_id=license.id,
        address=address,
        role=role,
        school_given_id=school,
        token_hash=digest(token),
        made_at=now,
        made_by_id=made_by,
        expires_at=now + LIFE,
    )
    session.add(invitation)
    session.flush()
    _send(session, invitation, token, "invited", made_by, now)
    return Invited(invitation.id, token)


def resend(district_id: UUID, invitation_id: UUID, *, made_by: UUID | None, now: datetime) -> Invited:
    """A new letter with a new link waits, good for another week; the old link is dead. Raises CannotInvite."""
    token = fresh_token()
    with database.tenant(district_id) as session:
        unanswered = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        invitation = session.scalar(
            update(Invitation)
            .where(Invitation.id == invitation_id, *unanswered)
            .values(token_hash=digest(token), expires_at=now + LIFE)
            .returning(Invitation)
        )
        if invitation is None:
            raise CannotInvite("This invitation was accepted or taken back.")
        _send(session, invitation, token, "invitation_resent", made_by, now)
        return Invited(invitation.id, token)


def revoke(district_id: UUID, invitation_id: UUID, *, made_by: UUID | None, now: datetime) -> None:
    """The invitation can't be accepted any more. Raises CannotInvite where it was accepted."""
    with database.tenant(district_id) as session:
        revoking = update(Invitation).where(Invitation.id == invitation_id, Invitation.accepted_at.is_(None))
        if session.scalar(revoking.values(revoked_at=now).returning(Invitation.id)) is None:
            raise CannotInvite("This invitation was accepted before.")
        about = ("invitation", invitation_id)
        note(session, "invitation_revoked", at=now, district_id=district_id, account_id=made_by, about=about)


def _send(
    session: Session, invitation: Invitation, token: str, action: str, made_by: UUID | None, now: datetime
) -> None:
    put(
        session,
        "invitation",
        district_id=invitation.district_id,
        now=now,
        token=token,
        invitation_id=invitation.id,
    )
    about = ("invitation", invitation.id)
    note(session, action, at=now, district_id=invitation.district_id, account_id=made_by, about=about)


def _is_member(session: Session, license_id: UUID, address: str, role: str) -> bool:
    """Members of this license only: whether an address is known elsewhere is nobody's business here."""
    logins = select(Identity.account_id).where(
        Identity.provider == "password", Identity.subject == address, Identity.valid_to.is_(None)
    )
    letters = select(Account.id).where(Account.email == address)
    found = select(LicenseMember.id).where(
        LicenseMember.license_id == license_id,
        LicenseMember.role == role,
        LicenseMember.ended_at.is_(None),
        LicenseMember.account_id.in_(logins.union(letters)),
    )
    return session.scalars(found.limit(1)).first() is not None


def _is_invited(session: Session, license_id: UUID, address: str, role: str, now: datetime) -> bool:
    found = select(Invitation.id).where(
        Invitation.license_id == license_id, Invitation.address == address, Invitation.role == role, still_open(now)
    )
    return session.scalars(found.limit(1)).first() is not None
