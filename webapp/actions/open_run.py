"""Begin a requested run: one worker gets it, with everything that it needs to work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.actions.connection_access import reader_of
from webapp.actions.turn import Turn, begin
from webapp.providers.service import Condition, RosterReader, Service
from webapp.roster.guard import Limits
from webapp.roster.thresholds import limits_in_force
from webapp.store.checkpoints import checkpoint
from webapp.store.comparison import Question
from webapp.store.database import tenant
from webapp.store.questions.archived import lately_archived_sections
from webapp.store.questions.runs import connection_by_id, district_today, imported_sections
from webapp.store.tables import Connection, SyncRun

WHOLE_REQUESTS = 30
"""A guess, until a fetch of everything has been counted."""
MAY_COME_BACK = timedelta(days=30)
"""So long a class that was archived at its term's end is still asked about: terms are moved in their last weeks."""


@dataclass(frozen=True)
class OpenRun:
    """A run that this worker has begun."""

    run_id: UUID
    district_id: UUID
    connection_id: UUID
    provider: str
    authority: str
    roster_kind: str
    kind: str
    scope: Sequence[str] | None
    licenses: dict[str, str]
    continues: dict[str, dict[str, str]]
    archive_after_days: int
    sections: Sequence[str]
    """Source ids of the sections to fetch."""
    reader: RosterReader
    whole_requests: int
    """What a fetch of everything shared costs, as far as is known."""
    as_of: datetime
    today: date
    actor_id: UUID | None
    approved_run: UUID | None
    """The run's own id where a person approved its hold: what it held then may now go."""
    approved_whole: bool
    """True where it was the whole plan that waited."""
    limits: Limits
    """The guard's limits, as this connection has them now."""
    blackout: Condition | None
    """What is said while the district wants its classes left as they are; None otherwise."""

    @property
    def turn(self) -> Turn:
        """This worker's turn at it."""
        return Turn(self.run_id, self.district_id, self.connection_id, self.as_of)

    def question(self) -> Question:
        """What its fetch is to be compared with."""
        return Question(
            district_id=self.district_id,
            connection_id=self.connection_id,
            provider=self.provider,
            authority=self.authority,
            roster_kind=self.roster_kind,
            as_of=self.as_of,
            today=self.today,
            scope=self.sections,
            licenses=self.licenses,
            continues=self.continues,
            archive_after_days=self.archive_after_days,
        )


def open_run(run_id: UUID, district_id: UUID, services: Mapping[str, Service], now: datetime) -> OpenRun | None:
    """The run, now `running`; None where another began it, or it is done, not due, or another district's."""
    with tenant(district_id) as session:
        run = begin(session, run_id, now, undo=False)
        checkpoint("open.begun")
        connection = connection_by_id(session, run.connection_id) if run else None
        if run is None or connection is None:
            return None
        today = district_today(session, district_id, now)
        sections = _sections(session, run, today, now)
        checkpoint("open.before_commit")
        return _opened(run, connection, sections, services[connection.provider], today, now)


def _sections(session: Session, run: SyncRun, today: date, now: datetime) -> Sequence[str]:
    if run.scope is not None:
        return run.scope
    archived = lately_archived_sections(session, run.connection_id, today, now - MAY_COME_BACK)
    return imported_sections(session, run.connection_id, today) + archived


def _blackout(connection: Connection, today: date) -> Condition | None:
    first, last = connection.blackout_from, connection.blackout_until
    if first is None or last is None or not first <= today <= last:
        return None
    sentence = f"The district wants its classes left as they are until {last:%B %-d}."
    return Condition(settled=False, sentence=sentence, until=last)


def _opened(
    run: SyncRun, connection: Connection, sections: Sequence[str], service: Service, today: date, now: datetime
) -> OpenRun:
    return OpenRun(
        run_id=run.id,
        district_id=run.district_id,
        connection_id=connection.id,
        provider=connection.provider,
        authority=connection.provider_district or "",
        roster_kind=service.roster_kind,
        kind=run.kind,
        scope=run.scope,
        licenses=run.licenses,
        continues=run.continues,
        archive_after_days=connection.archive_after_days,
        sections=sections,
        reader=reader_of(connection, service, today=today),
        whole_requests=connection.cursors.get("whole_requests", WHOLE_REQUESTS),
        as_of=now,
        today=today,
        actor_id=run.requested_by_id,
        approved_run=run.id if run.approved_at else None,
        approved_whole=bool(run.approved_at) and run.whole_held,
        limits=limits_in_force(connection.limits, connection.limits_until, now),
        blackout=_blackout(connection, today),
    )
