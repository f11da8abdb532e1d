"""Connect a district to its rostering service."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from webapp.actions.connection_access import sealed_token
from webapp.providers.errors import AccessWithdrawn, ProviderError
from webapp.providers.service import Service
from webapp.store.database import directory, tenant
from webapp.store.tables import Connection

LIVE = "uq_connection_live"


class ConnectionRefused(Exception):
    """The connection cannot be made; the message is a plain sentence."""


def add_connection(
    license_id: UUID,
    provider: str,
    provider_district: str,
    *,
    method: str,
    services: Mapping[str, Service],
    now: datetime,
) -> Connection:
    """The license's district is connected, for all its licenses; asked for twice, it is the same connection.

    `state` is `connected` where the service answered with a token for the district, else `attention` with the reason.
    Raises ConnectionRefused: no such license, service switched off, or another district has this provider district.
    """
    service = _switched_on(provider, services)
    district_id = _district_of(license_id)
    token, reason = _token(service, provider_district)
    connection = Connection(
        district_id=district_id,
        provider=provider,
        provider_district=provider_district,
        sealed_token=sealed_token(district_id, provider, token) if token else None,
        method=method,
        state="attention" if reason else "connected",
        state_reason=reason,
        made_at=now,
    )
    return _kept(connection) or _existing(connection)


def _switched_on(provider: str, services: Mapping[str, Service]) -> Service:
    service = services.get(provider)
    if service is None or not service.configured():
        raise ConnectionRefused(f"{provider} is not switched on: set its ROLLBOOK_{provider.upper()}_* settings first.")
    return service


def _kept(connection: Connection) -> Connection | None:
    """The connection, written down; None where a live one has this provider district."""
    try:
        with tenant(connection.district_id) as session:
            session.add(connection)
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") != LIVE:
            raise
        return None
    return connection


def _district_of(license_id: UUID) -> UUID:
    with directory() as session:
        found = session.execute(text("select district_id from license where id = :license"), {"license": license_id})
        district_id = found.scalar()
    if district_id is None:
        raise ConnectionRefused("There is no such license.")
    return UUID(str(district_id))


def _token(service: Service, provider_district: str) -> tuple[str, str | None]:
    try:
        return service.district_token(provider_district), None
    except AccessWithdrawn:
        return "", f"{service.label} does not list this district as sharing with us (yet)."
    except ProviderError as error:
        return "", str(error)


def _existing(asked: Connection) -> Connection:
    """The live connection that has this provider district; what was asked for now mends one that needed attention."""
    live = "select id, district_id from connection where provider = :p and provider_district = :d and state <> 'closed'"
    with directory() as session:
        held = session.execute(text(live), {"p": asked.provider, "d": asked.provider_district}).one()
        name = session.execute(text("select name from district where id = :id"), {"id": held.district_id}).scalar_one()
    if held.district_id != asked.district_id:
        raise ConnectionRefused(f"{name} holds this {asked.provider} district already.")
    with tenant(asked.district_id) as session:
        connection = session.get_one(Connection, held.id)
        if connection.state == "attention" and asked.sealed_token:
            connection.sealed_token, connection.state, connection.state_reason = asked.sealed_token, "connected", None
        return connection
