"""Letters that must go out, written in the transaction that causes them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Named


class OutboxLetter(Named, Base):
    """One letter: its kind and ids; it is rendered when it is sent. `district_id` is empty for operators' letters.

    Retention: 7 days after it was sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_unsent", "written_at", postgresql_where=text("sent_at is null")),)

    district_id: Mapped[UUID | None] = mapped_column(ForeignKey("district.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """The name of a letter in `mail/letters.py`."""
    ids: Mapped[dict[str, Any]]
    """What the letter is about, ids only."""
    sealed_token: Mapped[str | None]
    """The secret part of a link in the letter, sealed; erased once it is sent."""
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
