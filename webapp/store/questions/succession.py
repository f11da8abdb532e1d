"""Which classes of this teacher come to their end, so that they may go on with another section?"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.roster.succession import Ending
from webapp.store.tables import SyncRun

# Frozen because the service was disconnected is not gone: those classes come back with it.
_ENDINGS = """
select c.id, coalesce(c.name_given, c.provider_name), s.source_id, s.name, s.school_source_id, s.course_source_id,
       s.period, term.begins, term.ends, c.state <> 'active', c.license_id,
       array(select distinct i.subject from enrollment n join identity i on i.account_id = n.account_id
             and (i.provider, i.authority) = (x.provider, coalesce(x.provider_district, '')) and i.valid_to is null
             where n.class_id = c.id and n.role = 'student' and n.state <> 'ended')
from school_class c
join class_source cs on cs.class_id = c.id and cs.until_at is null
join section s on s.id = cs.section_id join connection x on x.id = cs.connection_id
left join lateral (
    select min(t.starts_on) as begins, case when bool_and(t.ends_on is not null) then max(t.ends_on) end as ends
    from term t where t.connection_id = cs.connection_id and t.source_id = any(s.term_source_ids)) term on true
where cs.connection_id = :connection and (c.state <> 'frozen' or c.state_reason is distinct from 'disconnected')
  and exists (select from enrollment n where n.class_id = c.id and n.account_id = :account
              and n.role = 'teacher' and n.state = 'active')
order by c.id
"""


def endings_of(session: Session, connection_id: UUID, account_id: UUID) -> list[Ending]:
    """Her classes of this connection, with what speaks for and against their going on with another section."""
    rows = session.execute(text(_ENDINGS), {"connection": connection_id, "account": account_id})
    return [Ending(*(*row[:-1], frozenset(row[-1]))) for row in rows]


def section_was(session: Session, connection_id: UUID, sections: list[str], account_id: UUID) -> dict[str, str]:
    """Of these sections, by source id, the names of her classes that followed them before they went on with others."""
    rows = session.execute(text(_WAS), {"connection": connection_id, "account": account_id, "sections": sections})
    return {row[0]: row[1] for row in rows}


def not_continued(session: Session, run: SyncRun) -> list[str]:
    """Names of the classes that should have gone on with a section of this import, and did not."""
    wanted = {"classes": [one["class"] for one in run.continues.values()], "sections": list(run.continues)}
    return list(session.execute(text(_NOT_CONTINUED), wanted).scalars())


_NOT_CONTINUED = """
select coalesce(c.name_given, c.provider_name)
from unnest(cast(:classes as uuid[]), cast(:sections as text[])) as w(class_id, source_id)
join school_class c on c.id = w.class_id
where not exists (select from class_source cs join section s on s.id = cs.section_id
                  where cs.class_id = c.id and cs.until_at is null and s.source_id = w.source_id)
"""
_WAS = """
select distinct on (s.source_id) s.source_id, coalesce(c.name_given, c.provider_name)
from class_source cs join section s on s.id = cs.section_id join school_class c on c.id = cs.class_id
where cs.connection_id = :connection and s.source_id = any(:sections) and cs.until_at is not null
  and exists (select from class_source now where now.class_id = c.id and now.until_at is null)
  and exists (select from enrollment n where n.class_id = c.id and n.account_id = :account
              and n.role = 'teacher' and n.state = 'active')
order by s.source_id, cs.until_at desc
"""
