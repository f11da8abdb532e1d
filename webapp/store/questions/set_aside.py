"""Which records of a connection could the last syncs not use, or only with a note?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

SHOWN_AT_ONCE = 100

# Whoever looks after some licenses sees what concerns their classes, and what concerns no section at all.
_SEEN = """
from record_set_aside r join connection c on c.id = r.connection_id and c.state <> 'closed'
left join section s on s.connection_id = r.connection_id and s.source_id = r.section_source_id
left join class_source cs on cs.section_id = s.id and cs.until_at is null
left join school_class k on k.id = cs.class_id
where (k.id is null or k.license_id = any(cast(:licenses as uuid[])))
"""
_LIST = f"""
select c.provider, r.record, r.source_id, r.section_source_id, coalesce(k.name_given, k.provider_name, ''), r.reason,
       r.odd, r.first_seen_at
{_SEEN} and r.odd = :odd order by c.provider, r.record, r.reason, r.first_seen_at, r.id limit :limit
"""
_COUNT = f"select c.provider, count(*) as records {_SEEN} and r.odd = :odd group by 1 order by 1"


@dataclass(frozen=True)
class AsideRecord:
    """One record that was set aside, or noted as odd."""

    provider: str
    record: str
    source_id: str
    section_source_id: str
    class_name: str
    """Our class that it concerns; empty where none."""
    reason: str
    odd: bool
    since: datetime


def records_set_aside(session: Session, licenses: Collection[UUID], *, odd: bool) -> list[AsideRecord]:
    """The first of them, by service and kind."""
    values = {"licenses": list(licenses), "odd": odd, "limit": SHOWN_AT_ONCE}
    return [AsideRecord(*row) for row in session.execute(text(_LIST), values)]


def count_set_aside(session: Session, licenses: Collection[UUID], *, odd: bool) -> dict[str, int]:
    """How many there are, by service."""
    rows = session.execute(text(_COUNT), {"licenses": list(licenses), "odd": odd})
    return {row.provider: row.records for row in rows}
