"""Bind an invitation to a person at the rostering service: her first sign-in with it accepts the invitation."""

from uuid import UUID

from webapp.store.database import tenant
from webapp.store.tables import Invitation


def bind_invitation(
    district_id: UUID, invitation_id: UUID, *, provider: str, authority: str, kind: str, subject: str
) -> None:
    """Only this person of this service can accept the invitation, and does so by signing in."""
    with tenant(district_id) as session:
        invitation = session.get_one(Invitation, invitation_id)
        invitation.bound_provider, invitation.bound_authority = provider, authority
        invitation.bound_kind, invitation.bound_subject = kind, subject
