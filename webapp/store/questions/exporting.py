"""What a license's export holds, as rows in the order of the OneRoster 1.1 CSV columns; one statement a file.

Only what classes of the license need is in it. Source ids are the provider's; what was made by hand has
`rollbook-<uuid>`. Where a service gives a person two ids, its rosters name them by the sourced one.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# Every statement builds on the license's classes, each with the section it follows or last followed.
_CLASSES = """
with class as (
    select c.id, coalesce(c.name_given, c.provider_name) as name, c.made_at, s.connection_id,
           coalesce(s.source_id, 'rollbook-' || c.id) as source_id,
           s.school_source_id, s.course_source_id, s.term_source_ids, s.period, s.subject, s.number, s.grades
    from school_class c
    left join lateral (select * from class_source where class_id = c.id order by from_at desc limit 1) cs on true
    left join section s on s.id = cs.section_id
    where c.license_id = :license),
person as (
    select a.*, coalesce(i.subject, 'rollbook-' || a.id) as source_id, coalesce(i.enabled, true) as enabled
    from account a
    left join lateral (select subject, enabled from identity own
                       where account_id = a.id and (kind = 'sourced_id' or kind = 'user_id' and not exists (
                           select from identity other where other.account_id = a.id and other.kind = 'sourced_id'
                           and (other.provider, other.authority) = (own.provider, own.authority)))
                       order by valid_to nulls first, valid_from limit 1) i on true
    where a.id in (select n.account_id from enrollment n join class on class.id = n.class_id)),
member_school as (
    select r.account_id, s.source_id, s.connection_id from account_role r join school s on s.id = r.school_id
    where r.account_id in (select id from person))
"""

ORGS = (
    _CLASSES
    + """
select distinct o.source_id, '', '', o.name, 'school', o.nces_id, '' from school o
where (o.connection_id, o.source_id) in (select connection_id, school_source_id from class
      union select connection_id, source_id from member_school) order by 1
"""
)
SESSIONS = (
    _CLASSES
    + """
select distinct t.source_id, '', '', t.name, 'term', coalesce(t.starts_on::text, ''), coalesce(t.ends_on::text, ''), '',
       coalesce(extract(year from t.ends_on + interval '5 months')::int::text, '')
from term t
where (t.connection_id, t.source_id) in (select connection_id, unnest(term_source_ids) from class) order by 1
"""
)
COURSES = (
    _CLASSES
    + """
select k.source_id, '', '', '', k.name, k.number, '', coalesce((
           select o.source_id from class c join school o on o.connection_id = c.connection_id
                  and o.source_id = c.school_source_id
           where c.connection_id = k.connection_id and c.course_source_id = k.source_id
           order by o.name, o.source_id limit 1), ''), '', ''
from course k
where (k.connection_id, k.source_id) in (select connection_id, course_source_id from class) order by 1
"""
)
CLASSES = (
    _CLASSES
    + """
select source_id, '', '', name, array_to_string(grades, ','), coalesce(course_source_id, ''), coalesce(number, ''),
       case when subject = 'homeroom/advisory' then 'homeroom' else 'scheduled' end, '', coalesce(school_source_id, ''),
       array_to_string(term_source_ids, ','), coalesce(subject, ''), '', coalesce(period, '')
from class order by 1
"""
)
USERS = (
    _CLASSES
    + """
select p.source_id, '', '', case when p.disabled_at is null and p.enabled then 'true' else 'false' end,
       coalesce((select string_agg(distinct m.source_id, ',') from member_school m where m.account_id = p.id),
                (select string_agg(distinct c.school_source_id, ',') from class c
                 join enrollment n on n.class_id = c.id where n.account_id = p.id), ''),
       case when exists (select from enrollment n join class c on c.id = n.class_id
                         where n.account_id = p.id and n.role = 'teacher') then 'teacher' else 'student' end,
       p.source_id, '', p.given_name, p.family_name, '', coalesce(p.student_number, ''),
       coalesce(p.roster_email, p.email, ''), '', '', '', coalesce(p.grade, ''), ''
from person p order by 1
"""
)
ENROLLMENTS = (
    _CLASSES
    + """
select c.source_id || '-' || p.source_id || '-' || n.role, '', '', c.source_id, coalesce(c.school_source_id, ''),
       p.source_id, n.role, case when n.primary_teacher then 'true' else 'false' end, n.began_on::text,
       coalesce(n.ended_on::text, '')
from enrollment n join class c on c.id = n.class_id join person p on p.id = n.account_id
where n.state <> 'waiting' order by 1
"""
)
CHANGES = (
    _CLASSES
    + """
select to_char(h.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
       coalesce(h.run_id::text, ''), coalesce(h.actor_account_id::text, ''), h.record,
       coalesce(pi.source_id, case h.record when 'class' then c.source_id end, h.record_id), coalesce(c.source_id, ''),
       h.what, coalesce(f.key, ''),
       coalesce(h.before ->> f.key, ''), coalesce(h.after ->> f.key, '')
from change h left join class c on c.id = h.class_id left join person pi on pi.id = h.account_id
left join lateral jsonb_object_keys(coalesce(h.before, '{}') || coalesce(h.after, '{}')) as f(key) on true
where h.class_id in (select id from class) or (h.class_id is null and h.account_id in (select id from person))
order by h.id, f.key
"""
)


def rows(session: Session, statement: str, license_id: UUID) -> Iterator[tuple[str, ...]]:
    """The rows of one file, as text."""
    escaped = statement.replace("::", "\\:\\:")
    result = session.execute(text(escaped), {"license": license_id}, execution_options={"yield_per": 5_000})
    for row in result:
        yield tuple("" if value is None else str(value) for value in row)
