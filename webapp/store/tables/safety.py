"""What a sync set aside, and what a person has to judge: odd records, and people who may be the same."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Counted, Named, Tenanted


class SetAside(Counted, Tenanted, Base):
    """A record of the service that the last sync did not take as it is, or took and noted as odd, and why.

    One that is mended goes with the next sync that reads it.
    Retention: with its connection; ids and reasons only, no values.
    """

    __tablename__ = "record_set_aside"
    __table_args__ = (UniqueConstraint("connection_id", "record", "source_id", "reason"),)

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    record: Mapped[str]
    """`person`, `section`, `enrollment`, `school`, `term` or `course`."""
    source_id: Mapped[str]
    section_source_id: Mapped[str] = mapped_column(server_default="")
    """The section that it concerns, where there is one."""
    reason: Mapped[str]
    """A plain phrase without personal data, such as "has no name"."""
    odd: Mapped[bool] = mapped_column(server_default=text("false"))
    """True where it was imported all the same, and is only noted."""
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class IdentityProposal(Named, Tenanted, Base):
    """A new id of the service that may be somebody who is here already: for an administrator to judge, never merged
    by itself (safety.md REL-30).

    Retention: with its connection.
    """

    __tablename__ = "identity_proposal"
    __table_args__ = (
        UniqueConstraint("known_account_id", "new_account_id"),
        Index("ix_identity_proposal_connection_id", "connection_id", "state"),
        CheckConstraint("state in ('open','accepted','declined','undone')", name="state"),
    )

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    known_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    new_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    evidence: Mapped[dict[str, Any]]
    """By which number the two were found, what else agrees, and how many others it might be; names of fields only."""
    state: Mapped[str]
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("sync_run.id"))
    """The sync that met the new id."""
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    moved: Mapped[dict[str, Any] | None]
    """What joining the two accounts moved and how it was before, so that exactly that can be undone: ids, states and
    days only."""
