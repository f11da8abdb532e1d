"""What must be equal after a crash: rosters, classes, accounts, seats, letters, runs, and what the journal says."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg.rows import dict_row

Meaning = dict[str, list[Any]]

# Ids differ from one run to the next, the service's own ids do not: everything is told by those.
QUESTIONS = {
    "classes": """
select s.source_id, coalesce(c.name_given, c.provider_name) as name, c.state, c.state_reason, l.name as license,
       cs.until_at is null as follows
from school_class c join license l on l.id = c.license_id left join class_source cs on cs.class_id = c.id
left join section s on s.id = cs.section_id""",
    "rosters": """
select f.section, i.subject, n.role, n.primary_teacher, n.state, n.hand, n.ended_on is null as open
from enrollment n join followed f using (class_id) join known i using (account_id)""",
    "accounts": """
select i.subject, a.given_name, a.family_name, a.roster_email, a.grade, a.sis_id, a.student_number, i.enabled,
       (select array_agg(concat_ws('@', r.role, s.source_id) order by concat_ws('@', r.role, s.source_id))
        from account_role r left join school s on s.id = r.school_id where r.account_id = a.id) as roles
from account a left join identity i on i.account_id = a.id and i.valid_to is null""",
    "sections": "select source_id, name, school_source_id, course_source_id, term_source_ids from section",
    "mirrored": """
select 'school' as record, source_id, name from school union all select 'term', source_id, name from term
union all select 'course', source_id, name from course""",
    "seats": """
select c.license_id is not null as seat, n.state, count(distinct n.account_id) as people
from enrollment n join school_class c on c.id = n.class_id
where n.role = 'student' and c.state in ('active', 'frozen') group by 1, 2""",
    "letters": "select kind, count(*) as letters, count(sent_at) as sent from outbox group by kind",
    "held": """
select h.record, f.section, i.subject, r.state from held_removal h join sync_run r on r.id = h.run_id
left join followed f using (class_id) left join known i using (account_id)""",
    "runs": "select kind, state, scope, reason from sync_run",
    "connection": "select state, state_reason, note from connection",
    "journal": """
select c.record, c.what, f.section, i.subject, case when c.record in ('school', 'term', 'course', 'section')
       then (select source_id from section s where s.id::text = c.record_id) end as source_id,
       c.before - 'began_on' - 'ended_on' as before, c.after - 'began_on' - 'ended_on' as after
from change c left join followed f using (class_id) left join known i using (account_id)""",
}
_NAMES = """
create temp table followed on commit drop as
select distinct cs.class_id, s.source_id as section from class_source cs join section s on s.id = cs.section_id;
create temp table known on commit drop as
select account_id, min(subject) as subject, bool_and(enabled) as enabled from identity where valid_to is null group by 1
"""

# The last word of the journal about each class and each enrollment, beside the row itself.
_REPLAY = """
with words as (
    select record, record_id, what, after, row_number() over (partition by record, record_id order by id desc) as age
    from change where record = 'enrollment' or record = 'class' and (after ? 'state' or what = 'added')),
told as (
    select record, record_id, coalesce(after ->> 'state', case what when 'added' then 'active' end) as state
    from words where age = 1),
held as (
    select 'class' as record, id::text as record_id, state from school_class
    union all select 'enrollment', id::text, state from enrollment)
select record, record_id, told.state as told, held.state as held
from told full join held using (record, record_id) where told.state is distinct from held.state
"""


def meaning(database_url: str) -> Meaning:
    """Everything that must be equal, table by table."""
    with _connect(database_url) as connection:
        connection.execute(_NAMES.encode())
        return {name: _sorted(connection.execute(asked.encode()).fetchall()) for name, asked in QUESTIONS.items()}


def replay_differs(database_url: str) -> list[Any]:
    """Classes and enrollments of which the journal says something else than their rows (REL-15)."""
    with _connect(database_url) as connection:
        return connection.execute(_REPLAY.encode()).fetchall()


def differences(found: Meaning, wanted: Meaning) -> dict[str, tuple[list[Any], list[Any]]]:
    """Table -> what is there and should not be, and what should be and is not."""
    return {
        name: ([row for row in found[name] if row not in rows], [row for row in rows if row not in found[name]])
        for name, rows in wanted.items()
        if found[name] != rows
    }


def _sorted(rows: Iterable[dict[str, Any]]) -> list[Any]:
    return sorted((dict(row) for row in rows), key=str)


def _connect(database_url: str) -> psycopg.Connection[dict[str, Any]]:
    return psycopg.connect(database_url.replace("+psycopg", ""), row_factory=dict_row)
