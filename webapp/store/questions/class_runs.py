"""How did the last sync of this class go, and how far is an import?"""

from uuid import UUID

from sqlalchemy import any_, func, literal, or_, select
from sqlalchemy.orm import Session

from webapp.store.tables import HeldRemoval, SyncRun


def last_run_of_section(session: Session, connection_id: UUID, section_source_id: str) -> SyncRun | None:
    """The newest run that concerns this section; one that has been thrown away or overtaken does not count."""
    concerns = or_(SyncRun.scope.is_(None), literal(section_source_id) == any_(SyncRun.scope))
    return session.scalars(
        select(SyncRun)
        .where(
            SyncRun.connection_id == connection_id,
            concerns,
            SyncRun.state.not_in(("discarded", "superseded")),
        )
        .order_by(SyncRun.requested_at.desc(), SyncRun.id.desc())
        .limit(1)
    ).one_or_none()


def last_whole_run(session: Session, connection_id: UUID) -> SyncRun | None:
    """The newest sync of everything that this connection feeds."""
    whole = (SyncRun.connection_id == connection_id, SyncRun.kind == "sync", SyncRun.scope.is_(None))
    settled = SyncRun.state.not_in(("discarded", "superseded"))
    newest = select(SyncRun).where(*whole, settled).order_by(SyncRun.requested_at.desc(), SyncRun.id.desc())
    return session.scalars(newest.limit(1)).one_or_none()


def import_asked_by(session: Session, run_id: UUID, account_id: UUID) -> SyncRun | None:
    """This import, if it was this person who asked for it."""
    return session.scalars(
        select(SyncRun).where(SyncRun.id == run_id, SyncRun.kind == "import", SyncRun.requested_by_id == account_id)
    ).one_or_none()


def held_back_in_class(session: Session, class_id: UUID) -> int:
    """How many people of this class would have left it, had the run not been held for a person to decide."""
    waiting = select(func.count(HeldRemoval.account_id.distinct())).join(SyncRun, SyncRun.id == HeldRemoval.run_id)
    return session.scalar(waiting.where(HeldRemoval.class_id == class_id, SyncRun.state == "held")) or 0
