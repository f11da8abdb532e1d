"""Which of the sections that our classes follow does a change feed's hint concern?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.tables import Connection

# The live sections, and of them those that are named, that hold somebody who is named, or that stand in a school, term
# or course which is named.
_CONCERNED = """
with followed as (
    select cs.class_id, s.source_id, s.school_source_id, s.course_source_id, s.term_source_ids
    from class_source cs join section s on s.id = cs.section_id join school_class c on c.id = cs.class_id
    join license l on l.id = c.license_id and (l.ends_on is null or l.ends_on >= :today)
    where cs.connection_id = :connection and cs.until_at is null and c.state in ('active', 'frozen'))
select source_id from followed
where source_id = any(:sections)
   or school_source_id = any(:around) or course_source_id = any(:around) or term_source_ids && cast(:around as text[])
union
select f.source_id from identity i
join enrollment n on n.account_id = i.account_id and n.state <> 'ended' join followed f on f.class_id = n.class_id
where i.provider = :provider and i.authority = :authority and i.kind = :roster_kind and i.valid_to is null
  and i.subject = any(:people)
order by 1
"""


@dataclass(frozen=True)
class Hints:
    """Source ids that a feed named, by what they are of."""

    sections: Collection[str]
    people: Collection[str]
    around: Collection[str]


def sections_concerned(
    session: Session, connection: Connection, hints: Hints, *, roster_kind: str, today: date
) -> list[str]:
    """Source ids of the sections to be read anew; none where the hints are about what nobody here uses."""
    values = {
        "connection": connection.id,
        "provider": connection.provider,
        "authority": connection.provider_district or "",
        "roster_kind": roster_kind,
        "today": today,
        "sections": list(hints.sections),
        "people": list(hints.people),
        "around": list(hints.around),
    }
    return list(session.scalars(text(_CONCERNED), values))
