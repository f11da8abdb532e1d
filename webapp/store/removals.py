"""What a plan would end, counted for the guard against what the connection holds now. It writes nothing but `live`."""

from sqlalchemy import Connection, text

from webapp.roster.guard import ClassCounts, Counts
from webapp.store.comparison import Question
from webapp.store.statements import execute_each

# What the connection holds now, against what this plan would end. Classes whose term or license is over count nowhere
# (REL-3).
_LIVE = """
create temp table live as
select n.class_id, n.account_id, n.role from enrollment n join school_class c on c.id = n.class_id
where n.source_connection_id = :connection and n.state <> 'ended' and c.state in ('active', 'frozen')
  and c.license_id in (select id from license where ends_on is null or ends_on >= :today)
  and not exists (select from in_play o where o.class_id = n.class_id and o.term_ended_on is not null);
analyze live;
"""
_HELD_NOW = """
with gone as (select class_id, account_id, role from plan_enrollment where what = 'removed'),
come as (select class_id, account_id, role from plan_enrollment where what in ('added', 'resumed')),
before as (select distinct role, account_id from live),
after as (select role, account_id from (select * from live except select * from gone) still
          union select role, account_id from come),
people as (
    select coalesce(b.role, a.role) as role, b.account_id is not null as was, a.account_id is not null as stays
    from before b full join after a on a.role = b.role and a.account_id = b.account_id)
select 'enrollment' as kind, (select count(*) from live), (select count(*) from gone), (select count(*) from come)
union all
select role, count(*) filter (where was), count(*) filter (where was and not stays),
       count(*) filter (where stays and not was) from people group by role
union all
select 'class', count(*), count(*) filter (where exists (
           select from plan_class p where p.class_id = s.class_id and p.what = 'frozen')),
       (select count(*) from plan_class where what in ('added', 'thawed'))
from class_source s join school_class c on c.id = s.class_id
where s.connection_id = :connection and s.until_at is null and c.state = 'active'
  and c.license_id in (select id from license where ends_on is null or ends_on >= :today)
  and not exists (select from in_play o where o.class_id = s.class_id and o.term_ended_on is not null)
"""

_CLASS_COUNTS = """
select n.class_id, count(*), count(*) filter (where g.account_id is not null)
from enrollment n left join plan_enrollment g
  on g.class_id = n.class_id and g.account_id = n.account_id and g.role = n.role and g.what = 'removed'
where n.role = 'student' and n.state <> 'ended' and n.source_connection_id = :connection
  and n.class_id in (select class_id from plan_enrollment where what = 'removed')
group by n.class_id
"""


def removal_counts(connection: Connection, question: Question) -> tuple[dict[str, Counts], list[ClassCounts]]:
    """What the guard must know: per type, and per class that would lose students."""
    parameters = question.parameters()
    execute_each(connection, _LIVE, parameters)
    types = {row[0]: Counts(row[1], row[2], row[3]) for row in connection.execute(text(_HELD_NOW), parameters)}
    classes = [ClassCounts(str(row[0]), row[1], row[2]) for row in connection.execute(text(_CLASS_COUNTS), parameters)]
    return types, classes
