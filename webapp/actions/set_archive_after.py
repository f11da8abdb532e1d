"""Set how long after its last term's end a class of a connection is still updated, before it goes to the archive."""

from datetime import datetime
from uuid import UUID

from webapp.store.audit import note
from webapp.store.database import tenant
from webapp.store.tables import Connection

LONGEST = 60
"""Days. Longer, and two terms of a class would run side by side."""


class ArchiveRefused(Exception):
    """This grace period is not possible; the message is a plain sentence, and nothing was changed."""


def set_archive_after(
    district_id: UUID, connection_id: UUID, days: int, *, now: datetime, account_id: UUID | None = None
) -> None:
    """The connection's classes are archived so many days after their terms. Raises ArchiveRefused."""
    if not 0 <= days <= LONGEST:
        raise ArchiveRefused(f"The grace period must be between 0 and {LONGEST} days.")
    with tenant(district_id) as session:
        connection = session.get(Connection, connection_id, with_for_update={"key_share": True})
        if connection is None:
            raise ArchiveRefused("There is no such connection.")
        connection.archive_after_days = days
        note(
            session,
            "connection.archive_after",
            at=now,
            district_id=district_id,
            account_id=account_id,
            about=("connection", connection_id),
            days=days,
        )
