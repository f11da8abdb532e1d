"""Which runs wait for a person or did, and who may see and decide them?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from webapp.store.questions.sight import Sight, sight

_HEAD = """
select r.id, r.district_id, r.connection_id, c.provider, d.name as district_name, d.time_zone, r.state, r.reason,
       r.whole_held, coalesce(r.plan_hash, '') as plan_hash, coalesce(r.finished_at, r.requested_at) as since,
       r.next_try_at, r.counts, trim(a.given_name || ' ' || a.family_name) as approved_by
from sync_run r join connection c on c.id = r.connection_id join district d on d.id = r.district_id
left join account a on a.id = r.approved_by_id
"""
_EVER_HELD = "(r.state = 'held' or exists (select from held_removal h where h.run_id = r.id))"

# Where the whole plan waits, every live class of the connection is concerned, whatever the removals name.
CONCERNED = """
select class_id from held_removal where run_id = :run and class_id is not null
union
select cs.class_id from class_source cs join school_class c on c.id = cs.class_id
where :whole and cs.connection_id = :connection and cs.until_at is null and c.state in ('active', 'frozen')
"""
_OUTSIDE = f"""
select exists (select from school_class where id in ({CONCERNED}) and license_id <> all(cast(:licenses as uuid[])))
    or exists (select from held_removal where run_id = :run and class_id is null and not :whole)
"""


@dataclass(frozen=True)
class Hold:
    """A run that waits for a person, or waited once, as its page's head tells it."""

    run_id: UUID
    district_id: UUID
    connection_id: UUID
    provider: str
    district_name: str
    time_zone: str
    state: str
    reason: str
    whole: bool
    """True where nothing at all was applied, because the people themselves look exchanged."""
    plan_hash: str
    since: datetime
    next_try_at: datetime | None
    removed: int
    """What the run has removed so far, in records."""
    approved_by: str | None

    @property
    def waits(self) -> bool:
        """True while nobody has decided."""
        return self.state == "held"


def hold_of(session: Session, run_id: UUID) -> Hold | None:
    """This run, if it is held or was."""
    row = session.execute(text(f"{_HEAD} where r.id = :run and {_EVER_HELD}"), {"run": run_id}).one_or_none()
    return _hold(row) if row else None


def holds_waiting(session: Session) -> list[Hold]:
    """What waits for a person in this district, longest first."""
    return [_hold(row) for row in session.execute(text(f"{_HEAD} where r.state = 'held' order by since, r.id"))]


def newer_hold(session: Session, hold: Hold) -> UUID | None:
    """The run of the same connection that waits now, where there is another one."""
    waiting = "select id from sync_run where connection_id = :connection and state = 'held' and id <> :run limit 1"
    found = session.execute(text(waiting), {"connection": hold.connection_id, "run": hold.run_id}).scalar()
    return None if found is None else UUID(str(found))


def sight_of_hold(session: Session, account_id: UUID, hold: Hold) -> Sight | None:
    """What this person may see and decide of it; None where they are no administrator here."""
    return sight(session, account_id, outside=partial(_outside, session, hold))


def _outside(session: Session, hold: Hold, licenses: Collection[UUID]) -> bool:
    """True where a class that is concerned belongs to no such license, or something else is concerned."""
    about = {"run": hold.run_id, "connection": hold.connection_id, "whole": hold.whole, "licenses": list(licenses)}
    return bool(session.execute(text(_OUTSIDE), about).scalar_one())


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        run_id=row.id,
        district_id=row.district_id,
        connection_id=row.connection_id,
        provider=row.provider,
        district_name=row.district_name,
        time_zone=row.time_zone,
        state=row.state,
        reason=row.reason or "",
        whole=row.whole_held,
        plan_hash=row.plan_hash,
        since=row.since,
        next_try_at=row.next_try_at,
        removed=row.counts.get("removed", 0),
        approved_by=row.approved_by,
    )
