"""What do the services' tables of districts say, and which connections do they concern? By the directory's door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from webapp.store.tables import Connection, ServicePoll, UnclaimedDistrict


@dataclass(frozen=True)
class Listable:
    """A connection that a service's table should list."""

    connection_id: UUID
    district_id: UUID
    provider_district: str
    state: str
    missing_since: datetime | None
    last_good_sync_at: datetime | None

    @property
    def was_shared(self) -> bool:
        """True where its district let us in before: only what was there can be missing."""
        return self.state in ("connected", "paused") or (self.state == "attention" and bool(self.last_good_sync_at))


def listable_connections(session: Session, provider: str) -> list[Listable]:
    """Every connection to this service that is not closed, but those of single teachers."""
    rows = session.execute(
        select(
            Connection.id,
            Connection.district_id,
            func.coalesce(Connection.provider_district, ""),
            Connection.state,
            Connection.missing_since,
            Connection.last_good_sync_at,
        )
        .where(
            Connection.provider == provider,
            Connection.state.not_in(("closed", "unclaimed")),
            Connection.provider_district.is_not(None),
        )
        .order_by(Connection.id)
    )
    return [Listable(*row) for row in rows]


def waiting_districts(session: Session) -> Sequence[UnclaimedDistrict]:
    """The districts that wait to be claimed, longest first."""
    claimed = exists(Connection.id).where(
        Connection.provider == UnclaimedDistrict.provider,
        Connection.provider_district == UnclaimedDistrict.provider_district,
        Connection.state != "closed",
    )
    waiting = select(UnclaimedDistrict).where(~claimed)
    return session.scalars(waiting.order_by(UnclaimedDistrict.first_seen_at, UnclaimedDistrict.id)).all()


def poll_troubles(session: Session) -> Sequence[ServicePoll]:
    """The services whose tables can't be read or believed at the moment."""
    troubled = select(ServicePoll).where(ServicePoll.trouble.is_not(None))
    return session.scalars(troubled.order_by(ServicePoll.provider)).all()
