"""What a plan would end or exchange, counted for the guard against what the connection holds now."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from webapp.roster.guard import ClassCounts, Counts
from webapp.store.comparison import Question
from webapp.store.statements import execute_each

# What the connection holds now. Classes whose term or license is over count nowhere (REL-3), nor do those that go on
# with another section: whom they lose a person decided. `exchanged` are known people who would have another name or
# sis id; to get a first one is no exchange.
_LIVE = """
create temp table live as
select n.class_id, n.account_id, n.role from enrollment n join school_class c on c.id = n.class_id
where n.source_connection_id = :connection and n.state <> 'ended'
  and (c.state in ('active', 'frozen') or c.id in (select class_id from in_play))
  and c.license_id in (select id from license where ends_on is null or ends_on >= :today)
  and n.class_id not in (select class_id from continued)
  and not exists (select from in_play o where o.class_id = n.class_id and o.term_ended_on is not null);
create temp table live_class as
select s.class_id, n.school_source_id as school, p.class_id is not null as freezes
from class_source s join school_class c on c.id = s.class_id join section n on n.id = s.section_id
left join plan_class p on p.class_id = s.class_id and p.what = 'frozen'
where s.connection_id = :connection and s.until_at is null and c.state = 'active'
  and c.license_id in (select id from license where ends_on is null or ends_on >= :today)
  and not exists (select from in_play o where o.class_id = s.class_id and o.term_ended_on is not null);
create temp table coming_class as
select p.class_id, k.school_source_id as school from plan_class p join kept_section k using (source_id)
where p.what in ('added', 'thawed');
create temp table exchanged as
select distinct p.account_id, role.word as role, p.what = 'updated' and (
           (p.before ->> 'given_name', p.before ->> 'family_name')
           is distinct from (p.after ->> 'given_name', p.after ->> 'family_name')
           or coalesce(p.before ->> 'sis_id' <> p.after ->> 'sis_id', false)) as changes
from plan_person p join kept_person k using (source_id) cross join lateral unnest(k.roles) as role(word)
where p.before is not null and role.word in ('student', 'teacher');
analyze live;
"""
_COUNTS = """
with gone as (
    select class_id, account_id, role from plan_enrollment
    where what = 'removed' and class_id not in (select class_id from continued)),
come as (
    select class_id, account_id, role from plan_enrollment
    where what in ('added', 'resumed') and class_id not in (select class_id from continued)),
before as (select distinct role, account_id from live),
after as (select role, account_id from (select * from live except select * from gone) still
          union select role, account_id from come),
people as (
    select coalesce(b.role, a.role) as role, b.account_id is not null as was, a.account_id is not null as stays
    from before b full join after a on a.role = b.role and a.account_id = b.account_id),
school_before as (select distinct school from live_class where school <> ''),
school_after as (select school from live_class where school <> '' and not freezes
                 union select school from coming_class where school <> '')
select 'enrollment' as kind, (select count(*) from live), (select count(*) from gone), (select count(*) from come), 0, 0
union all
select role, count(*) filter (where was), count(*) filter (where was and not stays),
       count(*) filter (where stays and not was),
       (select count(*) from exchanged x where x.role = people.role),
       (select count(*) from exchanged x where x.role = people.role and x.changes)
from people group by role
union all
select 'class', count(*), count(*) filter (where freezes), (select count(*) from coming_class), 0, 0 from live_class
union all
select 'school', (select count(*) from school_before),
       (select count(*) from school_before where school not in (select school from school_after)),
       (select count(*) from school_after where school not in (select school from school_before)), 0, 0
"""

_CLASS_COUNTS = """
select n.class_id, count(*), count(*) filter (where g.account_id is not null)
from enrollment n left join plan_enrollment g
  on g.class_id = n.class_id and g.account_id = n.account_id and g.role = n.role and g.what = 'removed'
where n.role = 'student' and n.state <> 'ended' and n.source_connection_id = :connection
  and n.class_id in (select class_id from plan_enrollment where what = 'removed')
  and n.class_id not in (select class_id from continued)
group by n.class_id
"""
_LOSERS = """
select class_id, source_id from plan_class where what = 'frozen'
union select f.class_id, f.source_id from followed f join plan_enrollment p using (class_id) where p.what = 'removed'
order by source_id
"""


def removal_counts(connection: Connection, question: Question) -> tuple[dict[str, Counts], list[ClassCounts]]:
    """What the guard must know: per type, and per class that would lose students."""
    parameters = question.parameters()
    execute_each(connection, _LIVE, parameters)
    types = {row[0]: Counts(*row[1:]) for row in connection.execute(text(_COUNTS), parameters)}
    classes = [ClassCounts(str(row[0]), row[1], row[2]) for row in connection.execute(text(_CLASS_COUNTS), parameters)]
    return types, classes


def losing_sections(connection: Connection) -> list[str]:
    """Source ids of the sections whose classes would lose somebody by this plan, or freeze."""
    return [row.source_id for row in connection.execute(text(_LOSERS))]


def losing_classes(connection: Connection, sections: Sequence[str]) -> list[str]:
    """Those of the same classes that follow one of these sections."""
    return [str(row.class_id) for row in connection.execute(text(_LOSERS)) if row.source_id in set(sections)]
