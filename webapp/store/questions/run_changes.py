"""What did a run change: which classes, whose places in them, and whose names?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.questions.recent_runs import SEEN, RunHead
from webapp.store.questions.sight import Sight

CLASSES_AT_ONCE = 25
ROWS_AT_ONCE = 1_000

_CLASSES = f"""
select c.id, coalesce(c.name_given, c.provider_name) as name, coalesce(max(s.period), '') as period,
       count(*) filter (where h.record = 'enrollment' and h.what = 'added'),
       count(*) filter (where h.record = 'enrollment' and h.what = 'removed')
from change h join school_class c on c.id = h.class_id
left join class_source cs on cs.class_id = c.id and cs.until_at is null left join section s on s.id = cs.section_id
where h.run_id = :run and {SEEN}
group by c.id order by 2, 3, 1 limit :limit offset :offset
"""
# Only enrollments have numbers for ids; the case keeps the planner from casting the others.
_ROWS = f"""
select h.class_id, coalesce(c.name_given, c.provider_name, ''), h.record, h.what, h.account_id,
       coalesce(a.given_name, ''), coalesce(a.family_name, ''),
       coalesce(h.after ->> 'role', h.before ->> 'role', n.role, ''),
       coalesce((select i.subject from identity i where i.account_id = h.account_id and i.provider = :provider
                 order by i.valid_to desc nulls first, i.kind limit 1), ''),
       coalesce(h.before, '{{}}'), coalesce(h.after, '{{}}')
from change h left join school_class c on c.id = h.class_id left join account a on a.id = h.account_id
left join enrollment n on n.id = case h.record when 'enrollment' then cast(h.record_id as bigint) end
where h.run_id = :run and {SEEN} and (cast(:classes as uuid[]) is null or h.class_id = any(:classes))
  and (not :classless or h.class_id is null)
order by h.class_id is null, 2, 1, h.record, 8 desc, a.family_name, a.given_name, h.id limit :limit
"""
_LEFT_ALONE = """
select one ->> 'record', cast(one ->> 'class_id' as uuid), coalesce(c.name_given, c.provider_name, ''), a.id,
       coalesce(trim(a.given_name || ' ' || a.family_name), ''), one ->> 'why'
from sync_run r cross join lateral jsonb_array_elements(r.counts -> 'left_alone') one
left join school_class c on c.id = cast(one ->> 'class_id' as uuid)
left join account a on a.id = cast(one ->> 'account_id' as uuid)
where r.id = :run and (:all_licenses or c.license_id = any(cast(:licenses as uuid[])))
order by 3, 2, a.family_name, a.given_name, a.id
"""


@dataclass(frozen=True)
class ClassTouched:
    """A class that the run changed, and how many joined and left it by that."""

    class_id: UUID
    name: str
    period: str
    joined: int
    left: int


@dataclass(frozen=True)
class Touched:
    """One record that the run changed."""

    class_id: UUID | None
    class_name: str
    record: str
    what: str
    account_id: UUID | None
    given_name: str
    family_name: str
    role: str
    source_id: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True)
class Stayed:
    """A record that an undo left as it was, and why: `edited` by a person or `changed since` by a sync."""

    record: str
    class_id: UUID | None
    class_name: str
    account_id: UUID | None
    name: str
    why: str


def classes_touched(session: Session, run_id: UUID, seen: Sight, *, page: int) -> list[ClassTouched]:
    """One page of the classes that the run changed, by name, and one more where there is another page."""
    about = {"run": run_id, "limit": CLASSES_AT_ONCE + 1, "offset": page * CLASSES_AT_ONCE}
    return [ClassTouched(*row) for row in session.execute(text(_CLASSES), about | seen.parameters())]


def touched_in(session: Session, run: RunHead, seen: Sight, classes: Sequence[UUID]) -> list[Touched]:
    """What the run changed in these classes, up to a limit and one more."""
    return _rows(session, run, seen, classes=list(classes), limit=ROWS_AT_ONCE + 1)


def people_touched(session: Session, run: RunHead, seen: Sight) -> list[Touched]:
    """Whose names or numbers the run changed, up to a limit and one more."""
    return _rows(session, run, seen, classless=True, limit=ROWS_AT_ONCE + 1)


def everything_touched(session: Session, run: RunHead, seen: Sight) -> list[Touched]:
    """All that the run changed."""
    return _rows(session, run, seen)


def left_alone_by(session: Session, run_id: UUID, seen: Sight) -> list[Stayed]:
    """What this undo left as it was."""
    return [Stayed(*row) for row in session.execute(text(_LEFT_ALONE), {"run": run_id} | seen.parameters())]


def _rows(session: Session, run: RunHead, seen: Sight, **which: object) -> list[Touched]:
    about = {"run": run.run_id, "provider": run.provider, "classes": None, "classless": False, "limit": None}
    return [Touched(*row) for row in session.execute(text(_ROWS), about | which | seen.parameters())]
