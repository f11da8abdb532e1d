"""How a connection's roster is read: with the district's token, kept sealed, renewed where the service rotated it."""

from datetime import date
from uuid import UUID

from webapp.providers.service import Access, RosterReader, Service
from webapp.store.database import tenant
from webapp.store.seal import SealBroken, seal, unseal
from webapp.store.tables import Connection

PURPOSE = "roster"


def reader_of(connection: Connection, service: Service, *, today: date | None = None) -> RosterReader:
    """A reader of this connection's district, which it is `today` in (left out where no enrollments are read).

    A token that the service rotated in the meantime is kept for the next time.
    """
    district_id, connection_id, provider = connection.district_id, connection.id, connection.provider
    return service.reader(
        Access(connection.provider_district or "", opened_token(connection)),
        today=today,
        on_new_token=lambda fresh: keep_token(district_id, connection_id, provider, fresh),
    )


def opened_token(connection: Connection) -> str:
    """The kept token; empty, so that the service is asked for it, where none is kept or our keys do not open it."""
    if not connection.sealed_token:
        return ""
    try:
        return unseal(connection.sealed_token, str(connection.district_id), connection.provider, PURPOSE)
    except SealBroken:
        return ""


def keep_token(district_id: UUID, connection_id: UUID, provider: str, token: str) -> None:
    """The connection has this token from now on, sealed for its district and service."""
    with tenant(district_id) as session:
        connection = session.get_one(Connection, connection_id)
        connection.sealed_token = sealed_token(district_id, provider, token)


def sealed_token(district_id: UUID, provider: str, token: str) -> str:
    """A district's token as it is stored: useless in another district or for another service."""
    return seal(token, str(district_id), provider, PURPOSE)
