"""Which records of a connection could the last syncs not use, or only with a note?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

SHOWN_AT_ONCE = 100

# Whoever looks after some licenses sees what concerns their classes, and what concerns no section at all.
_FROM = """
from record_set_aside r join connection c on c.id = r.connection_id and c.state <> 'closed'
left join section s on s.connection_id = r.connection_id and s.source_id = r.section_source_id
left join class_source cs on cs.section_id = s.id and cs.until_at is null
left join school_class k on k.id = cs.class_id
"""
_THEIRS = "where (k.id is null or k.license_id = any(cast(:licenses as uuid[])))"
_SEEN = _FROM + _THEIRS
_LIST = f"""
select c.provider, r.record, r.source_id, r.section_source_id, coalesce(k.name_given, k.provider_name, ''), r.reason,
       r.odd, r.first_seen_at
{_SEEN} and r.odd = :odd order by c.provider, r.record, r.reason, r.first_seen_at, r.id limit :limit
"""
_COUNT = f"select c.provider, count(*) as records {_SEEN} and r.odd = :odd group by 1 order by 1"
# An enrollment's id is that of its section and that of its person; of somebody whom we never had there is no name.
_NAMES = """
left join lateral (
    select i.account_id from identity i
    where i.provider = c.provider and i.authority = coalesce(c.provider_district, '') and i.valid_to is null
      and i.subject = case r.record when 'person' then r.source_id
                      when 'enrollment' then split_part(r.source_id, ' / ', 2) end
    order by i.kind limit 1) who on true
left join account a on a.id = who.account_id
left join school o on o.connection_id = r.connection_id and o.source_id = r.source_id
left join term t on t.connection_id = r.connection_id and t.source_id = r.source_id
left join course u on u.connection_id = r.connection_id and u.source_id = r.source_id
"""
_FILE = f"""
select c.provider, r.record, r.source_id, a.id,
       coalesce(nullif(trim(a.given_name || ' ' || a.family_name), ''), case r.record
           when 'section' then coalesce(k.name_given, s.name) when 'school' then o.name when 'term' then t.name
           when 'course' then u.name end, ''), r.reason, r.first_seen_at
{_FROM} {_NAMES} {_THEIRS} and not r.odd order by c.provider, r.record, r.reason, r.first_seen_at, r.id
"""


@dataclass(frozen=True)
class NamedRecord:
    """One record that was set aside, with the name by which people know it, where we have one."""

    provider: str
    record: str
    source_id: str
    account_id: UUID | None
    """Whom it is about, where they are here."""
    name: str
    reason: str
    since: datetime


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


def every_record_set_aside(session: Session, licenses: Collection[UUID]) -> list[NamedRecord]:
    """All that could not be used, by service and kind, with names."""
    return [NamedRecord(*row) for row in session.execute(text(_FILE), {"licenses": list(licenses)})]
