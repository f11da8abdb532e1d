"""Which runs of a connection changed something lately, who asked for them, and who may see and take back one?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.questions.sight import Sight, sight
from webapp.store.questions.undoing import stands

PAGE = 50

# Journal rows that a person reads about, as far as whoever looks may see them. New accounts show by their enrollments.
SEEN = """
h.record in ('class', 'enrollment', 'account') and not (h.record = 'account' and h.what = 'added')
and (:all_licenses or case when h.class_id is not null
     then h.class_id in (select id from school_class where license_id = any(cast(:licenses as uuid[])))
     else exists (select from enrollment e join school_class k on k.id = e.class_id
                  where e.account_id = h.account_id and k.license_id = any(cast(:licenses as uuid[]))) end)
"""
_HEAD = f"""
select r.id, r.district_id, r.connection_id, c.provider, d.name, d.time_zone, r.kind, r.state, coalesce(r.reason, ''),
       r.scope is null, coalesce(r.started_at, r.requested_at), r.progress,
       nullif(trim(a.given_name || ' ' || a.family_name), ''), r.undoes_run_id,
       coalesce(k.name_given, k.provider_name), r.undo_to, u.id, coalesce(u.state, ''),
       exists (select from held_removal v where v.run_id = r.id), coalesce(cast(r.counts ->> 'skipped' as int), 0),
       j.joined, j.left_, j.people, j.classes
from sync_run r join connection c on c.id = r.connection_id join district d on d.id = r.district_id
left join account a on a.id = r.requested_by_id
left join school_class k on k.id = r.undo_class_id
left join lateral (
    select u.id, u.state from sync_run u
    where u.connection_id = r.connection_id and u.undoes_run_id = r.id and u.undo_class_id is null
      and u.state in ('requested', 'running', 'parked', 'done')
      and {stands("u")}
    order by u.requested_at desc limit 1) u on true
cross join lateral (
    select count(*) filter (where h.record = 'enrollment' and h.what = 'added') as joined,
           count(*) filter (where h.record = 'enrollment' and h.what = 'removed') as left_,
           count(distinct h.account_id) filter (where h.record = 'account') as people,
           count(distinct h.class_id) as classes
    from change h where h.run_id = r.id and {SEEN}) j
"""
_RECENT = f"""
{_HEAD} where r.connection_id = :connection and coalesce(r.finished_at, r.started_at, r.requested_at) > :since
  and (cast(:before as uuid) is null or r.id < :before)
  and (exists (select from change h where h.run_id = r.id and {SEEN})
       or :all_licenses and r.state in ('requested', 'running', 'parked', 'held', 'failed'))
order by r.id desc limit :limit
"""
# What an undo is about lies outside where the run that it takes back does.
_OUTSIDE = """
with about as (
    select id as run_id from sync_run where id = :run union all select undoes_run_id from sync_run where id = :run)
select exists (select from change h join school_class c on c.id = h.class_id
               where h.run_id in (select run_id from about) and c.license_id <> all(cast(:licenses as uuid[])))
    or exists (select from change h join enrollment n on n.account_id = h.account_id
               join school_class c on c.id = n.class_id
               where h.run_id in (select run_id from about) and h.record = 'account' and h.what = 'updated'
                 and c.license_id <> all(cast(:licenses as uuid[])))
    or exists (select from sync_run r join school_class c on c.id = r.undo_class_id
               where r.id = :run and c.license_id <> all(cast(:licenses as uuid[])))
"""


@dataclass(frozen=True)
class RunHead:
    """A run as lists and the head of its page tell it."""

    run_id: UUID
    district_id: UUID
    connection_id: UUID
    provider: str
    district_name: str
    time_zone: str
    kind: str
    state: str
    reason: str
    whole: bool
    """True where everything was asked for, not just some sections."""
    at: datetime
    progress: int
    asked_by: str | None
    undoes: UUID | None
    undo_class: str | None
    """For an undo of one class: what it is called."""
    undo_to: datetime | None
    undone_by: UUID | None
    """The undo of the whole run that stands, or is under way."""
    undone_state: str
    held: bool
    skipped: int
    """For an undo: so many records stayed."""
    joined: int
    left: int
    people: int
    """People whose names or numbers changed."""
    classes: int

    @property
    def open(self) -> bool:
        """True while it is asked for or worked on."""
        return self.state in ("requested", "running", "parked")

    @property
    def nothing(self) -> bool:
        """True where it changed nothing that whoever looks may see."""
        return not (self.classes or self.people)


def recent_runs(
    session: Session, connection_id: UUID, seen: Sight, *, since: datetime, before: UUID | None = None
) -> list[RunHead]:
    """One page of the runs that changed something or wait, newest first, and one row more where there is another."""
    about = {"connection": connection_id, "since": since, "before": before, "limit": PAGE + 1}
    return [RunHead(*row) for row in session.execute(text(_RECENT), about | seen.parameters())]


def run_head(session: Session, run_id: UUID, seen: Sight) -> RunHead | None:
    """This run, counted as far as whoever looks may see."""
    row = session.execute(text(f"{_HEAD} where r.id = :run"), {"run": run_id} | seen.parameters()).one_or_none()
    return RunHead(*row) if row else None


def sight_of_run(session: Session, account_id: UUID, run_id: UUID) -> Sight | None:
    """What this person may see of a run, and whether taking it back is theirs; None where they are no administrator."""
    return sight(session, account_id, outside=partial(_outside, session, run_id))


def sight_of_connection(session: Session, account_id: UUID, connection_id: UUID) -> Sight | None:
    """What this person may see of a connection's runs; None where they are no administrator here."""
    return sight(session, account_id, outside=partial(_feeds_others, session, connection_id))


def _outside(session: Session, run_id: UUID, licenses: Collection[UUID]) -> bool:
    return bool(session.execute(text(_OUTSIDE), {"run": run_id, "licenses": list(licenses)}).scalar_one())


def _feeds_others(session: Session, connection_id: UUID, licenses: Collection[UUID]) -> bool:
    """True where a class of another license followed this connection at any time."""
    feeds = """
select exists (select from class_source s join school_class c on c.id = s.class_id
               where s.connection_id = :connection and c.license_id <> all(cast(:licenses as uuid[])))
"""
    return bool(session.execute(text(feeds), {"connection": connection_id, "licenses": list(licenses)}).scalar_one())
