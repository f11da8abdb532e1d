"""Tell operators of connections that have had no good sync for 36 hours: each connection once a day (REL-33)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.store.database import directory, tenant
from webapp.store.outbox import put
from webapp.store.questions.deciders import LATELY
from webapp.store.questions.health import LateConnection, late_connections
from webapp.store.questions.runs import connection_by_id, district_today
from webapp.store.tables import Operator, OutboxLetter

KIND = "no_good_sync"
# Two clocks that ask at once shall write one letter; the number is this file's own.
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(3336)")


def alarm_operators(now: datetime) -> int:
    """Each operator has a letter about every late connection that nobody was told of within a day; how many letters."""
    with directory() as session:
        late = late_connections(session, now)
    late = [one for one in late if not _on_purpose(one, now)]
    if not late:
        return 0
    with directory() as session:
        session.execute(_ONE_AT_A_TIME)
        told = _told_lately(session, now)
        news = [str(one.connection_id) for one in late if str(one.connection_id) not in told]
        return _write(session, news, now) if news else 0


def _on_purpose(one: LateConnection, now: datetime) -> bool:
    """True in a blackout: its district itself wants no sync these days."""
    with tenant(one.district_id) as session:
        connection = connection_by_id(session, one.connection_id)
        if connection is None or connection.blackout_until is None:
            return False
        today, begins = district_today(session, one.district_id, now), connection.blackout_from
        return today <= connection.blackout_until and (begins is None or begins <= today)


def _told_lately(session: Session, now: datetime) -> set[str]:
    lately = select(OutboxLetter.ids).where(OutboxLetter.kind == KIND, OutboxLetter.written_at > now - LATELY)
    return {connection_id for ids in session.scalars(lately) for connection_id in ids["connections"].split()}


def _write(session: Session, connections: list[str], now: datetime) -> int:
    operators = list[UUID](session.scalars(select(Operator.id).where(Operator.disabled_at.is_(None))))
    for operator_id in operators:
        put(session, KIND, district_id=None, now=now, operator_id=operator_id, connections=" ".join(connections))
    return len(operators)
