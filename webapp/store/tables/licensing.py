"""What a district bought, who may use it, and how people are asked in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Named, Tenanted


class License(Named, Tenanted, Base):
    """What a district, or one of its schools, bought.

    Retention: with its district.
    """

    __tablename__ = "license"

    name: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day on which it can be used; empty while it is open-ended."""
    student_seats: Mapped[int]
    teacher_seats: Mapped[int | None]
    field_policy: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    """Field name -> `required`, `store` or `ignore`; empty is the default policy of product.md."""
    rules: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    made_at: Mapped[datetime]


class LicenseSchool(Named, Tenanted, Base):
    """A school that a license covers. A license without any row covers its whole district.

    Retention: with its license.
    """

    __tablename__ = "license_school"
    __table_args__ = (UniqueConstraint("license_id", "given_id"),)

    license_id: Mapped[UUID] = mapped_column(ForeignKey("license.id", ondelete="CASCADE"))
    given_id: Mapped[str]
    """The NCES or source id as the operator wrote it, matched against schools when they are known."""


class LicenseMember(Named, Tenanted, Base):
    """A teacher or administrator who belongs to a license. Each one with the teacher role uses a teacher seat.

    Retention: with its account; `ended_at` keeps the history.
    """

    __tablename__ = "license_member"
    __table_args__ = (
        Index(
            "uq_license_member_live",
            "license_id",
            "account_id",
            "role",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        CheckConstraint("role in ('teacher','license_admin','school_admin','district_admin')", name="role"),
    )

    license_id: Mapped[UUID] = mapped_column(ForeignKey("license.id", ondelete="CASCADE"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    school_given_id: Mapped[str | None]
    """For a school administrator: the NCES or source id of her school, as the inviter wrote it."""
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Invitation(Named, Tenanted, Base):
    """A single-use, expiring letter to a future member. The token itself is never stored, only its hash.

    Retention: 13 months after it was accepted, revoked or ran out.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("role in ('teacher','license_admin','school_admin','district_admin')", name="role"),
        Index("ix_invitation_bound", "bound_provider", "bound_authority", "bound_subject"),
    )

    license_id: Mapped[UUID] = mapped_column(ForeignKey("license.id", ondelete="CASCADE"), index=True)
    address: Mapped[str]
    role: Mapped[str]
    school_given_id: Mapped[str | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]
    bound_provider: Mapped[str | None]
    """Set where the teacher was ticked from shared data: then her first service sign-in accepts it."""
    bound_authority: Mapped[str | None]
    bound_kind: Mapped[str | None]
    bound_subject: Mapped[str | None]
