"""Read each service's own table of districts: who waits to be claimed, who is back, who has disconnected us."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.actions.connection_access import opened_token
from webapp.actions.disconnect import disconnect
from webapp.actions.reconnect import reconnect
from webapp.providers.errors import AccessWithdrawn, ProviderError
from webapp.providers.service import Service, SharedDistrict
from webapp.store.database import directory, tenant
from webapp.store.leases import LeaseBusy
from webapp.store.questions.clockwork import given_up
from webapp.store.questions.services import Listable, listable_connections
from webapp.store.tables import Audit, Connection
from webapp.store.unclaimed import keep_list, note_good_poll, note_trouble

log = structlog.get_logger()

MISSING_FOR = timedelta(minutes=10)
"""So much later it must be missing still: a table that is being rebuilt is whole again by then."""
ENOUGH_TO_DOUBT = 4
"""From so many connections on, a table that lacks more than half of them is taken for broken."""
AGAIN_AFTER = timedelta(hours=6)
"""A district that is listed all the time and refuses us all the same is tried again after this, and every night."""

Table = Mapping[str, SharedDistrict]


def poll_services(services: Mapping[str, Service], *, now: datetime) -> None:
    """Our connections are as each service's table says; one that can't be read or believed changes nothing."""
    for service in services.values():
        if service.configured():
            _poll(service, now)


def _poll(service: Service, now: datetime) -> None:
    try:
        listed = {one.district: one for one in service.districts()}
    except ProviderError as error:
        _doubt(service, str(error), now)
        return
    with directory() as session:
        ours = listable_connections(session, service.key)
    if trouble := _too_much_missing(service, ours, listed):
        _doubt(service, trouble, now)
        return
    known = {one.provider_district for one in ours}
    with directory() as session:
        keep_list(session, service.key, {one: listed[one].name for one in listed if one not in known}, now)
        note_good_poll(session, service.key, now)
    for one in ours:
        if one.provider_district in listed:
            _listed(one, listed[one.provider_district].token, now)
        elif one.was_shared:
            _missing(service, one, now)


def _doubt(service: Service, trouble: str, now: datetime) -> None:
    with directory() as session:
        news = note_trouble(session, service.key, trouble, now)
    if news:
        log.warning("a service's table of districts changed nothing", service=service.key, why=trouble)


def _too_much_missing(service: Service, ours: Sequence[Listable], listed: Table) -> str:
    """Why this table is not believed; empty where it is."""
    shared = [one for one in ours if one.was_shared]
    missing = [one for one in shared if one.provider_district not in listed]
    if len(shared) < ENOUGH_TO_DOUBT or 2 * len(missing) <= len(shared):
        return ""
    return f"{service.label}'s table of districts lacks {len(missing)} of our {len(shared)} connections at once."


def _listed(one: Listable, token: str, now: datetime) -> None:
    """What is listed is connected; what was known to be so is left alone."""
    if one.state in ("connected", "paused") and one.missing_since is None:
        return
    with tenant(one.district_id) as session:
        connection = session.get_one(Connection, one.connection_id, with_for_update={"key_share": True})
        if connection.state == "frozen" or (
            connection.state == "attention" and _may_be_back(session, connection, token, now)
        ):
            reconnect(session, connection, token, now)
        elif connection.state != "closed":
            connection.missing_since = None


def _may_be_back(session: Session, connection: Connection, token: str, now: datetime) -> bool:
    """True where something has changed since we were refused, or it was not tried again for a while."""
    if connection.missing_since or opened_token(connection) != token:
        return True
    if given_up(session, connection.id):
        return False
    tried = select(Audit.id).where(
        Audit.district_id == connection.district_id,
        Audit.action == "reconnected",
        Audit.subject_id == str(connection.id),
        Audit.at > now - AGAIN_AFTER,
    )
    return session.scalars(tried.limit(1)).first() is None


def _missing(service: Service, one: Listable, now: datetime) -> None:
    """Missing for the first time, it is noted; missing still, and refused by name as well, it is disconnected."""
    if one.missing_since is None:
        with tenant(one.district_id) as session:
            connection = session.get_one(Connection, one.connection_id, with_for_update={"key_share": True})
            connection.missing_since = connection.missing_since or now
        return
    if now - one.missing_since < MISSING_FOR:
        return
    try:
        service.district_token(one.provider_district)
    except AccessWithdrawn:
        _disconnect(service, one, now)
    except ProviderError as error:
        log.warning(
            "whether a district has disconnected us can't be told", connection=str(one.connection_id), why=str(error)
        )


def _disconnect(service: Service, one: Listable, now: datetime) -> None:
    reason = f"Your district no longer shares its rosters with us in {service.label}."
    try:
        if disconnect(one.district_id, one.connection_id, reason, now=now):
            log.warning("disconnected by its district", connection=str(one.connection_id), service=service.key)
    except LeaseBusy:
        log.info("a sync is at work; the disconnection waits for the next poll", connection=str(one.connection_id))
