"""Set how long after its last term's end a class of a connection is still updated, before it goes to the archive."""

from datetime import datetime
from uuid import UUID

from webapp.actions.connection_setting import SettingRefused, setting

LONGEST = 60
"""Days. Longer, and two terms of a class would run side by side."""


def set_archive_after(
    district_id: UUID, connection_id: UUID, days: int, *, now: datetime, account_id: UUID | None = None
) -> None:
    """The connection's classes are archived so many days after their terms. Raises SettingRefused."""
    if not 0 <= days <= LONGEST:
        raise SettingRefused(f"The grace period must be between 0 and {LONGEST} days.")
    action = "connection.archive_after"
    with setting(district_id, connection_id, action, now=now, account_id=account_id, days=days) as (_, connection):
        connection.archive_after_days = days
