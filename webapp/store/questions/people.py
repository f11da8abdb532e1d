"""Who can sign in how? Asked before a district is known (by the directory's door) or inside one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from webapp.store.questions.invitations import still_open
from webapp.store.tables import Account, AccountRole, Connection, Enrollment, Identity, Invitation, Operator

Subjects = dict[str, str]
"""Kind of identity -> the service's id, the best kind first."""


@dataclass(frozen=True)
class Known:
    """An identity as the directory shows it: whose it is, without a name."""

    id: UUID
    account_id: UUID
    district_id: UUID
    kind: str
    subject: str


def _known(row: Any) -> Known:
    return Known(*row)


KEYS = (Identity.id, Identity.account_id, Identity.district_id, Identity.kind, Identity.subject)


def password_login(session: Session, address: str) -> Known | None:
    """The live password identity with this login name, in whichever district."""
    asked = select(*KEYS).where(*_live("password", "", "login", address))
    row = session.execute(asked).one_or_none()
    return _known(row) if row else None


def known_visitor(session: Session, provider: str, authority: str, subjects: Subjects) -> Known | None:
    """The live identity with one of these subjects; the best kind wins."""
    one_of = or_(*(and_(Identity.kind == kind, Identity.subject == subject) for kind, subject in subjects.items()))
    asked = select(*KEYS).where(
        Identity.provider == provider, Identity.authority == authority, Identity.valid_to.is_(None), one_of
    )
    found = {identity.kind: identity for identity in map(_known, session.execute(asked))}
    return next((found[kind] for kind in subjects if kind in found), None)


def _live(provider: str, authority: str, kind: str, subject: str) -> tuple[ColumnElement[bool], ...]:
    return (
        Identity.provider == provider,
        Identity.authority == authority,
        Identity.kind == kind,
        Identity.subject == subject,
        Identity.valid_to.is_(None),
    )


def kinds_held(session: Session, account_id: UUID, provider: str, authority: str) -> set[str]:
    """Which kinds of identity this account already has at a service."""
    return set(
        session.scalars(
            select(Identity.kind).where(
                Identity.account_id == account_id,
                Identity.provider == provider,
                Identity.authority == authority,
                Identity.valid_to.is_(None),
            )
        )
    )


def has_password(session: Session, account_id: UUID) -> bool:
    """True where this account can log in with a password."""
    mine = and_(Identity.account_id == account_id, Identity.provider == "password", Identity.valid_to.is_(None))
    return bool(session.scalar(select(exists().where(mine))))


def has_enrollments(session: Session, account_id: UUID) -> bool:
    """True where this account is or was in a class."""
    return bool(session.scalar(select(exists().where(Enrollment.account_id == account_id))))


def roles_of(session: Session, account_id: UUID) -> set[str]:
    """The roles of an account, from every school and source."""
    return set(session.scalars(select(AccountRole.role).where(AccountRole.account_id == account_id)))


def usable_account(session: Session, account_id: UUID) -> Account | None:
    """The account, if it is this district's and neither switched off nor merged into another."""
    account = session.get(Account, account_id)
    return account if account and account.disabled_at is None and account.merged_into_id is None else None


def switched_off_there(account_id: Any, *service: Any) -> ColumnElement[bool]:
    """The condition that the roster of this service (provider, and authority) says that they may not sign in by it.

    Where two records of the roster are one account, the newest one's word counts, as for names.
    """
    own, newer = aliased(Identity), aliased(Identity)
    place = (newer.provider == own.provider, newer.authority == own.authority, newer.kind == own.kind)
    later = tuple_(newer.valid_from, newer.subject) > tuple_(own.valid_from, own.subject)
    overruled = exists().where(newer.account_id == own.account_id, newer.valid_to.is_(None), *place, later)
    there = [column == value for column, value in zip((own.provider, own.authority), service, strict=False)]
    return exists().where(own.account_id == account_id, ~own.enabled, own.valid_to.is_(None), *there, ~overruled)


def refused_by_roster(session: Session, account_id: UUID, provider: str, authority: str) -> bool:
    """True where the district's roster at this service says that the person may not sign in by it."""
    return session.scalar(select(switched_off_there(account_id, provider, authority))) is True


def operator_by_address(session: Session, address: str) -> Operator | None:
    """The operator with this address who may sign in."""
    return session.scalar(select(Operator).where(Operator.email == address, Operator.disabled_at.is_(None)))


def live_connection(session: Session, provider: str, authority: str) -> tuple[UUID, UUID] | None:
    """The district and the connection that the service's district belongs to here."""
    row = session.execute(
        select(Connection.district_id, Connection.id).where(
            Connection.provider == provider,
            Connection.provider_district == authority,
            Connection.state.not_in(("closed", "unclaimed")),
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def connected_providers(session: Session) -> Sequence[str]:
    """The services that this district is connected to."""
    return session.scalars(
        select(Connection.provider).where(Connection.state.not_in(("closed", "unclaimed"))).distinct()
    ).all()


def bound_invitation(
    session: Session, provider: str, authority: str, subjects: Subjects, now: datetime
) -> tuple[UUID, UUID] | None:
    """The district and id of an open invitation that waits for exactly this visitor, oldest first."""
    bound = [and_(Invitation.bound_kind == kind, Invitation.bound_subject == value) for kind, value in subjects.items()]
    row = session.execute(
        select(Invitation.district_id, Invitation.id)
        .where(
            Invitation.bound_provider == provider,
            Invitation.bound_authority == authority,
            or_(*bound),
            still_open(now),
        )
        .order_by(Invitation.id)
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else None
