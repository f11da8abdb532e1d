"""Server-side sign-ins, what leads to them, and the book of who did what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Counted, Named


class SignIn(Named, Base):
    """One person signed in on one browser.

    The cookie holds a secret whose hash is here, so a copied cookie dies at logout.
    Belongs to a district through its account; operators' sign-ins to none. Retention: 90 days after it ended.
    """

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account_id", "account_id"),)

    secret_hash: Mapped[str] = mapped_column(unique=True)
    district_id: Mapped[UUID | None] = mapped_column(ForeignKey("district.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"))
    provider: Mapped[str]
    """By what it was proved: `clever`, `classlink` or `password`."""
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Named, Base):
    """A sign-in that a browser began at a provider: its state, taken once, within ten minutes, by the same browser.

    Belongs to no district: none is known yet. Retention: one day.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_browser_hash", "browser_hash", "made_at"),)

    state_hash: Mapped[str] = mapped_column(unique=True)
    browser_hash: Mapped[str]
    provider: Mapped[str]
    nonce: Mapped[str]
    verifier: Mapped[str]
    """PKCE; useless without the code, which comes only to this browser."""
    purpose: Mapped[str]
    """`sign_in`, `accept` (an invitation) or `link` (a second way into the account that is signed in)."""
    invitation_id: Mapped[UUID | None]
    sign_in_id: Mapped[UUID | None]
    """For `link`: the sign-in that asked for it, which must still live when the person returns."""
    next_path: Mapped[str]
    unasked: Mapped[bool]
    """Begun by us because somebody arrived without state (portal, tile); counted so that it cannot loop."""
    made_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class PasswordReset(Named, Base):
    """A link to choose a new password: hashed, one hour, one use.

    Retention: one day after it ran out.
    """

    __tablename__ = "password_reset"

    district_id: Mapped[UUID | None] = mapped_column(ForeignKey("district.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Audit(Counted, Base):
    """Who looked at or changed whose record; ids only. Append-only for the application's roles.

    Retention: one year, purged by another role than the application's.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_district_id_at", "district_id", "at"),)

    district_id: Mapped[UUID | None] = mapped_column(index=True)
    """No foreign key: the book outlives what it tells of."""
    at: Mapped[datetime]
    actor_account_id: Mapped[UUID | None]
    actor_operator_id: Mapped[UUID | None]
    action: Mapped[str]
    subject: Mapped[str | None]
    """What `subject_id` names: an `account`, `school_class`, `invitation`, `sync_run`, `license`, `connection`, ..."""
    subject_id: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]
    """Ids and fixed words only."""
