"""What became of this invitation, and what does its page have to say?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from webapp.store.tables import Account, District, Identity, Invitation, License, Operator


@dataclass(frozen=True)
class InvitationHead:
    """An invitation as the directory shows it: no address, no names."""

    id: UUID
    district_id: UUID
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class InvitationPage:
    """What the page and the letter of an invitation say."""

    address: str
    role: str
    license_name: str
    district_name: str
    inviter: str


def invitation_by_token(session: Session, token_hash: str) -> InvitationHead | None:
    """The invitation that this link belongs to, in whichever district and state."""
    row = session.execute(
        select(
            Invitation.id,
            Invitation.district_id,
            Invitation.expires_at,
            Invitation.accepted_at,
            Invitation.revoked_at,
        ).where(Invitation.token_hash == token_hash)
    ).one_or_none()
    return InvitationHead(*row) if row else None


def still_open(now: datetime) -> ColumnElement[bool]:
    """The condition that an invitation can still be accepted."""
    return and_(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)


def invitation_page(session: Session, invitation_id: UUID) -> InvitationPage:
    """Who invites whom to what."""
    inviter = aliased(Account)
    row = session.execute(
        select(Invitation, License.name, District.name, inviter)
        .join(License, License.id == Invitation.license_id)
        .join(District, District.id == Invitation.district_id)
        .outerjoin(inviter, inviter.id == Invitation.made_by_id)
        .where(Invitation.id == invitation_id)
    ).one()
    invitation, license_name, district_name, made_by = row
    return InvitationPage(
        address=invitation.address,
        role=invitation.role,
        license_name=license_name,
        district_name=district_name,
        inviter=f"{made_by.given_name} {made_by.family_name}".strip() if made_by else "",
    )


def answers_to(session: Session, account_id: UUID, address: str) -> bool:
    """True where this address is the account's own: its letters go there, or it logs in with it."""
    login = select(Identity.subject).where(
        Identity.account_id == account_id, Identity.provider == "password", Identity.valid_to.is_(None)
    )
    email = select(Account.email).where(Account.id == account_id)
    own = {*session.scalars(login), *session.scalars(email)}
    return address.lower() in {found.lower() for found in own if found}


def operator_setup(session: Session, token_hash: str, now: datetime) -> UUID | None:
    """The operator whose set-up link this is, as long as it lives."""
    return session.scalar(
        select(Operator.id).where(
            Operator.setup_token_hash == token_hash, Operator.setup_expires_at > now, Operator.disabled_at.is_(None)
        )
    )


def invitation_district(session: Session, invitation_id: UUID) -> UUID:
    """The district that invites."""
    return session.scalars(select(Invitation.district_id).where(Invitation.id == invitation_id)).one()
