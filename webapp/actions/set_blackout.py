"""Set the days on which a district wants its classes left as they are."""

from datetime import date, datetime, timedelta
from uuid import UUID

from webapp.actions.connection_setting import SettingRefused, setting
from webapp.store.questions.runs import district_today

LONGEST = timedelta(days=180)
"""Longer than any summer: a blackout that everybody forgot would keep leavers in their classes."""


def set_blackout(
    district_id: UUID,
    connection_id: UUID,
    first: date | None,
    last: date | None,
    *,
    now: datetime,
    account_id: UUID | None = None,
) -> None:
    """From the first to the last of these days syncs remove, freeze and archive nothing; without days, they do again.

    Raises SettingRefused.
    """
    told = {"first": first and first.isoformat(), "last": last and last.isoformat()}
    action = "connection.blackout"
    with setting(district_id, connection_id, action, now=now, account_id=account_id, **told) as (session, connection):
        _check(first, last, district_today(session, district_id, now))
        connection.blackout_from, connection.blackout_until = first, last


def _check(first: date | None, last: date | None, today: date) -> None:
    if first is None and last is None:
        return
    if first is None or last is None:
        raise SettingRefused("Give both the first and the last day.")
    if last < first:
        raise SettingRefused("The last day comes before the first.")
    if last < today:
        raise SettingRefused("These days are over.")
    if last - first > LONGEST:
        raise SettingRefused(f"That is longer than {LONGEST.days} days.")
