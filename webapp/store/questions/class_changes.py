"""What has changed in this class, newest first?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from webapp.store.tables import Account, Change, Connection, SyncRun

PAGE = 50
NO_FIELDS: ColumnElement[Any] = literal_column("'{}'::jsonb")


@dataclass(frozen=True)
class ClassChange:
    """One row of the journal, with the names that its words need."""

    id: int
    at: datetime
    record: str
    what: str
    before: dict[str, Any]
    after: dict[str, Any]
    person: str | None
    """Whom it concerns; empty for the class itself."""
    actor: str | None
    run_id: UUID | None
    run_kind: str | None
    run_asked_by: str | None
    provider: str | None
    account_id: UUID | None


def changes_of_class(session: Session, class_id: UUID, *, before_id: int | None = None) -> list[ClassChange]:
    """One page of the class's journal, and one row more where there is another page."""
    person, actor, asker = aliased(Account), aliased(Account), aliased(Account)
    question = (
        select(
            Change.id,
            Change.at,
            Change.record,
            Change.what,
            func.coalesce(Change.before, NO_FIELDS),
            func.coalesce(Change.after, NO_FIELDS),
            _full_name(person),
            _full_name(actor),
            Change.run_id,
            SyncRun.kind,
            _full_name(asker),
            Connection.provider,
            Change.account_id,
        )
        .outerjoin(person, person.id == Change.account_id)
        .outerjoin(actor, actor.id == Change.actor_account_id)
        .outerjoin(SyncRun, SyncRun.id == Change.run_id)
        .outerjoin(asker, asker.id == SyncRun.requested_by_id)
        .outerjoin(Connection, Connection.id == SyncRun.connection_id)
        .where(Change.class_id == class_id, Change.record.in_(("enrollment", "class")))
        .order_by(Change.id.desc())
        .limit(PAGE + 1)
    )
    older = question if before_id is None else question.where(Change.id < before_id)
    return [ClassChange(*row) for row in session.execute(older)]


def _full_name(account: type[Account]) -> Any:
    return func.trim(account.given_name + " " + account.family_name)
