"""Who may apply to a connection: one lease row each, with a fence that only grows (safety.md REL-19)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.store.checkpoints import checkpoint

LEASE_FOR = timedelta(seconds=60)
"""Renewed by the heart of a run at work, and by each of its apply transactions."""

_lease_for = LEASE_FOR


class LeaseBusy(Exception):
    """Another run applies to this connection right now."""


class LeaseLost(Exception):
    """Another run has taken the lease since: what this one was about to write must not be written."""


def last(lease_for: timedelta) -> None:
    """From here on, the leases that this process takes or renews last so long."""
    global _lease_for
    _lease_for = lease_for


def renew_every() -> timedelta:
    """How often a lease is to be renewed while its run is at work."""
    return _lease_for / 4


def take(connection: Connection, connection_id: UUID, district_id: UUID, holder: UUID, now: datetime) -> int:
    """Take the lease and return its new fence. Raises LeaseBusy while another living run holds it."""
    row = connection.execute(
        text("""
insert into lease (connection_id, district_id, holder, fence, expires_at)
values (:connection, :district, :holder, 1, :until)
on conflict (connection_id) do update set holder = :holder, fence = lease.fence + 1, expires_at = :until
where lease.holder is null or lease.holder = :holder or lease.expires_at <= :now
returning fence"""),
        {
            "connection": connection_id,
            "district": district_id,
            "holder": holder,
            "now": now,
            "until": now + _lease_for,
        },
    ).scalar()
    checkpoint("lease.taken")
    if row is None:
        raise LeaseBusy
    return int(row)


def hold(connection: Connection, connection_id: UUID, fence: int, now: datetime) -> None:
    """Renew, and lock the lease row until this transaction ends: it commits as the rightful applier or not at all."""
    renewed = connection.execute(
        text("update lease set expires_at = :until where connection_id = :connection and fence = :fence returning 1"),
        {"connection": connection_id, "fence": fence, "until": now + _lease_for},
    ).scalar()
    checkpoint("lease.renewed")
    if renewed is None:
        raise LeaseLost


def renew(connection: Connection, connection_id: UUID, holder: UUID, fence: int, now: datetime) -> None:
    """The lease lasts longer, if it is still this holder's. Waits for nobody: who locks the row renews it as well."""
    connection.execute(
        text("""
update lease set expires_at = :until where connection_id = (
    select connection_id from lease where connection_id = :connection and fence = :fence and holder = :holder
    for no key update skip locked)"""),
        {"connection": connection_id, "fence": fence, "holder": holder, "until": now + _lease_for},
    )


def give_back(connection: Connection, connection_id: UUID, fence: int, now: datetime) -> None:
    """Let the next run in at once. The fence stays, so that it can only grow."""
    connection.execute(
        text("update lease set holder = null, expires_at = :now where connection_id = :connection and fence = :fence"),
        {"connection": connection_id, "fence": fence, "now": now},
    )
