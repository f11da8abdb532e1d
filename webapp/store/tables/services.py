"""What the rostering services' own tables of districts say, outside every tenant; only the directory's door sees it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.store.tables.declarative import Base, Named


class UnclaimedDistrict(Named, Base):
    """A provider's district that has authorised us and belongs to no district here yet.

    Retention: until it is claimed, or the service's table lists it no more.
    """

    __tablename__ = "unclaimed_district"
    __table_args__ = (UniqueConstraint("provider", "provider_district"),)

    provider: Mapped[str]
    provider_district: Mapped[str]
    """The service's id of the district."""
    name: Mapped[str]
    """As the service's table tells it; empty where it does not say."""
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class ServicePoll(Named, Base):
    """How reading one service's table of districts went last: one row for each service.

    Retention: overwritten by the next poll.
    """

    __tablename__ = "service_poll"

    provider: Mapped[str] = mapped_column(unique=True)
    good_at: Mapped[datetime | None]
    """When its table was last read to its end and believed."""
    trouble: Mapped[str | None]
    """Why the last poll changed nothing: a plain sentence; empty where it went well."""
    trouble_since: Mapped[datetime | None]
