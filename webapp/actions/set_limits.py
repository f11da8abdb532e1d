"""Set from which share of removals on a connection's syncs wait for a person."""

from datetime import datetime
from uuid import UUID

from webapp.actions.connection_setting import SettingRefused, setting
from webapp.roster.thresholds import HIGHEST, LOWEST, kept_with


def set_limits(
    district_id: UUID, connection_id: UUID, share: int, *, now: datetime, account_id: UUID | None = None
) -> datetime | None:
    """More than `share` percent waits for a person from now on; until when, where it falls back by itself.

    What is raised above the usual tenth falls back after two hours (REL-10). Raises SettingRefused.
    """
    if not LOWEST <= share <= HIGHEST:
        raise SettingRefused(f"The threshold must be between {LOWEST} and {HIGHEST} percent.")
    action = "connection.limits"
    with setting(district_id, connection_id, action, now=now, account_id=account_id, share=share) as (_, connection):
        kept, until = kept_with(connection.limits, connection.limits_until, share, now)
        connection.limits, connection.limits_until = kept, until
        return until
