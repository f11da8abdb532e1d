"""Ask for a sync: of a whole connection, or of one class. What is asked for twice is done once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.database import tenant
from webapp.store.questions.runs import connection_by_id, waiting_run
from webapp.store.tables import ClassSource, Connection, Section, SyncRun

OPEN = ("connected", "attention", "frozen")


class CannotSync(Exception):
    """This connection or class has nothing to sync with; the message is a plain sentence."""


def request_connection_sync(
    district_id: UUID, connection_id: UUID, *, now: datetime, full: bool = False, account_id: UUID | None = None
) -> UUID:
    """There is a requested run for everything that the connection imported; its id. Raises CannotSync."""
    with tenant(district_id) as session:
        connection = connection_by_id(session, connection_id)
        if connection is None:
            raise CannotSync("There is no such connection.")
        if connection.state not in OPEN:
            raise CannotSync(f"This connection is {connection.state}, so there is nothing to sync with.")
        return _request_all(session, connection, now, full=full, account_id=account_id)


def _request_all(
    session: Session, connection: Connection, now: datetime, *, full: bool, account_id: UUID | None
) -> UUID:
    waiting = waiting_run(session, connection.id)
    if waiting is not None:
        waiting.state, waiting.next_try_at = "requested", None
        return waiting.id
    run = SyncRun(
        district_id=connection.district_id,
        connection_id=connection.id,
        kind="sync",
        state="requested",
        full=full,
        requested_at=now,
        requested_by_id=account_id,
    )
    session.add(run)
    session.flush()
    return run.id


def request_class_sync(district_id: UUID, class_id: UUID, account_id: UUID | None, *, now: datetime) -> UUID:
    """There is a requested run for this class's section; its id. Raises CannotSync where it follows none."""
    with tenant(district_id) as session:
        source = session.execute(
            select(ClassSource.connection_id, Section.source_id)
            .join(Section, Section.id == ClassSource.section_id)
            .where(ClassSource.class_id == class_id, ClassSource.until_at.is_(None))
        ).one_or_none()
        if source is None:
            raise CannotSync("This class was made by hand; it has no rostering service to sync with.")
        connection_id, section = source
        open_runs = select(SyncRun.id).where(
            SyncRun.connection_id == connection_id,
            SyncRun.kind == "sync",
            SyncRun.scope == [section],
            SyncRun.state == "requested",
        )
        waiting = session.scalars(open_runs.limit(1)).first()
        if waiting is not None:
            return waiting
        run = SyncRun(
            district_id=district_id,
            connection_id=connection_id,
            kind="sync",
            scope=[section],
            state="requested",
            requested_at=now,
            requested_by_id=account_id,
        )
        session.add(run)
        session.flush()
        return run.id
