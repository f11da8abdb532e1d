"""Who read whose record stands in the district's book (safety.md PRIV-6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from webapp.store.audit import Actor, note
from webapp.store.database import tenant
from webapp.store.tables import Audit

SAME_LOOK = timedelta(minutes=10)
"""Whoever looks at the same people again so soon, as a page does that renews itself, has looked once."""


def note_reading(
    district_id: UUID, reader: Actor, why: str, about: tuple[str, UUID], people: Iterable[UUID], *, now: datetime
) -> None:
    """It is written down who read these people's records, on which page (`why`) and when; nobody read is no line."""
    accounts = sorted(map(str, set(people)))
    if not accounts:
        return
    same = select(Audit.id).where(
        Audit.district_id == district_id,
        Audit.at > now - SAME_LOOK,
        Audit.action == why,
        Audit.subject_id == str(about[1]),
        Audit.actor_account_id.is_not_distinct_from(reader.account_id),
        Audit.actor_operator_id.is_not_distinct_from(reader.operator_id),
        Audit.detail == {"accounts": accounts},
    )
    with tenant(district_id) as session:
        if session.scalars(same.limit(1)).first() is None:
            note(session, why, at=now, district_id=district_id, about=about, accounts=accounts, **reader._asdict())
