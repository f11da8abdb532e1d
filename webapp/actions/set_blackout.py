"""Set the days on which a district wants its classes left as they are."""

from datetime import date, datetime, timedelta
from uuid import UUID

from webapp.store.audit import note
from webapp.store.database import tenant
from webapp.store.questions.runs import district_today
from webapp.store.tables import Connection

LONGEST = timedelta(days=180)
"""Longer than any summer: a blackout that everybody forgot would keep leavers in their classes."""


class BlackoutRefused(Exception):
    """These days are not possible; the message is a plain sentence, and nothing was changed."""


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

    Raises BlackoutRefused.
    """
    with tenant(district_id) as session:
        connection = session.get(Connection, connection_id, with_for_update={"key_share": True})
        if connection is None:
            raise BlackoutRefused("There is no such connection.")
        _check(first, last, district_today(session, district_id, now))
        connection.blackout_from, connection.blackout_until = first, last
        note(
            session,
            "connection.blackout",
            at=now,
            district_id=district_id,
            account_id=account_id,
            about=("connection", connection_id),
            first=first and first.isoformat(),
            last=last and last.isoformat(),
        )


def _check(first: date | None, last: date | None, today: date) -> None:
    if first is None and last is None:
        return
    if first is None or last is None:
        raise BlackoutRefused("Give both the first and the last day.")
    if last < first:
        raise BlackoutRefused("The last day comes before the first.")
    if last < today:
        raise BlackoutRefused("These days are over.")
    if last - first > LONGEST:
        raise BlackoutRefused(f"That is longer than {LONGEST.days} days.")
