"""Districts, the people in them, and the ways those people sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Named, Tenanted


class District(Named, Base):
    """A customer: the tenant to which everything else belongs.

    Retention: until its contract has ended and its deletion is confirmed.
    """

    __tablename__ = "district"

    name: Mapped[str]
    time_zone: Mapped[str]
    """IANA name; the district's days (enrollments, terms, the sync hour) are counted in it."""
    made_at: Mapped[datetime]


class Account(Named, Tenanted, Base):
    """A person. The id never changes meaning and is never reused: neighbours of Rollbook hang their work on it.

    Retention: as long as enrolled or shared; de-identified 13 months after (safety.md PRIV-11).
    """

    __tablename__ = "account"
    __table_args__ = (
        Index("ix_account_sis_id", "source_connection_id", "sis_id", postgresql_where=text("sis_id is not null")),
        Index(
            "ix_account_student_number",
            "source_connection_id",
            "student_number",
            postgresql_where=text("student_number is not null"),
        ),
    )

    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    """Where letters go; set by an invitation, never by a roster. Never a key."""
    roster_email: Mapped[str | None]
    """What the rostering service says; staff only, never students."""
    grade: Mapped[str | None]
    sis_id: Mapped[str | None]
    student_number: Mapped[str | None]
    source_connection_id: Mapped[UUID | None] = mapped_column(ForeignKey("connection.id"))
    """The connection whose sync keeps names and numbers right; empty for people of our own making."""
    hand: Mapped[bool] = mapped_column(server_default=text("false"))
    """True where an undo put its names and numbers back: syncs leave them until the service agrees with them."""
    made_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    """Set once it gave its identities to another: it never was used, or an administrator said that both are one."""


class AccountRole(Named, Tenanted, Base):
    """That a person is a teacher, student, ... in a school. Teacher and staff at once is one account with two rows.

    Retention: with its account.
    """

    __tablename__ = "account_role"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "school_id", "source_connection_id", postgresql_nulls_not_distinct=True),
        CheckConstraint(
            "role in ('teacher','student','school_admin','district_admin','license_admin','staff')", name="role"
        ),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"))
    source_connection_id: Mapped[UUID | None] = mapped_column(ForeignKey("connection.id"))


class Identity(Named, Tenanted, Base):
    """One way for one account to sign in, or to be found in a roster: (provider, authority, kind, subject).

    Links and merges are reversible: a link that ends keeps its row with `valid_to`. Never e-mail as a finder: the
    subject of a `password` identity is the login name that its owner proved, used by the **Log in** form alone.
    Retention: with its account.
    """

    __tablename__ = "identity"
    __table_args__ = (
        Index(
            "uq_identity_live",
            "provider",
            "authority",
            "kind",
            "subject",
            unique=True,
            postgresql_where=text("valid_to is null"),
        ),
        Index("ix_identity_account_id", "account_id"),
        CheckConstraint("subject <> ''", name="subject_not_blank"),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    provider: Mapped[str]
    """`clever`, `classlink`, `csv` or `password`."""
    authority: Mapped[str]
    """Clever district id, ClassLink tenant id; empty for passwords."""
    kind: Mapped[str]
    """`user_id`, `sourced_id`; `login` for passwords. One person may have several kinds."""
    subject: Mapped[str]
    secret_hash: Mapped[str | None]
    """Argon2 hash; only for passwords, hidden from the directory role."""
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    """False where the roster says that they may not sign in by this service; only ever set on the kind it carries."""


class Operator(Named, Base):
    """One of the vendor's people, outside every district; enters one only by the tenant door, with an audit row.

    Retention: until the vendor removes them; audit rows keep the id.
    """

    __tablename__ = "operator"

    email: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str | None]
    setup_token_hash: Mapped[str | None] = mapped_column(unique=True)
    setup_expires_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
