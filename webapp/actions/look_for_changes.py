"""Look at a connection's change feed, and ask for a sync of just the sections that it hints at.

A feed only says what to read anew: the sections' own whole answers decide. Its order, its repetitions and its lies do
no harm therefore, and what it forgets the nightly sync of everything finds.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from webapp.actions.connection_access import reader_of
from webapp.providers.errors import ProviderError
from webapp.providers.service import Changes, RosterReader, Service
from webapp.store.database import directory, tenant
from webapp.store.questions.clockwork import DueConnection, claim_looks
from webapp.store.questions.hints import Hints, sections_concerned
from webapp.store.questions.runs import district_today, imported_sections, waiting_look, waiting_run
from webapp.store.tables import Connection, SyncRun

log = structlog.get_logger()

LOOK_EVERY = timedelta(minutes=15)
"""Services take over a district's own changes every few hours; asking costs one request, and nobody waits for it."""
NO_FEED_AGAIN = timedelta(days=1)
"""Whether a service that has no feed for a district has one now."""
LOOKED_AT = ("connected", "paused")


def looks_due(now: datetime) -> list[DueConnection]:
    """The connections to be looked at now; each is told once, and is due again after LOOK_EVERY.

    What was just imported is fresh, and its teacher is still at it: the first look, which reads all of it, can wait.
    """
    with directory() as session:
        return claim_looks(session, now, LOOK_EVERY)


def look_for_changes(
    district_id: UUID, connection_id: UUID, *, services: Mapping[str, Service], now: datetime
) -> UUID | None:
    """What has changed since the last look is requested; the run's id, None where nothing concerns our classes.

    Cursor and run are written at once: killed anywhere, the next look finds the same again.
    """
    with tenant(district_id) as session:
        connection = session.get(Connection, connection_id)
        if connection is None or connection.state not in LOOKED_AT:
            return None
        today = district_today(session, district_id, now)
        service = services.get(connection.provider)
        used = bool(imported_sections(session, connection.id, today))
    if service is None or not service.configured() or not used:
        return None
    try:
        seen = _look(reader_of(connection, service, today=today), connection.feed_cursor)
    except ProviderError as error:
        log.info("a change feed does not answer", connection=str(connection_id), why=str(error))
        return None
    return _Noting(connection, service.roster_kind, today, now).note(seen)


def _look(reader: RosterReader, cursor: str | None) -> Changes | str:
    """What has changed since the cursor; where that can't be told, where the feed stands now."""
    return (reader.changes(cursor) if cursor else None) or reader.cursor()


class _Noting:
    """Writing down what a look has seen, unless another look or a sync has moved the cursor meanwhile."""

    def __init__(self, looked_from: Connection, roster_kind: str, today: date, now: datetime) -> None:
        self._from, self._roster_kind, self._today, self._now = looked_from, roster_kind, today, now

    def note(self, seen: Changes | str) -> UUID | None:
        """The cursor goes on, and what it asks for is requested, both or neither."""
        with tenant(self._from.district_id) as session:
            connection = session.get_one(Connection, self._from.id, with_for_update={"key_share": True})
            if connection.state not in LOOKED_AT or connection.feed_cursor != self._from.feed_cursor:
                return None
            if isinstance(seen, str):
                return self._begin_anew(session, connection, seen)
            connection.feed_cursor = seen.cursor
            return self._request(session, connection, seen)

    def _begin_anew(self, session: Session, connection: Connection, cursor: str) -> UUID | None:
        """The feed is followed from here on, and everything before it is read: in this order nothing falls between."""
        had_feed = bool(connection.feed_cursor)
        connection.feed_cursor = cursor
        if not cursor:
            connection.look_at = self._now + NO_FEED_AGAIN
        return self._everything(session, connection) if cursor or had_feed else None

    def _everything(self, session: Session, connection: Connection) -> UUID:
        waiting = waiting_run(session, connection.id)
        return waiting.id if waiting else self._run(session, connection, None).id

    def _request(self, session: Session, connection: Connection, changes: Changes) -> UUID | None:
        hints = Hints(changes.sections, changes.people, changes.around)
        concerned = sections_concerned(session, connection, hints, roster_kind=self._roster_kind, today=self._today)
        if not concerned:
            return None
        everything = waiting_run(session, connection.id)
        if everything and everything.state == "requested":
            return everything.id
        waiting = waiting_look(session, connection.id)
        if waiting is None:
            return self._run(session, connection, concerned).id
        waiting.scope = sorted({*(waiting.scope or ()), *concerned})
        return waiting.id

    def _run(self, session: Session, connection: Connection, scope: list[str] | None) -> SyncRun:
        run = SyncRun(
            district_id=connection.district_id,
            connection_id=connection.id,
            kind="sync",
            scope=scope,
            state="requested",
            requested_at=self._now,
        )
        session.add(run)
        session.flush()
        return run
