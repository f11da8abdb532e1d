"""The names of those who were in a class at some moment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.questions.class_rosters import roster_at
from webapp.store.tables import Account


@dataclass(frozen=True)
class PastMember:
    """Somebody who was in a class, called as they are called now."""

    given_name: str
    family_name: str
    role: str
    waiting: bool


def people_at(session: Session, class_id: UUID, moment: datetime) -> list[PastMember]:
    """Everybody who was in the class at this moment, in no order."""
    there = roster_at(session, class_id, moment)
    accounts = session.execute(
        select(Account.id, Account.given_name, Account.family_name).where(
            Account.id.in_({one.account_id for one in there})
        )
    )
    names = {row.id: (row.given_name, row.family_name) for row in accounts}
    return [
        PastMember(*names[one.account_id], one.role, one.state == "waiting") for one in there if one.account_id in names
    ]
