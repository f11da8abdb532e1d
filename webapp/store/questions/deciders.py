"""Who decides in a district what a sync must not decide by itself, and have they been told?"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.tables import Account, LicenseMember, OutboxLetter

LATELY = timedelta(days=1)


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


def told_lately(session: Session, kind: str, connection_id: UUID, now: datetime) -> bool:
    """True where such a letter about this connection was written within a day: what comes and goes is told of once."""
    lately = select(OutboxLetter.id).where(
        OutboxLetter.kind == kind,
        OutboxLetter.ids["connection_id"].astext == str(connection_id),
        OutboxLetter.written_at > now - LATELY,
    )
    return session.scalars(lately.limit(1)).first() is not None


def told_of_cause(session: Session, connection_id: UUID, cause: str, since: datetime) -> bool:
    """True where a letter about this cause of trouble with this connection was written after that."""
    told = select(OutboxLetter.id).where(
        OutboxLetter.kind == "attention",
        OutboxLetter.ids["connection_id"].astext == str(connection_id),
        OutboxLetter.ids["cause"].astext == cause,
        OutboxLetter.written_at > since,
    )
    return session.scalars(told.limit(1)).first() is not None
