"""How every table is declared: its types, its names for constraints, its uuid, its tenant."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Constraint names are the database's verdicts, which actions translate into sentences: they must be stable.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        str: Text(),
        datetime: DateTime(timezone=True),
        date: Date(),
        UUID: Uuid(),
        dict[str, Any]: JSONB(none_as_null=True),
        list[str]: ARRAY(Text()),
    }


class Named:
    """A row whose id may stand in a URL: a uuid of version 7, made by PostgreSQL."""

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))


class Counted:
    """A row of a long, narrow table; its id never stands in a URL."""

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)


class Tenanted:
    """A row that belongs to exactly one district; row-level security hides it from every other."""

    # No index of its own: row-level security names it in every statement, and a planner that does not know a new
    # district yet would take such an index for the cheapest way, once for each row of the other side.
    district_id: Mapped[UUID] = mapped_column(ForeignKey("district.id", ondelete="CASCADE"))
