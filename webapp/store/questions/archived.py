"""Which archived classes may still come back, because somebody moves the end of their term?"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.store.tables import ClassSource, License, SchoolClass, Section


def lately_archived_sections(session: Session, connection_id: UUID, today: date, since: datetime) -> list[str]:
    """Source ids of the sections whose classes were archived by their term's end since then, in running licenses."""
    archived = (
        select(Section.source_id)
        .join(ClassSource, ClassSource.section_id == Section.id)
        .join(SchoolClass, SchoolClass.id == ClassSource.class_id)
        .join(License, License.id == SchoolClass.license_id)
        .where(
            ClassSource.connection_id == connection_id,
            ClassSource.until_at.is_(None),
            SchoolClass.state == "archived",
            SchoolClass.state_reason == "term_ended",
            SchoolClass.hand.is_(False),
            SchoolClass.state_since >= since,
            or_(License.ends_on.is_(None), License.ends_on >= today),
        )
    )
    return list(session.scalars(archived.order_by(Section.source_id)))
