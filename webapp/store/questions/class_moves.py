"""Who of those that left or joined this class came from another, or went there, in the same sync?"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.roster.moves import Spot, paired

# Read from the journal: a sync or an import that ends one place of a student and begins another one has moved them.
# What an undo does is told as what it takes back.
_STEPS = """
select h.run_id, h.account_id, h.what, h.class_id, coalesce(c.name_given, c.provider_name) as name,
       coalesce(s.course_source_id, '') as course, coalesce(s.period, '') as period,
       exists (select from enrollment n where n.class_id = c.id and n.account_id = :reader and n.role = 'teacher'
               and n.state = 'active') as seen
from change h join school_class c on c.id = h.class_id join sync_run r on r.id = h.run_id
left join class_source cs on cs.class_id = c.id and cs.until_at is null left join section s on s.id = cs.section_id
where h.run_id = any(:runs) and r.kind <> 'undo' and h.record = 'enrollment' and h.what in ('added', 'removed')
  and coalesce(h.after ->> 'role', h.before ->> 'role') = 'student'
  and h.account_id in (select m.account_id from change m
                       where m.run_id = h.run_id and m.class_id = :class and m.record = 'enrollment')
order by h.run_id, h.account_id, h.id
"""


@dataclass(frozen=True)
class OtherClass:
    """Where somebody came from or went to."""

    name: str
    """Empty where the reader may not see that class."""
    period: str
    away: bool
    """True where they went there."""


def moves_of(
    session: Session, class_id: UUID, run_ids: Collection[UUID], reader_id: UUID
) -> dict[tuple[UUID, UUID], OtherClass]:
    """For each (run, student) that moved from or to this class, the other class."""
    rows = session.execute(text(_STEPS), {"class": class_id, "runs": list(run_ids), "reader": reader_id})
    found: dict[tuple[UUID, UUID], OtherClass] = {}
    for key, steps in groupby(rows, lambda row: (row.run_id, row.account_id)):
        of_one = list(steps)
        seen = {row.class_id for row in of_one if row.seen}
        spots = {what: [_spot(row) for row in of_one if row.what == what] for what in ("removed", "added")}
        for one, other in paired(spots["removed"], spots["added"]):
            if class_id in (one.class_id, other.class_id):
                away = one.class_id == class_id
                there = other if away else one
                hidden = there.class_id not in seen
                found[key] = OtherClass("" if hidden else there.name, "" if hidden else there.period, away)
    return found


def _spot(row: object) -> Spot:
    return Spot(row.class_id, row.name, row.course, row.period)  # type: ignore[attr-defined]
