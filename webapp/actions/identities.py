"""Attach ways to sign in to an account. Whether one is free is the database's verdict."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from webapp.providers.service import Visitor
from webapp.store.questions.people import kinds_held
from webapp.store.tables import Identity


def attach_visitor(session: Session, district_id: UUID, account_id: UUID, visitor: Visitor, now: datetime) -> None:
    """The account has every kind of identity that the visitor brought and it lacked; taken ones stay where they are."""
    held = kinds_held(session, account_id, visitor.provider, visitor.authority)
    missing = {kind: subject for kind, subject in visitor.subjects.items() if kind not in held}
    for kind, subject in missing.items():
        session.execute(
            insert(Identity)
            .values(
                district_id=district_id,
                account_id=account_id,
                provider=visitor.provider,
                authority=visitor.authority,
                kind=kind,
                subject=subject,
                valid_from=now,
            )
            # Another tab of the same person may be a moment ahead.
            .on_conflict_do_nothing()
        )
