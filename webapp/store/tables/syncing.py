"""The truth about syncs: runs, the journal of what they changed, what waits for a person, and who may apply."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Counted, Named, Tenanted

OPEN_STATES = ("requested", "running", "parked")


class SyncRun(Named, Tenanted, Base):
    """One attempt to make what we hold equal to what the provider shares.

    A `requested` row is work; the queue is only nudged.
    Retention: 13 months, then purged with its changes' person values long gone.
    """

    __tablename__ = "sync_run"
    __table_args__ = (
        CheckConstraint("kind in ('import','sync','undo')", name="kind"),
        CheckConstraint(
            "state in ('requested','running','done','held','parked','failed','discarded','superseded')", name="state"
        ),
        Index("ix_sync_run_open", "state", "requested_at"),
        Index("ix_sync_run_connection_id", "connection_id", "requested_at"),
    )

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[str]
    """`import`: these sections become classes; `sync`: classes follow their sections; `undo`: a run taken back."""
    scope: Mapped[list[str] | None] = mapped_column(ARRAY(Text()))
    """Source ids of the sections concerned; empty (NULL) is everything that the connection's method calls for."""
    licenses: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """For an import: section source id -> id of the license that its class will belong to."""
    continues: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """For an import: section source id -> `class`, the id of the class that goes on with it, and `follows`, which
    section that one followed when this was asked for."""
    undoes_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("sync_run.id"))
    """For an undo: the run that it takes back; empty where it puts one class back as it was."""
    undo_class_id: Mapped[UUID | None] = mapped_column(ForeignKey("school_class.id"))
    """For an undo: the one class that it is about; empty for all that the run changed."""
    undo_to: Mapped[datetime | None]
    """For an undo of one class: the moment whose roster comes back."""
    whole_held: Mapped[bool] = mapped_column(server_default=text("false"))
    """True where nothing at all was applied, because the people themselves look exchanged (safety.md REL-5)."""
    full: Mapped[bool] = mapped_column(server_default=text("false"))
    requested_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    approved_at: Mapped[datetime | None]
    """Set once a person approved its hold: run again, it may also make the removals that were held."""
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Empty where the operator approved on the command line."""
    state: Mapped[str]
    reason: Mapped[str | None]
    """Why it is held, parked or failed: a plain sentence without personal data."""
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """`requests added updated removed unchanged held_back seconds`, records of all types."""
    progress: Mapped[int] = mapped_column(server_default=text("0"))
    """How far it is, in percent, for the progress bar."""
    plan_hash: Mapped[str | None]
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    """When its (last) fetch began: becomes the classes' `as_of`."""
    alive_at: Mapped[datetime | None]
    """Renewed while it runs; a running run that has not been alive for a minute is dead and starts again."""
    finished_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    fence: Mapped[int | None] = mapped_column(BigInteger)


class Change(Counted, Tenanted, Base):
    """The journal: one row for each record that a run or a hand changed.

    An insert holds no values.
    Retention: person values are blanked after 30 days (the undo window) or at deletion; the rest stays with the
    district.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index("ix_change_class_id", "class_id", "id"),
        Index("ix_change_run_id", "run_id"),
        Index(
            "ix_change_person_values",
            "district_id",
            "at",
            postgresql_where=text(
                "record = 'account' and (jsonb_strip_nulls(before) <> '{}' or jsonb_strip_nulls(after) <> '{}')"
            ),
        ),
        CheckConstraint("what in ('added','updated','removed')", name="what"),
    )

    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("sync_run.id"))
    actor_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    record: Mapped[str]
    """`enrollment`, `class`, `section`, `account`, `school`, `term`, `course`."""
    record_id: Mapped[str]
    class_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    what: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]


class HeldRemoval(Counted, Tenanted, Base):
    """A removal that waits for a person: which record of which held run.

    Retention: with its run.
    """

    __tablename__ = "held_removal"
    __table_args__ = (Index("ix_held_removal_run_id", "run_id"),)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("sync_run.id", ondelete="CASCADE"))
    record: Mapped[str]
    record_id: Mapped[str]
    class_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    reason: Mapped[str]


class Lease(Tenanted, Base):
    """Who may apply to a connection now, and under which fence. One row a connection; the fence only grows.

    Retention: with its connection.
    """

    __tablename__ = "lease"

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[UUID | None]
    fence: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]
