"""Our classes, where each comes from, and who is in them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Counted, Named, Tenanted


class SchoolClass(Named, Tenanted, Base):
    """Ours: made from one section, or by hand. The id never changes meaning and is never reused.

    Retention: with its district; archived classes stay readable until then.
    """

    __tablename__ = "school_class"
    __table_args__ = (CheckConstraint("state in ('active','frozen','archived')", name="state"),)

    license_id: Mapped[UUID] = mapped_column(ForeignKey("license.id"), index=True)
    name_given: Mapped[str | None]
    """What a teacher called it here; wins over the provider's name and survives its renames."""
    provider_name: Mapped[str]
    product_course: Mapped[str | None]
    """The id of the vendor's course that staff assigned."""
    state: Mapped[str]
    state_reason: Mapped[str | None]
    state_since: Mapped[datetime]
    hand: Mapped[bool] = mapped_column(server_default=text("false"))
    """True where an undo put its state: syncs leave the state alone until the service agrees with it."""
    as_of: Mapped[datetime | None]
    """When the fetch began that was last applied to this class; a run with an older fetch leaves the class alone."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    @property
    def name(self) -> str:
        """The name that people see."""
        return self.name_given or self.provider_name


class ClassSource(Named, Tenanted, Base):
    """Which section a class follows, from when to when.

    One live row per section in the district: a second import joins.
    Retention: with its class.
    """

    __tablename__ = "class_source"
    __table_args__ = (
        Index("uq_class_source_section_live", "section_id", unique=True, postgresql_where=text("until_at is null")),
        Index("uq_class_source_class_live", "class_id", unique=True, postgresql_where=text("until_at is null")),
    )

    class_id: Mapped[UUID] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id"), index=True)
    section_id: Mapped[UUID] = mapped_column(ForeignKey("section.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class Enrollment(Counted, Tenanted, Base):
    """A person in a class: one row for each role, which begins anew when they return; the spans are in the journal.

    Retention: with its class; never deleted by a sync.
    """

    __tablename__ = "enrollment"
    __table_args__ = (
        UniqueConstraint("class_id", "account_id", "role"),
        Index("ix_enrollment_account_id", "account_id"),
        CheckConstraint("role in ('student','teacher')", name="role"),
        CheckConstraint("state in ('active','waiting','ended')", name="state"),
        CheckConstraint("hand in ('none','added','removed')", name="hand"),
    )

    class_id: Mapped[UUID] = mapped_column(ForeignKey("school_class.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    primary_teacher: Mapped[bool] = mapped_column(server_default=text("false"))
    state: Mapped[str]
    began_on: Mapped[date]
    """The day they (last) joined, in the district's time zone."""
    ended_on: Mapped[date | None]
    """The day they left, in the district's time zone; the row stays."""
    source_connection_id: Mapped[UUID | None] = mapped_column(ForeignKey("connection.id"))
    """The connection whose sync owns this row; empty if a person put it there. A sync touches only its own."""
    put_by_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    hand: Mapped[str] = mapped_column(server_default="none")
    """`added` or `removed` by a person or an undo: syncs leave the row alone until it says `none` again."""
