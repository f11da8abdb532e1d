"""Connect a district to its rostering service."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from webapp.actions.connection_access import opened_token, sealed_token
from webapp.actions.reconnect import reconnect
from webapp.providers.errors import AccessWithdrawn, ProviderError
from webapp.providers.service import Service
from webapp.store.audit import note
from webapp.store.database import directory, tenant
from webapp.store.tables import Connection, UnclaimedDistrict
from webapp.store.unclaimed import take_off_list

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
    asked = _asked(license_id, provider, provider_district, method, services, now)
    made = _kept(asked, None) or _existing(asked, now)
    _claimed(made)
    return made


def claim_district(
    unclaimed_id: UUID, license_id: UUID, *, operator_id: UUID, services: Mapping[str, Service], now: datetime
) -> Connection:
    """The district that waited to be claimed is connected to the license's district, and the book says by whom.

    Raises ConnectionRefused, also where somebody else was faster.
    """
    with directory() as session:
        waiting = session.get(UnclaimedDistrict, unclaimed_id)
    if waiting is None:
        raise ConnectionRefused("This district no longer waits: it was claimed, or it stopped sharing with us.")
    asked = _asked(license_id, waiting.provider, waiting.provider_district, "teacher_choice", services, now)
    made = _kept(asked, operator_id)
    if made is None:
        _existing(asked, now)
        raise ConnectionRefused("Somebody else has just claimed this district for the same customer.")
    _claimed(made)
    return made


def _asked(
    license_id: UUID, provider: str, provider_district: str, method: str, services: Mapping[str, Service], now: datetime
) -> Connection:
    """The connection as it is to be, not written down yet."""
    service = _switched_on(provider, services)
    district_id = _district_of(license_id)
    token, reason = _token(service, provider_district)
    return Connection(
        district_id=district_id,
        provider=provider,
        provider_district=provider_district,
        sealed_token=sealed_token(district_id, provider, token) if token else None,
        method=method,
        state="attention" if reason else "connected",
        state_reason=reason,
        made_at=now,
    )


def _claimed(connection: Connection) -> None:
    """Nobody else is offered this district any more."""
    with directory() as session:
        take_off_list(session, connection.provider, connection.provider_district or "")


def _switched_on(provider: str, services: Mapping[str, Service]) -> Service:
    service = services.get(provider)
    if service is None or not service.configured():
        raise ConnectionRefused(f"{provider} is not switched on: set its ROLLBOOK_{provider.upper()}_* settings first.")
    return service


def _kept(connection: Connection, operator_id: UUID | None) -> Connection | None:
    """The connection, written down; None where a live one has this provider district."""
    try:
        with tenant(connection.district_id) as session:
            session.add(connection)
            session.flush()
            about, here = ("connection", connection.id), connection.district_id
            note(
                session,
                "connection_added",
                at=connection.made_at,
                district_id=here,
                operator_id=operator_id,
                about=about,
            )
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


def _existing(asked: Connection, now: datetime) -> Connection:
    """The live connection that has this provider district; it is mended where the service lets us in again."""
    live = "select id, district_id from connection where provider = :p and provider_district = :d and state <> 'closed'"
    with directory() as session:
        held = session.execute(text(live), {"p": asked.provider, "d": asked.provider_district}).one()
        name = session.execute(text("select name from district where id = :id"), {"id": held.district_id}).scalar_one()
    if held.district_id != asked.district_id:
        raise ConnectionRefused(f"{name} holds this {asked.provider} district already.")
    with tenant(asked.district_id) as session:
        connection = session.get_one(Connection, held.id, with_for_update={"key_share": True})
        if connection.state in ("attention", "frozen") and asked.state == "connected":
            reconnect(session, connection, opened_token(asked), now)
        return connection
