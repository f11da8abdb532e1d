"""A district lets us in again: with a new token, and a sync of everything that thaws what the disconnection froze."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.actions.connection_access import sealed_token
from webapp.actions.request_sync import sync_everything
from webapp.store.audit import note
from webapp.store.tables import Connection


def reconnect(session: Session, connection: Connection, token: str, now: datetime) -> UUID:
    """The connection (whose row is locked) is connected with this token; the id of the sync that is requested."""
    connection.sealed_token = sealed_token(connection.district_id, connection.provider, token)
    connection.state, connection.state_reason = "connected", None
    # What its feed told meanwhile is not to be trusted: it begins anew.
    connection.missing_since = connection.feed_cursor = connection.look_at = None
    note(session, "reconnected", at=now, district_id=connection.district_id, about=("connection", connection.id))
    return sync_everything(session, connection, now=now)
