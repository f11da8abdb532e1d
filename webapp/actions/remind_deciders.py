"""Tell those who decide in a district what still waits: a letter a day at most, none where nothing waits (REL-11)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.store.database import directory, tenant
from webapp.store.outbox import put
from webapp.store.questions.deciders import deciders
from webapp.store.questions.runs import district_zone
from webapp.store.questions.waiting_things import DIGEST, something_waits, told_since
from webapp.store.tables import District

FROM_HOUR = 7
"""In the district's own time: the letter lies there when the office opens."""
FORGOTTEN_AFTER = timedelta(days=7)
"""As long as the outbox keeps letters that were sent."""
# Two clocks that ask at once shall write one letter; the number is this file's own.
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(3311)")


def remind_deciders(now: datetime) -> int:
    """Each administrator of a district in which something waits since before today has today's letter; how many."""
    with directory() as session:
        districts = session.scalars(select(District.id)).all()
    return sum(_remind(district_id, now) for district_id in districts)


def _remind(district_id: UUID, now: datetime) -> int:
    with tenant(district_id) as session:
        morning = now.astimezone(district_zone(session, district_id)).replace(
            hour=FROM_HOUR, minute=0, second=0, microsecond=0
        )
        if now < morning:
            return 0
        session.execute(_ONE_AT_A_TIME)
        midnight, forgotten = morning.replace(hour=0), now - FORGOTTEN_AFTER
        if told_since(session, midnight):
            return 0
        waits = something_waits(session, midnight=midnight, morning=morning, forgotten=forgotten)
        return _write(session, district_id, now) if waits else 0


def _write(session: Session, district_id: UUID, now: datetime) -> int:
    told = deciders(session)
    for account_id in told:
        put(session, DIGEST, district_id=district_id, now=now, account_id=account_id)
    return len(told)
