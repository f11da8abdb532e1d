"""The comparison of a staged fetch with what we hold, as set statements. It writes nothing but temporary plan tables.

`compare` leaves `plan_record` (schools, terms, courses, sections), `plan_person`, `plan_class` and `plan_enrollment`;
`removals.py` counts in them for the guard, `applying.py` executes exactly what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.store.statements import execute_each

ARCHIVE_AFTER = timedelta(days=14)
"""A class is archived this long after its last term ended (product.md, "After the import")."""


@dataclass(frozen=True)
class Question:
    """What is compared: whose records, as of when, and for which sections."""

    district_id: UUID
    connection_id: UUID
    provider: str
    authority: str
    roster_kind: str
    as_of: datetime
    today: date
    scope: Sequence[str]
    """Source ids of the sections that were asked of the service; what was imported meanwhile is not among them."""
    licenses: dict[str, str]
    """For an import: section source id -> license id. Sections named here become classes."""

    def parameters(self) -> dict[str, object]:
        """The named values of every statement below."""
        return {
            "district": self.district_id,
            "connection": self.connection_id,
            "provider": self.provider,
            "authority": self.authority,
            "roster_kind": self.roster_kind,
            "as_of": self.as_of,
            "today": self.today,
            "archive_before": self.today - ARCHIVE_AFTER,
            "scope": list(self.scope),
            "import_sections": list(self.licenses),
            "import_licenses": list(self.licenses.values()),
        }


# The classes in play: what they follow, and whether that section's last known term is over, by the terms that it has
# now. A section whose own record was set aside says nothing about its class.
_IN_PLAY = """
create temp table shared_terms as
select distinct on (source_id) source_id, term_source_ids from stage_section order by source_id;
create temp table in_play as
select cs.class_id, s.source_id, c.state, c.provider_name, ended.on_day as term_ended_on
from class_source cs
join section s on s.id = cs.section_id
join school_class c on c.id = cs.class_id
join license l on l.id = c.license_id and (l.ends_on is null or l.ends_on >= :today)
left join shared_terms on shared_terms.source_id = s.source_id
left join lateral (
    select max(coalesce(st.ends_on, t.ends_on)) as on_day
    from unnest(coalesce(shared_terms.term_source_ids, s.term_source_ids)) as named(source_id)
    left join term t on t.connection_id = cs.connection_id and t.source_id = named.source_id
    left join stage_term st on st.source_id = named.source_id
    having bool_and(coalesce(st.ends_on, t.ends_on) < :today)
) ended on true
where cs.connection_id = :connection and cs.until_at is null and c.state in ('active', 'frozen')
  and (c.as_of is null or c.as_of < :as_of)
  and s.source_id = any(:scope)
  and not exists (select from set_aside x where x.record = 'section' and x.source_id = s.source_id);
create temp table wanted as
select w.source_id, cast(w.license_id as uuid) as license_id
from unnest(cast(:import_sections as text[]), cast(:import_licenses as text[])) as w(source_id, license_id)
where not exists (
    select from class_source cs join section s on s.id = cs.section_id
    where cs.until_at is null and cs.connection_id = :connection and s.source_id = w.source_id);
"""

# What of the fetch concerns us: the sections in play, the people in them, and what those name. Nothing else is kept.
_KEPT = """
create temp table kept_section as
select distinct on (st.source_id) st.* from stage_section st
where st.source_id in (select source_id from in_play union all select source_id from wanted) order by st.source_id;
create temp table concerned as
select distinct e.person_source_id from stage_enrollment e join kept_section k on k.source_id = e.section_source_id;
insert into set_aside
select distinct 'person', p.source_id, 'has no name'
from stage_person p join concerned c on c.person_source_id = p.source_id
where p.given_name = '' and p.family_name = '';
create temp table kept_person as
select distinct on (p.source_id) p.* from stage_person p join concerned c on c.person_source_id = p.source_id
where not (p.given_name = '' and p.family_name = '') order by p.source_id;
create temp table kept_enrollment as
select e.section_source_id, e.person_source_id, e.role, bool_or(e.primary_teacher) as primary_teacher
from stage_enrollment e join kept_section k on k.source_id = e.section_source_id
join kept_person p on p.source_id = e.person_source_id group by 1, 2, 3;
insert into set_aside
select distinct 'enrollment', e.section_source_id || ' / ' || e.person_source_id, 'names a person who is not shared'
from stage_enrollment e join kept_section k on k.source_id = e.section_source_id
where not exists (select from kept_person p where p.source_id = e.person_source_id);
create temp table kept_school as
select distinct on (s.source_id) s.* from stage_school s
where s.source_id in (select school_source_id from kept_section
                      union select unnest(school_source_ids) from kept_person) order by s.source_id;
