"""Set from which share of removals on a connection's syncs wait for a person."""

from datetime import datetime
from uuid import UUID

from webapp.roster.thresholds import HIGHEST, LOWEST, kept_with
from webapp.store.audit import note
from webapp.store.database import tenant
from webapp.store.tables import Connection


class LimitsRefused(Exception):
    """This threshold is not possible; the message is a plain sentence, and nothing was changed."""


def set_limits(
    district_id: UUID, connection_id: UUID, share: int, *, now: datetime, account_id: UUID | None = None
) -> datetime | None:
    """More than `share` percent waits for a person from now on; until when, where it falls back by itself.

    What is raised above the usual tenth falls back after two hours (REL-10). Raises LimitsRefused.
    """
    if not LOWEST <= share <= HIGHEST:
        raise LimitsRefused(f"The threshold must be between {LOWEST} and {HIGHEST} percent.")
    with tenant(district_id) as session:
        connection = session.get(Connection, connection_id, with_for_update={"key_share": True})
        if connection is None:
            raise LimitsRefused("There is no such connection.")
        kept, until = kept_with(connection.limits, connection.limits_until, share, now)
        connection.limits, connection.limits_until = kept, until
        note(
            session,
            "connection.limits",
            at=now,
            district_id=district_id,
            account_id=account_id,
            about=("connection", connection_id),
            share=share,
        )
        return until
