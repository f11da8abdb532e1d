"""Who decides in a district what a sync must not decide by itself."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.tables import Account, LicenseMember


def deciders(session: Session) -> list[UUID]:
    """The accounts of the district's administrators; where there are none, of its license admins."""
    for role in ("district_admin", "license_admin"):
        members = (
            select(Account.id)
            .join(LicenseMember, LicenseMember.account_id == Account.id)
            .where(LicenseMember.role == role, LicenseMember.ended_at.is_(None), Account.disabled_at.is_(None))
            .distinct()
        )
        if found := list(session.scalars(members)):
            return found
    return []