create temp table kept_term as
select distinct on (t.source_id) t.* from stage_term t
where t.source_id in (select unnest(term_source_ids) from kept_section) order by t.source_id;
create temp table kept_course as
select distinct on (c.source_id) c.* from stage_course c
where c.source_id in (select course_source_id from kept_section) order by c.source_id;
analyze kept_section;
analyze kept_person;
analyze kept_enrollment;
"""

# The four mirrored types, each with the columns that are compared.
MIRRORED = {
    "school": ("name", "nces_id"),
    "term": ("name", "starts_on", "ends_on"),
    "course": ("name", "number"),
    "section": (
        "name",
        "school_source_id",
        "course_source_id",
        "term_source_ids",
        "period",
        "subject",
        "number",
        "grades",
    ),
}
PERSON_COLUMNS = ("given_name", "family_name", "roster_email", "grade", "sis_id", "student_number")


def _pairs(alias: str, columns: Sequence[str]) -> str:
    return ", ".join(f"'{column}', {alias}.{column}" for column in columns)


def _plan_records(name: str, columns: Sequence[str]) -> str:
    ours = ", ".join(f"t.{column}" for column in columns)
    theirs = ", ".join(f"k.{column}" for column in columns)
    return f"""
insert into plan_record
select '{name}', coalesce(t.id, uuidv7()), k.source_id, case when t.id is null then 'added' else 'updated' end,
       case when t.id is not null then jsonb_build_object({_pairs("t", columns)}) end,
       case when t.id is not null then jsonb_build_object({_pairs("k", columns)}) end
from kept_{name} k left join {name} t on t.connection_id = :connection and t.source_id = k.source_id
where t.id is null or ({ours}) is distinct from ({theirs});
"""


_PLAN_RECORDS = """
create temp table plan_record (record text, record_id uuid, source_id text, what text, before jsonb, after jsonb);
""" + "".join(_plan_records(name, columns) for name, columns in MIRRORED.items())


def _theirs(column: str) -> str:
    # Empty text means "no value" on the providers' side, NULL on ours.
    return f"p.{column}" if column.endswith("_name") else f"nullif(p.{column}, '')"


_THEIRS = ", ".join(map(_theirs, PERSON_COLUMNS))
_THEIRS_PAIRS = ", ".join(f"'{column}', {_theirs(column)}" for column in PERSON_COLUMNS)
_OURS = ", ".join(f"a.{column}" for column in PERSON_COLUMNS)
_OURS_PAIRS = _pairs("a", PERSON_COLUMNS)

# Of several records of one account the newest one's word counts, or they would undo each other every night.
_PLAN_PEOPLE = f"""
create temp table known_school as
select source_id from kept_school union select source_id from school where connection_id = :connection;
create temp table wanted_role as
select p.source_id, role.word as role, school.source_id as school_source_id from kept_person p
cross join lateral unnest(p.roles) as role(word)
left join lateral (select distinct n.source_id from unnest(p.school_source_ids) as n(source_id)
                   join known_school using (source_id)) school on true;
create temp table theirs_roles as
select source_id, jsonb_agg(distinct role || coalesce('@' || school_source_id, '')) as roles
from wanted_role group by 1;
create temp table ours_roles as
select r.account_id, jsonb_agg(distinct r.role || coalesce('@' || s.source_id, '')) as roles
from account_role r left join school s on s.id = r.school_id where r.source_connection_id = :connection group by 1;
create temp table plan_person as
select p.source_id, coalesce(i.account_id, uuidv7()) as account_id,
       case when i.id is null then 'added'
            when (({_OURS}) is distinct from ({_THEIRS}) or o.roles is distinct from t.roles
                  or i.enabled <> p.enabled) and not exists (
                select from identity j where j.account_id = i.account_id and j.valid_to is null
                and (j.provider, j.authority, j.kind) = (i.provider, i.authority, i.kind)
                and (j.valid_from, j.subject) > (i.valid_from, i.subject)) then 'updated' end as what,
       case when i.id is not null
            then jsonb_build_object({_OURS_PAIRS}, 'roles', o.roles, 'enabled', i.enabled) end as before,
       case when i.id is not null
            then jsonb_build_object({_THEIRS_PAIRS}, 'roles', t.roles, 'enabled', p.enabled) end as after
