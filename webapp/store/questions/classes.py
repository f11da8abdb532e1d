"""Which classes does this person have, and what should a list or a page say of each?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, any_, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from webapp.store.tables import (
    Account,
    ClassSource,
    Connection,
    Enrollment,
    School,
    SchoolClass,
    Section,
    SyncRun,
    Term,
)

NO_NAMES: ColumnElement[Any] = literal_column("'{}'")


@dataclass(frozen=True)
class ClassCard:
    """One class as lists and page heads show it, with the names that tell equal ones apart."""

    id: UUID
    name_given: str | None
    provider_name: str
    state: str
    state_reason: str | None
    state_since: datetime
    synced_at: datetime | None
    """When the fetch of the last good run began that looked at this class, whether it changed something or not."""
    period: str
    section_source_id: str | None
    terms: list[str]
    school: str
    connection_id: UUID | None
    provider: str | None
    connection_state: str | None
    connection_reason: str | None
    connection_good_at: datetime | None
    """When the connection had its last good sync of everything."""
    students: int
    waiting: int
    """Students for whom no seat is free."""
    teachers: list[str]

    @property
    def name(self) -> str:
        """The name that people see."""
        return self.name_given or self.provider_name


@dataclass(frozen=True)
class OnRoster:
    """A person who is in a class now, or waits for a seat in it."""

    account_id: UUID
    given_name: str
    family_name: str
    grade: str | None
    role: str
    primary_teacher: bool
    waiting: bool


def classes_of(session: Session, account_id: UUID, role: str) -> list[ClassCard]:
    """The classes in which this person is now in this role; one statement however many they are."""
    return _cards(session, _is_in(account_id, role))


def waits_for_a_seat(session: Session, account_id: UUID) -> bool:
    """True for a student who stands in a class of the present for which no seat is free."""
    waiting = exists().where(
        Enrollment.account_id == account_id,
        Enrollment.state == "waiting",
        Enrollment.class_id == SchoolClass.id,
        SchoolClass.state != "archived",
    )
    return session.scalar(select(waiting)) is True


def class_seen_by(session: Session, class_id: UUID, account_id: UUID, role: str) -> ClassCard | None:
    """This class, if the person is in it now in this role."""
    return next(iter(_cards(session, SchoolClass.id == class_id, _is_in(account_id, role))), None)


def class_in_licenses(session: Session, class_id: UUID, licenses: Collection[UUID]) -> ClassCard | None:
    """This class, if it belongs to one of these licenses."""
    return next(iter(_cards(session, SchoolClass.id == class_id, SchoolClass.license_id.in_(licenses))), None)


def classes_of_sections(session: Session, connection_id: UUID, source_ids: list[str]) -> list[ClassCard]:
    """The classes that follow these sections now: what an import made or joined."""
    return _cards(session, ClassSource.connection_id == connection_id, Section.source_id.in_(source_ids))


def roster_of(session: Session, class_id: UUID) -> list[OnRoster]:
    """Everybody who is in the class now, teachers and students, in no order."""
    rows = session.execute(
        select(
            Account.id,
            Account.given_name,
            Account.family_name,
            Account.grade,
            Enrollment.role,
            Enrollment.primary_teacher,
            Enrollment.state == "waiting",
        )
        .join(Account, Account.id == Enrollment.account_id)
        .where(Enrollment.class_id == class_id, Enrollment.state != "ended")
    )
    return [OnRoster(*row) for row in rows]


def _is_in(account_id: UUID, role: str) -> ColumnElement[bool]:
    return exists().where(
        Enrollment.class_id == SchoolClass.id,
        Enrollment.account_id == account_id,
        Enrollment.role == role,
        Enrollment.state == "active",
    )


def _cards(session: Session, *conditions: ColumnElement[bool]) -> list[ClassCard]:
    return [ClassCard(*row) for row in session.execute(_card_columns().where(*conditions))]


_OF_CONNECTION = (
    Connection.id,
    Connection.provider,
    Connection.state,
    Connection.state_reason,
    Connection.last_good_sync_at,
)


def _card_columns() -> Select[*tuple[Any, ...]]:
    live_source = and_(ClassSource.class_id == SchoolClass.id, ClassSource.until_at.is_(None))
    its_school = and_(School.connection_id == Section.connection_id, School.source_id == Section.school_source_id)
    return (
        select(
            SchoolClass.id,
            SchoolClass.name_given,
            SchoolClass.provider_name,
            SchoolClass.state,
            SchoolClass.state_reason,
            SchoolClass.state_since,
            _synced_at(),
            func.coalesce(Section.period, ""),
            Section.source_id,
            _terms(),
            func.coalesce(School.name, ""),
            *_OF_CONNECTION,
            _students("active"),
            _students("waiting"),
            _teachers(),
        )
        .outerjoin(ClassSource, live_source)
        .outerjoin(Section, Section.id == ClassSource.section_id)
        .outerjoin(School, its_school)
        .outerjoin(Connection, Connection.id == ClassSource.connection_id)
        .order_by(Section.period, SchoolClass.provider_name, SchoolClass.id)
    )


def _synced_at() -> ScalarSelect[Any]:
    # Not the class's `as_of`: that one moves only with a change, so that an unchanged sync writes nothing.
    covers = or_(SyncRun.scope.is_(None), Section.source_id == any_(SyncRun.scope))
    # A run that is done with a reason was one that its service did not stand by.
    whole = or_(SyncRun.state.in_(("held", "discarded")), and_(SyncRun.state == "done", SyncRun.reason.is_(None)))
    # Where the whole plan waited, nothing of it was followed.
    good = and_(SyncRun.connection_id == Section.connection_id, whole, SyncRun.whole_held.is_(False))
    return select(func.max(SyncRun.started_at)).where(good, covers).correlate(Section).scalar_subquery()


def _terms() -> ScalarSelect[Any]:
    names = func.array_agg(aggregate_order_by(Term.name, Term.starts_on, Term.name))
    of_section = and_(Term.connection_id == Section.connection_id, Term.source_id == func.any(Section.term_source_ids))
    return select(func.coalesce(names, NO_NAMES)).where(of_section).correlate(Section).scalar_subquery()


def _students(state: str) -> ScalarSelect[int]:
    in_class = and_(Enrollment.class_id == SchoolClass.id, Enrollment.state == state, Enrollment.role == "student")
    return select(func.count()).select_from(Enrollment).where(in_class).correlate(SchoolClass).scalar_subquery()


def _teachers() -> ScalarSelect[Any]:
    full_name = func.trim(Account.given_name + " " + Account.family_name)
    names = func.array_agg(aggregate_order_by(full_name, Enrollment.primary_teacher.desc(), Account.family_name))
    in_class = and_(Enrollment.class_id == SchoolClass.id, Enrollment.state == "active", Enrollment.role == "teacher")
    return (
        select(func.coalesce(names, NO_NAMES))
        .join_from(Enrollment, Account, Account.id == Enrollment.account_id)
        .where(in_class)
        .correlate(SchoolClass)
        .scalar_subquery()
    )
