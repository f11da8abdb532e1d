"""Letters wait here: put in by the transaction that causes them, as ids and at most one sealed link token."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.store.seal import seal, unseal
from webapp.store.tables import OutboxLetter

PURPOSE = "letter"


def put(
    session: Session, kind: str, *, district_id: UUID | None, now: datetime, token: str | None = None, **ids: object
) -> None:
    """Put a letter in: `kind` is a name in letters.py, `ids` what it is about. It leaves after the commit."""
    place = str(district_id or "")
    session.add(
        OutboxLetter(
            district_id=district_id,
            kind=kind,
            ids={name: str(value) for name, value in ids.items()},
            sealed_token=seal(token, place, PURPOSE) if token else None,
            written_at=now,
        )
    )


def link_token(letter: OutboxLetter) -> str:
    """The secret part of the link in this letter; empty where it has none."""
    place = str(letter.district_id or "")
    return unseal(letter.sealed_token, place, PURPOSE) if letter.sealed_token else ""