from kept_person p
left join theirs_roles t on t.source_id = p.source_id
left join identity i on i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
                    and i.subject = p.source_id and i.valid_to is null
left join account a on a.id = i.account_id
left join ours_roles o on o.account_id = i.account_id;
create index on plan_person (source_id);
analyze plan_person;
"""

_PLAN_CLASSES = """
create temp table plan_class (class_id uuid, source_id text, what text, license_id uuid, before jsonb, after jsonb,
                              held boolean default false);
insert into plan_class
select uuidv7(), w.source_id, 'added', w.license_id, null, null from wanted w join kept_section k using (source_id);
insert into plan_class
select i.class_id, i.source_id, 'renamed', null, jsonb_build_object('provider_name', i.provider_name),
       jsonb_build_object('provider_name', k.name)
from in_play i join kept_section k using (source_id) where i.provider_name <> k.name;
insert into plan_class
select class_id, source_id, 'frozen', null, '{"state": "active"}', '{"state": "frozen"}' from in_play
where state = 'active' and term_ended_on is null and source_id not in (select source_id from kept_section);
insert into plan_class
select class_id, source_id, 'thawed', null, '{"state": "frozen"}', '{"state": "active"}' from in_play
where state = 'frozen' and source_id in (select source_id from kept_section)
  and (term_ended_on < :archive_before) is not true;
insert into plan_class
select class_id, source_id, 'archived', null, jsonb_build_object('state', state), '{"state": "archived"}' from in_play
where term_ended_on < :archive_before;
create temp table followed as
select class_id, source_id from in_play
where term_ended_on is null and source_id in (select source_id from kept_section)
union all select class_id, source_id from plan_class where what = 'added';
"""

# A sync touches only enrollments of its own connection without a hand mark; a return resumes the old row. Whose record
# was set aside stays where the section still names them: that their record is odd does not say that they left.
_PLAN_ENROLLMENTS = """
create temp table wanted_enrollment as
select f.class_id, p.account_id, e.role, bool_or(e.primary_teacher) as primary_teacher
from kept_enrollment e join followed f on f.source_id = e.section_source_id
join plan_person p on p.source_id = e.person_source_id group by 1, 2, 3;
create index on wanted_enrollment (class_id, account_id);
analyze wanted_enrollment;
create temp table spared as
select f.class_id, i.account_id, e.role from set_aside x
join stage_enrollment e on e.person_source_id = x.source_id join followed f on f.source_id = e.section_source_id
join identity i on i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
               and i.subject = x.source_id and i.valid_to is null
where x.record = 'person';
create temp table plan_enrollment as
select w.class_id, w.account_id, w.role, w.primary_teacher,
       case when n.id is null then 'added' when n.state = 'ended' then 'resumed' else 'updated' end as what,
       case when n.id is not null then jsonb_build_object('state', n.state, 'primary_teacher', n.primary_teacher,
            'began_on', n.began_on, 'ended_on', n.ended_on, 'hand', n.hand) end as before,
       false as held
from wanted_enrollment w
left join enrollment n on n.class_id = w.class_id and n.account_id = w.account_id and n.role = w.role
where n.id is null
   or (n.state = 'ended' and n.hand = 'none')
   or (n.state <> 'ended' and (n.primary_teacher <> w.primary_teacher or n.hand = 'added'))
union all
select n.class_id, n.account_id, n.role, n.primary_teacher, 'removed',
       jsonb_build_object('state', n.state, 'primary_teacher', n.primary_teacher, 'began_on', n.began_on), false
from enrollment n join followed f on f.class_id = n.class_id
where n.source_connection_id = :connection and n.hand = 'none' and n.state <> 'ended'
  and not exists (select from wanted_enrollment w
                  where w.class_id = n.class_id and w.account_id = n.account_id and w.role = n.role)
  and not exists (select from spared p
                  where p.class_id = n.class_id and p.account_id = n.account_id and p.role = n.role);
create index on plan_enrollment (class_id);
analyze plan_enrollment;
analyze in_play;
"""


def compare(connection: Connection, question: Question) -> None:
    """Make the plan tables for this question, on the connection that holds the stage."""
    connection.execute(text("set local statement_timeout = '5min'"))
    for statements in (_IN_PLAY, _KEPT, _PLAN_RECORDS, _PLAN_PEOPLE, _PLAN_CLASSES, _PLAN_ENROLLMENTS):
        execute_each(connection, statements, question.parameters())
