"""The book of who did what: append-only, ids and fixed words only."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.store.tables import Audit


class Actor(NamedTuple):
    """Who did it: a person of the district, or one of the vendor's people; neither on the command line."""

    account_id: UUID | None = None
    operator_id: UUID | None = None


NOBODY = Actor()


def note(
    session: Session,
    action: str,
    *,
    at: datetime,
    district_id: UUID | None = None,
    account_id: UUID | None = None,
    operator_id: UUID | None = None,
    about: tuple[str, object] | None = None,
    **detail: Any,
) -> None:
    """Write one line of the book in this transaction; `about` is the kind of thing and its id."""
    subject, subject_id = about or (None, None)
    session.add(
        Audit(
            district_id=district_id,
            at=at,
            actor_account_id=account_id,
            actor_operator_id=operator_id,
            action=action,
            subject=subject,
            subject_id=None if subject_id is None else str(subject_id),
            detail=detail or None,
        )
    )
