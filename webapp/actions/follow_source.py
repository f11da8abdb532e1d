"""Let a class, or one person's place in it, follow the rostering service again: its hand mark goes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.database import tenant
from webapp.store.tables import Change, ClassSource, Enrollment, SchoolClass


class NothingToFollow(Exception):
    """The class follows no section of a rostering service; the message is a plain sentence."""


def follow_source(
    district_id: UUID, class_id: UUID, actor_id: UUID, *, now: datetime, enrollment_id: int | None = None
) -> int:
    """No hand mark is left in the class, or on this one enrollment; how many went. Raises NothingToFollow.

    What the service says instead comes with the next sync.
    """
    with tenant(district_id) as session:
        school_class = session.get_one(SchoolClass, class_id, with_for_update=True)
        source = session.scalars(
            select(ClassSource).where(ClassSource.class_id == class_id, ClassSource.until_at.is_(None))
        ).one_or_none()
        if source is None:
            raise NothingToFollow("This class follows no rostering service.")
        marked = _marked(session, class_id, enrollment_id)
        for one in marked:
            _write(session, one, actor_id, now, {"hand": one.hand}, {"hand": "none", "role": one.role})
            one.hand, one.source_connection_id = "none", source.connection_id
        whole = enrollment_id is None and school_class.hand
        if whole:
            _write(session, school_class, actor_id, now, {"hand": True}, {"hand": False})
            school_class.hand = False
        return len(marked) + whole


def _marked(session: Session, class_id: UUID, enrollment_id: int | None) -> list[Enrollment]:
    marked = select(Enrollment).where(Enrollment.class_id == class_id, Enrollment.hand != "none")
    if enrollment_id is not None:
        marked = marked.where(Enrollment.id == enrollment_id)
    return list(session.scalars(marked.order_by(Enrollment.id).with_for_update()))


def _write(
    session: Session,
    record: Enrollment | SchoolClass,
    actor_id: UUID,
    now: datetime,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    person = record if isinstance(record, Enrollment) else None
    session.add(
        Change(
            district_id=record.district_id,
            actor_account_id=actor_id,
            record="enrollment" if person else "class",
            record_id=str(record.id),
            class_id=person.class_id if person else record.id,
            account_id=person.account_id if person else None,
            what="updated",
            before=before,
            after=after,
            at=now,
        )
    )
