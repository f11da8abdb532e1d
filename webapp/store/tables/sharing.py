"""The link to a rostering service, and what the service shares through it. Keys are (connection, source id)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Named, Tenanted


class Connection(Named, Tenanted, Base):
    """One district's link to one rostering service, serving all its licenses.

    `frozen` is disconnected: its district has gone from the service's table. `paused` is what the service itself says.
    Retention: with its district; its token is erased at once when it is disconnected or closed.
    """

    __tablename__ = "connection"
    __table_args__ = (
        Index(
            "uq_connection_live",
            "provider",
            "provider_district",
            unique=True,
            postgresql_where=text("state <> 'closed' and provider_district is not null"),
        ),
        CheckConstraint(
            "state in ('unclaimed','connected','paused','attention','frozen','closed')",
            name="state",
        ),
        CheckConstraint("method in ('teacher_choice','all_sections','accounts_only','manual')", name="method"),
    )

    provider: Mapped[str]
    provider_district: Mapped[str | None]
    """The service's id of the district; empty for a Clever Library teacher and for CSV."""
    library_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", use_alter=True))
    """The Clever Library teacher whose own connection this is; empty otherwise."""
    sealed_token: Mapped[str | None]
    """The district's token, sealed with the district and provider as associated data (store/seal.py)."""
    method: Mapped[str]
    state: Mapped[str]
    state_reason: Mapped[str | None]
    """A plain sentence for people, without personal data."""
    note: Mapped[str | None]
    """What the service wants people to know although all is well; a plain sentence without personal data."""
    missing_since: Mapped[datetime | None]
    """When its district was first found missing in the service's table; empty while it is listed."""
    limits: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """The district's own guard thresholds; empty is the defaults of roster/guard.py."""
    limits_until: Mapped[datetime | None]
    """When raised thresholds fall back to what they were (safety.md REL-10); empty for ones that stay."""
    blackout_from: Mapped[date | None]
    blackout_until: Mapped[date | None]
    """The last day on which the district wants its classes left as they are, in its own time zone."""
    archive_after_days: Mapped[int] = mapped_column(server_default=text("14"))
    """So many days after its last term's end a class is still updated before it goes to the archive."""
    cursors: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """What reading has taught: `whole_requests`, how many requests a fetch of everything takes."""
    feed_cursor: Mapped[str | None]
    """Where its change feed was last read to; "" where the service has no usable feed, empty (NULL) if never asked."""
    look_at: Mapped[datetime | None]
    """When its change feed is to be looked at next; empty is at once."""
    last_good_sync_at: Mapped[datetime | None]
    made_at: Mapped[datetime]


class _Shared(Named, Tenanted):
    """What every mirrored record has."""

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"))
    source_id: Mapped[str]
    name: Mapped[str]


class School(_Shared, Base):
    """A school as the service shares it.

    Retention: with its connection.
    """

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("connection_id", "source_id"),)

    nces_id: Mapped[str] = mapped_column(server_default="")


class Term(_Shared, Base):
    """A span of the school year as the service shares it.

    Retention: with its connection.
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("connection_id", "source_id"),)

    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class Course(_Shared, Base):
    """The service's own course (not the vendor's product course).

    Retention: with its connection.
    """

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("connection_id", "source_id"),)

    number: Mapped[str] = mapped_column(server_default="")


class Section(_Shared, Base):
    """A class as the service shares it; read-only for us. Its references are source ids and may dangle.

    Retention: with its connection.
    """

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("connection_id", "source_id"),)

    school_source_id: Mapped[str]
    course_source_id: Mapped[str]
    term_source_ids: Mapped[list[str]]
    period: Mapped[str]
    subject: Mapped[str]
    number: Mapped[str]
    grades: Mapped[list[str]]
