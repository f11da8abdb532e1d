"""Executing a plan: the rows and their journal in the same transactions, a bounded number of whole classes in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.store.checkpoints import checkpoint
from webapp.store.comparison import MIRRORED, PERSON_COLUMNS, Question
from webapp.store.continuing import APPLY_CONTINUED
from webapp.store.journalling import CHANGED_AFTER, CHANGED_BEFORE, ENROLLMENT_JOURNAL
from webapp.store.proposals import END_REISSUED, PROPOSE
from webapp.store.seats import SEAT_LOCK, SEATS
from webapp.store.statements import execute_each

PEOPLE_AT_ONCE = 5_000
CLASSES_AT_ONCE = 200
"""Sizes at which one transaction stays well under two seconds (REL-23)."""


@dataclass(frozen=True)
class Applier:
    """One run that applies one question's plan at one moment."""

    question: Question
    run_id: UUID
    actor_id: UUID | None
    now: datetime

    def run(self, connection: Connection, statements: str, **more: object) -> None:
        """Execute statements with everything that they may name."""
        own = {"run": self.run_id, "actor": self.actor_id, "now": self.now}
        execute_each(connection, statements, self.question.parameters() | own | more)


def _write_records(name: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    return f"""
insert into {name} (id, district_id, connection_id, source_id, {names})
select p.record_id, :district, :connection, p.source_id, {", ".join(f"k.{column}" for column in columns)}
from plan_record p join kept_{name} k using (source_id) where p.record = '{name}' and p.what = 'added';
update {name} t set {", ".join(f"{column} = k.{column}" for column in columns)}
from plan_record p join kept_{name} k using (source_id)
where p.record = '{name}' and p.what = 'updated' and t.id = p.record_id;
"""


_RECORDS = (
    "".join(_write_records(name, columns) for name, columns in MIRRORED.items())
    + f"""
insert into change (district_id, run_id, actor_account_id, record, record_id, what, before, after, at)
select :district, :run, :actor, record, record_id, what, {CHANGED_BEFORE}, {CHANGED_AFTER}, :now from plan_record;
"""
)


def apply_records(connection: Connection, applier: Applier) -> None:
    """Schools, terms, courses and sections are as the service shares them, journalled."""
    applier.run(connection, _RECORDS)


def _value(column: str) -> str:
    return f"k.{column}" if column.endswith("_name") else f"nullif(k.{column}, '')"


_PEOPLE = f"""
create temp table batch on commit drop as
select source_id, account_id, what, before, after from plan_person where what is not null
order by source_id offset :offset limit :limit;
create index on batch (account_id);
analyze batch;
insert into account (id, district_id, {", ".join(PERSON_COLUMNS)}, source_connection_id, made_at)
select b.account_id, :district, {", ".join(map(_value, PERSON_COLUMNS))}, :connection, :now
from batch b join kept_person k using (source_id) where b.what = 'added';
{END_REISSUED.strip()}
insert into identity (district_id, account_id, provider, authority, kind, subject, valid_from, enabled)
select :district, b.account_id, :provider, :authority, :roster_kind, source_id, :now, k.enabled
from batch b join kept_person k using (source_id) where b.what = 'added';
update identity i set enabled = k.enabled from batch b join kept_person k using (source_id)
where b.what = 'updated' and i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
  and i.subject = k.source_id and i.valid_to is null and i.enabled <> k.enabled;
update account a set {", ".join(f"{column} = {_value(column)}" for column in PERSON_COLUMNS)},
       source_connection_id = :connection, hand = false
from batch b join kept_person k using (source_id)
where b.what = 'updated' and a.id = b.account_id and (not a.hand or b.after -> 'hand' = 'false');
create temp table batch_role on commit drop as
select distinct b.account_id, w.role, s.id as school_id from batch b join wanted_role w using (source_id)
left join school s on s.connection_id = :connection and s.source_id = w.school_source_id;
delete from account_role r using batch b
where r.account_id = b.account_id and r.source_connection_id = :connection
  and not exists (select from batch_role w where w.account_id = r.account_id and w.role = r.role
                  and w.school_id is not distinct from r.school_id);
insert into account_role (district_id, account_id, role, school_id, source_connection_id)
select :district, account_id, role, school_id, :connection from batch_role on conflict do nothing;
insert into change (district_id, run_id, actor_account_id, record, record_id, account_id, what, before, after, at)
select :district, :run, :actor, 'account', account_id, account_id, what, {CHANGED_BEFORE}, {CHANGED_AFTER}, :now
from batch;
{PROPOSE.strip()}
"""


def apply_people(connection: Connection, applier: Applier, offset: int) -> None:
    """The next people of the plan have accounts, identities and roles as the service shares them, journalled."""
    applier.run(connection, _PEOPLE, offset=offset, limit=PEOPLE_AT_ONCE)


def refresh_statistics(connection: Connection) -> None:
    """The planner knows what a large apply has written; small ones are left to the server's own housekeeping."""
    connection.execute(text("analyze account, account_role, identity, section, school_class, class_source, enrollment"))


def people_batches(connection: Connection) -> Iterator[int]:
    """The offsets at which `apply_people` is to be called."""
    changed = connection.execute(text("select count(*) from plan_person where what is not null")).scalar_one()
    return iter(range(0, changed, PEOPLE_AT_ONCE))


# What the plan touches, and classes in which students wait although their license has room (seats were bought).
_TOUCHED = """
with queue as (
    select distinct c.license_id, n.class_id from enrollment n join school_class c on c.id = n.class_id
    where n.source_connection_id = :connection and n.state = 'waiting' and c.state in ('active', 'frozen')),
taken as (
    select c.license_id, count(distinct n.account_id) as seats
    from enrollment n join school_class c on c.id = n.class_id
    where c.license_id in (select license_id from queue) and c.state in ('active', 'frozen')
      and n.role = 'student' and n.state = 'active' group by 1)
select class_id from plan_class where not held union select class_id from plan_enrollment where not held
union select q.class_id from queue q join license l on l.id = q.license_id left join taken t using (license_id)
where l.student_seats > coalesce(t.seats, 0) order by 1
"""


def class_batches(connection: Connection, applier: Applier) -> list[list[UUID]]:
    """The classes to call `apply_classes` for, in whole-class batches."""
    rows = connection.execute(text(_TOUCHED), {"connection": applier.question.connection_id})
    classes = [row[0] for row in rows]
    return [classes[start : start + CLASSES_AT_ONCE] for start in range(0, len(classes), CLASSES_AT_ONCE)]


_CLASSES = f"""
insert into school_class (id, district_id, license_id, provider_name, state, state_since, as_of, made_at, made_by_id)
select p.class_id, :district, p.license_id, k.name, 'active', :now, :as_of, :now, :actor
from plan_class p join kept_section k using (source_id) where p.what = 'added' and p.class_id = any(:classes);
insert into class_source (district_id, class_id, connection_id, section_id, from_at)
select :district, p.class_id, :connection, s.id, :now
from plan_class p join section s on s.connection_id = :connection and s.source_id = p.source_id
where p.what = 'added' and p.class_id = any(:classes);
update school_class c set provider_name = p.after ->> 'provider_name',
       name_given = nullif(c.name_given, p.after ->> 'provider_name')
from plan_class p where p.what = 'renamed' and c.id = p.class_id and c.id = any(:classes);
{APPLY_CONTINUED}
update school_class c set hand = false
from plan_class p where p.what = 'agreed' and c.id = p.class_id and c.id = any(:classes);
update school_class c set state = p.after ->> 'state', hand = false, state_since = :now, state_reason =
       case p.what when 'frozen' then 'not_shared' when 'archived' then 'term_ended' end
from plan_class p
where p.what in ('frozen', 'thawed', 'archived') and not p.held and c.id = p.class_id and c.id = any(:classes);
insert into change (district_id, run_id, actor_account_id, record, record_id, class_id, what, before, after, at)
select :district, :run, :actor, 'class', class_id, class_id, case what when 'added' then 'added' else 'updated' end,
       {CHANGED_BEFORE}, {CHANGED_AFTER}, :now from plan_class where not held and class_id = any(:classes);
"""

# A student joins as `waiting`; SEATS makes active whom the license's seats allow, in the same transaction.
_ENROLLMENTS = """
create temp table touched on commit drop as
select * from plan_enrollment where not held and class_id = any(:classes);
create index on touched (class_id, account_id, role);
analyze touched;
insert into enrollment (district_id, class_id, account_id, role, primary_teacher, state, began_on, source_connection_id)
select :district, class_id, account_id, role, primary_teacher,
       case role when 'student' then 'waiting' else 'active' end, :today, :connection
from touched where what = 'added';
update enrollment n set state = case n.role when 'student' then 'waiting' else 'active' end, began_on = :today,
       ended_on = null, source_connection_id = :connection, primary_teacher = t.primary_teacher
from touched t where t.what = 'resumed' and (n.class_id, n.account_id, n.role) = (t.class_id, t.account_id, t.role);
update enrollment n set primary_teacher = t.primary_teacher, hand = 'none', source_connection_id = :connection
from touched t where t.what = 'updated' and (n.class_id, n.account_id, n.role) = (t.class_id, t.account_id, t.role);
insert into touched (class_id, account_id, role, what, before)
select n.class_id, n.account_id, n.role, 'reseated', '{"state": "active"}'
from enrollment n join plan_class p using (class_id)
where (p.before ->> 'state' = 'archived' or p.before ->> 'license_id' <> p.after ->> 'license_id')
  and not p.held and p.class_id = any(:classes)
  and n.role = 'student' and n.state = 'active'
  and not exists (select from touched t where (t.class_id, t.account_id, t.role) = (n.class_id, n.account_id, n.role));
update enrollment n set hand = 'none'
from touched t where t.what = 'agreed' and (n.class_id, n.account_id, n.role) = (t.class_id, t.account_id, t.role);
update enrollment n set state = 'ended', ended_on = :today
from touched t where t.what = 'removed' and (n.class_id, n.account_id, n.role) = (t.class_id, t.account_id, t.role);
"""

_REMEMBER_FETCH = """
update school_class set as_of = :as_of where id = any(:classes) and id in (select class_id from in_play);
"""


def apply_classes(connection: Connection, applier: Applier, classes: list[UUID]) -> None:
    """These classes and their enrollments are as planned, seats respected, journalled; they remember this fetch."""
    applier.run(connection, _CLASSES, classes=classes)
    checkpoint("classes.written")
    applier.run(connection, SEAT_LOCK + _ENROLLMENTS, classes=classes)
    checkpoint("classes.enrollments_written")
    applier.run(connection, SEATS, classes=classes)
    checkpoint("classes.seats_given")
    applier.run(connection, ENROLLMENT_JOURNAL + _REMEMBER_FETCH, classes=classes)
    checkpoint("classes.journalled")
