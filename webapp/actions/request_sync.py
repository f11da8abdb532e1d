"""Ask for a sync: of a whole connection, or of one class. What is asked for twice is done once."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.questions.runs import district_today, sections_taught_by, waiting_run
from webapp.store.tables import ClassSource, Connection, License, SchoolClass, Section, SyncRun

OPEN = ("connected", "paused", "attention", "frozen")


class CannotSync(Exception):
    """This connection or class has nothing to sync with; the message is a plain sentence."""


def request_connection_sync(
    district_id: UUID, connection_id: UUID, *, now: datetime, full: bool = False, account_id: UUID | None = None
) -> UUID:
    """There is a requested run for everything that the connection imported; its id. Raises CannotSync."""
    with tenant(district_id) as session:
        # Locked, so that two who ask at the same moment ask once; not against rows that only refer to it.
        connection = session.get(Connection, connection_id, with_for_update={"key_share": True})
        if connection is None:
            raise CannotSync("There is no such connection.")
        if connection.state not in OPEN:
            raise CannotSync(f"This connection is {connection.state}, so there is nothing to sync with.")
        checkpoint("request_sync.connection_locked")
        return sync_everything(session, connection, now=now, full=full, account_id=account_id)


def sync_everything(
    session: Session, connection: Connection, *, now: datetime, full: bool = False, account_id: UUID | None = None
) -> UUID:
    """The same inside a transaction that has locked the connection's row."""
    checkpoint("request_sync.looking")
    waiting = waiting_run(session, connection.id)
    if waiting is not None:
        waiting.state, waiting.next_try_at, waiting.full = "requested", None, waiting.full or full
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
    checkpoint("request_sync.before_commit")
    return run.id


def request_class_sync(district_id: UUID, class_id: UUID, account_id: UUID, *, now: datetime) -> UUID:
    """There is a requested run for this class and the teacher's other ones of the same service; its id.

    A student who moved from one of her classes to another leaves and joins in the same breath that way.
    Raises CannotSync where the class follows no section, or follows it no more.
    """
    with tenant(district_id) as session:
        connection_id, section = _followed(session, class_id, district_today(session, district_id, now))
        scope = sorted({section, *sections_taught_by(session, account_id, connection_id)})
        waiting = _waiting(session, connection_id, scope)
        if waiting is not None:
            return waiting
        run = SyncRun(
            district_id=district_id,
            connection_id=connection_id,
            kind="sync",
            scope=scope,
            state="requested",
            requested_at=now,
            requested_by_id=account_id,
        )
        session.add(run)
        session.flush()
        checkpoint("request_sync.class_before_commit")
        return run.id


def _followed(session: Session, class_id: UUID, today: date) -> tuple[UUID, str]:
    """The connection and the section's source id that the class follows now."""
    followed = session.execute(
        select(ClassSource.connection_id, Section.source_id, Connection.state, License.ends_on)
        .join(Section, Section.id == ClassSource.section_id)
        .join(Connection, Connection.id == ClassSource.connection_id)
        .join(SchoolClass, SchoolClass.id == ClassSource.class_id)
        .join(License, License.id == SchoolClass.license_id)
        .where(ClassSource.class_id == class_id, ClassSource.until_at.is_(None))
    ).one_or_none()
    if followed is None:
        raise CannotSync("This class was made by hand; it has no rostering service to sync with.")
    connection_id, section, state, ends_on = followed
    if state not in OPEN:
        raise CannotSync(f"This class's connection is {state}, so there is nothing to sync with.")
    if ends_on and ends_on < today:
        raise CannotSync(f"The license of this class ended on {ends_on}: it stays readable as it is.")
    return connection_id, section


def _waiting(session: Session, connection_id: UUID, scope: list[str]) -> UUID | None:
    """A sync of just these sections that is asked for and not begun, if there is one."""
    requested = select(SyncRun.id).where(
        SyncRun.connection_id == connection_id,
        SyncRun.kind == "sync",
        SyncRun.scope == scope,
        SyncRun.state == "requested",
    )
    return session.scalars(requested.limit(1)).first()
