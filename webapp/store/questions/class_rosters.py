"""Who was in this class at some moment, by the journal alone?"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class WasThere:
    """A person's enrollment in a class as it was at a moment."""

    account_id: UUID
    role: str
    state: str
    primary_teacher: bool
    began_on: date
    ended_on: date | None
    hand: str


# Each row of the journal says what became of the fields that it changed: the last word on each is how it stood.
_REPLAY = """
select account_id, jsonb_object_agg(f.key, f.value order by h.id) as fields
from change h cross join lateral jsonb_each(h.after) f
where h.class_id = :class and h.record = 'enrollment' and h.at <= :moment group by record_id, account_id
order by account_id
"""
_STATE = """
select case when what = 'added' then 'active' else after ->> 'state' end from change
where class_id = :class and record = 'class' and (what = 'added' or after ? 'state') and at <= :moment
order by id desc limit 1
"""


def roster_at(session: Session, class_id: UUID, moment: datetime) -> list[WasThere]:
    """Everybody who was in the class at this moment, or waited for a seat in it."""
    return [one for one in enrollments_at(session, class_id, moment) if one.state != "ended"]


def enrollments_at(session: Session, class_id: UUID, moment: datetime) -> list[WasThere]:
    """Every enrollment that the class had at this moment, ended ones too."""
    rows = session.execute(text(_REPLAY), {"class": class_id, "moment": moment})
    return [_replayed(row.account_id, row.fields) for row in rows]


def state_at(session: Session, class_id: UUID, moment: datetime) -> str | None:
    """What the state of the class was at this moment; None before it was made."""
    found = session.execute(text(_STATE), {"class": class_id, "moment": moment}).scalar()
    return None if found is None else str(found)


def _replayed(account_id: UUID, fields: dict[str, str | bool | None]) -> WasThere:
    ended = fields.get("ended_on")
    return WasThere(
        account_id=account_id,
        role=str(fields["role"]),
        state=str(fields["state"]),
        primary_teacher=bool(fields["primary_teacher"]),
        began_on=date.fromisoformat(str(fields["began_on"])),
        ended_on=date.fromisoformat(str(ended)) if ended else None,
        hand=str(fields.get("hand", "none")),
    )
