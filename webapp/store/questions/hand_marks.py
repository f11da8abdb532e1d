"""What in this class does not follow its rostering service, because a person or an undo put it so?"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.tables import Account, Enrollment, SchoolClass


@dataclass(frozen=True)
class HandMark:
    """Somebody who is kept in the class, or out of it."""

    enrollment_id: int
    account_id: UUID
    name: str
    role: str
    hand: str


@dataclass(frozen=True)
class HandMarks:
    """Every hand mark of a class."""

    people: list[HandMark]
    state: bool
    """True where the state of the class itself was put by an undo."""

    @property
    def kept_in(self) -> dict[tuple[UUID, str], HandMark]:
        """Who is kept in the class, by account and role."""
        return {(one.account_id, one.role): one for one in self.people if one.hand == "added"}

    @property
    def kept_out(self) -> list[HandMark]:
        """Who is kept out of the class."""
        return [one for one in self.people if one.hand == "removed"]


def hand_marks(session: Session, class_id: UUID) -> HandMarks:
    """The hand marks of this class, people in the order of their family names."""
    rows = session.execute(
        select(Enrollment.id, Account.id, Account.given_name, Account.family_name, Enrollment.role, Enrollment.hand)
        .join(Account, Account.id == Enrollment.account_id)
        .where(Enrollment.class_id == class_id, Enrollment.hand != "none")
        .order_by(Account.family_name, Account.given_name, Account.id)
    )
    people = [HandMark(row[0], row[1], f"{row[2]} {row[3]}".strip(), row[4], row[5]) for row in rows]
    return HandMarks(people, bool(session.scalar(select(SchoolClass.hand).where(SchoolClass.id == class_id))))
