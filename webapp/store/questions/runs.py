"""Questions about sync runs and the connections they serve, inside one district."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, or_, select, text, update
from sqlalchemy.orm import Session

from webapp.store.tables import ClassSource, Connection, District, Enrollment, License, SchoolClass, Section, SyncRun


def run_by_id(session: Session, run_id: UUID) -> SyncRun | None:
    """The run, if it is this district's."""
    return session.get(SyncRun, run_id)


def waiting_run(session: Session, connection_id: UUID) -> SyncRun | None:
    """A sync of everything that is asked for and not begun, locked, if there is one."""
    waiting = select(SyncRun).where(
        SyncRun.connection_id == connection_id,
        SyncRun.kind == "sync",
        SyncRun.scope.is_(None),
        SyncRun.approved_at.is_(None),
        SyncRun.state.in_(("requested", "parked")),
    )
    return session.scalars(waiting.order_by(SyncRun.requested_at).limit(1).with_for_update()).first()


def waiting_look(session: Session, connection_id: UUID) -> SyncRun | None:
    """A sync of some sections that a change feed hinted at, asked for and not begun, locked, if there is one."""
    waiting = select(SyncRun).where(
        SyncRun.connection_id == connection_id,
        SyncRun.kind == "sync",
        SyncRun.scope.is_not(None),
        SyncRun.requested_by_id.is_(None),
        SyncRun.approved_at.is_(None),
        SyncRun.state.in_(("requested", "parked")),
    )
    return session.scalars(waiting.order_by(SyncRun.requested_at).limit(1).with_for_update()).first()


def imported_sections(session: Session, connection_id: UUID, today: date) -> list[str]:
    """Source ids of the sections that live classes of this connection follow, those of ended licenses left out."""
    running = or_(License.ends_on.is_(None), License.ends_on >= today)
    followed = _followed(connection_id).join(License, License.id == SchoolClass.license_id).where(running)
    return list(session.scalars(followed.order_by(Section.source_id)))


def sections_taught_by(session: Session, account_id: UUID, connection_id: UUID) -> list[str]:
    """Source ids of the sections that this teacher's live classes of the connection follow."""
    teaches = and_(Enrollment.account_id == account_id, Enrollment.role == "teacher", Enrollment.state == "active")
    hers = _followed(connection_id).join(Enrollment, Enrollment.class_id == SchoolClass.id).where(teaches)
    return list(session.scalars(hers))


def _followed(connection_id: UUID) -> Select[str]:
    """The source ids of sections that active or frozen classes follow now, with those classes at hand."""
    return (
        select(Section.source_id)
        .join(ClassSource, ClassSource.section_id == Section.id)
        .join(SchoolClass, SchoolClass.id == ClassSource.class_id)
        .where(
            ClassSource.connection_id == connection_id,
            ClassSource.until_at.is_(None),
            SchoolClass.state.in_(("active", "frozen")),
        )
    )


def district_zone(session: Session, district_id: UUID) -> ZoneInfo:
    """The time zone in which the district's days and hours are told."""
    return ZoneInfo(session.scalars(select(District.time_zone).where(District.id == district_id)).one())


def district_today(session: Session, district_id: UUID, now: datetime) -> date:
    """The calendar day it is in the district."""
    return now.astimezone(district_zone(session, district_id)).date()


def mark_alive(session: Session, run_id: UUID, began_at: datetime, progress: int, now: datetime) -> bool:
    """The run shows that it still works, and how far it is in percent; False where this turn at it is over.

    Waits for nobody: whoever has locked the row is about to settle the run.
    """
    mine = select(SyncRun.id).where(SyncRun.id == run_id, SyncRun.state == "running", SyncRun.started_at == began_at)
    free = mine.with_for_update(key_share=True, skip_locked=True).scalar_subquery()
    told = update(SyncRun).where(SyncRun.id == free).values(alive_at=now, progress=progress).returning(SyncRun.id)
    return session.scalars(told, execution_options={"synchronize_session": False}).first() is not None


def supersede_held(session: Session, run: SyncRun) -> None:
    """Holds that this run has looked at again are no longer to be decided: it says the same, or they went away."""
    older = [SyncRun.connection_id == run.connection_id, SyncRun.state == "held", SyncRun.id != run.id]
    if run.scope is not None:
        older.append(SyncRun.scope.contained_by(run.scope))
    session.execute(update(SyncRun).where(*older).values(state="superseded"))


def held_runs(session: Session, connection_id: UUID | None = None) -> Sequence[SyncRun]:
    """Runs that wait for a person, oldest first."""
    question = select(SyncRun).where(SyncRun.state == "held").order_by(SyncRun.requested_at)
    if connection_id is not None:
        question = question.where(SyncRun.connection_id == connection_id)
    return session.scalars(question).all()


def held_counts(session: Session, run_id: UUID) -> tuple[int, int]:
    """How many removals a held run would make, and in how many classes."""
    row = session.execute(
        text("select count(*), count(distinct class_id) from held_removal where run_id = :run"), {"run": run_id}
    ).one()
    return int(row[0]), int(row[1])


def connection_by_id(session: Session, connection_id: UUID) -> Connection | None:
    """The connection, if it is this district's."""
    return session.get(Connection, connection_id)
