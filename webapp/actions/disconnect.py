"""A district has disconnected us: its classes freeze, its token is erased, its administrators are told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store import leases
from webapp.store.audit import note
from webapp.store.database import tenant
from webapp.store.outbox import put
from webapp.store.questions.deciders import deciders, told_lately
from webapp.store.tables import Connection

LIVE = ("connected", "attention", "paused")

# Their `as_of` is this moment: what was fetched before can't thaw them, the next good sync does.
_FREEZE = """
with frozen as (
    update school_class set state = 'frozen', state_reason = 'disconnected', state_since = :now, as_of = :now
    where state = 'active'
      and id in (select class_id from class_source where connection_id = :connection and until_at is null)
    returning id)
insert into change (district_id, record, record_id, class_id, what, before, after, at)
select :district, 'class', id, id, 'updated', '{"state": "active"}', '{"state": "frozen"}', :now from frozen
"""


def disconnect(district_id: UUID, connection_id: UUID, reason: str, *, now: datetime) -> bool:
    """The connection is frozen and nothing is deleted; False where it came back, or was frozen or closed, before.

    Raises LeaseBusy while a run applies to it.
    """
    with tenant(district_id) as session:
        fence = leases.take(session.connection(), connection_id, district_id, connection_id, now)
        connection = session.get_one(Connection, connection_id, with_for_update={"key_share": True})
        gone = connection.state in LIVE and connection.missing_since is not None
        if gone:
            _freeze(session, connection, reason, now)
        leases.give_back(session.connection(), connection_id, fence, now)
    return gone


def _freeze(session: Session, connection: Connection, reason: str, now: datetime) -> None:
    connection.state, connection.state_reason, connection.note = "frozen", reason, None
    connection.sealed_token = connection.feed_cursor = None
    about = {"district": connection.district_id, "connection": connection.id, "now": now}
    session.execute(text(_FREEZE), about)
    note(session, "disconnected", at=now, district_id=connection.district_id, about=("connection", connection.id))
    if told_lately(session, "disconnected", connection.id, now):
        return
    for account_id in deciders(session):
        put(
            session,
            "disconnected",
            district_id=connection.district_id,
            now=now,
            connection_id=connection.id,
            account_id=account_id,
        )
