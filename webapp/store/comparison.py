"""The comparison of a staged fetch with what we hold, as set statements. It writes nothing but temporary plan tables.

`compare` leaves `plan_record` (schools, terms, courses, sections), `plan_person`, `plan_class` and `plan_enrollment`;
`removals.py` counts in them for the guard, `applying.py` executes exactly what they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.store.concerned import IN_PLAY, KEPT
from webapp.store.continuing import PLAN_CONTINUED
from webapp.store.contradictions import SECTIONS_SET_ASIDE
from webapp.store.marks import PLAN_AGREEMENTS
from webapp.store.proposals import REISSUED, REISSUED_AFTER
from webapp.store.statements import execute_each


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
    continues: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of these, those with which a class goes on: section source id -> `class`, and the section it `follows` now."""
    archive_after_days: int = 14
    """So long after its last term ended a class is archived (product.md, "After the import")."""

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
            "gone_before": self.today - REISSUED_AFTER,
            "archive_before": self.today - timedelta(days=self.archive_after_days),
            "scope": list(self.scope),
            "import_sections": list(self.licenses),
            "import_licenses": list(self.licenses.values()),
            "continued_sections": list(self.continues),
            "continued_classes": [one["class"] for one in self.continues.values()],
            "continued_from": [one["follows"] for one in self.continues.values()],
        }


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

# What an undo put back (`hand`) stays until the service says the same.
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
            when ((({_OURS}) is distinct from ({_THEIRS})) <> a.hand or o.roles is distinct from t.roles
                  or i.enabled <> p.enabled) and not exists (
                select from identity j where j.account_id = i.account_id and j.valid_to is null
                and (j.provider, j.authority, j.kind) = (i.provider, i.authority, i.kind)
                and (j.valid_from, j.subject) > (i.valid_from, i.subject)) then 'updated' end as what,
       case when i.id is not null
            then jsonb_build_object({_OURS_PAIRS}, 'hand', a.hand)
                 || jsonb_build_object('roles', o.roles, 'enabled', i.enabled) end as before,
       case when i.id is not null
            then case when a.hand and ({_OURS}) is distinct from ({_THEIRS})
                      then jsonb_build_object({_OURS_PAIRS}, 'hand', true)
                      else jsonb_build_object({_THEIRS_PAIRS}, 'hand', false) end
                 || jsonb_build_object('roles', t.roles, 'enabled', p.enabled) end as after
from kept_person p
left join theirs_roles t on t.source_id = p.source_id
left join identity i on i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
                    and i.subject = p.source_id and i.valid_to is null
                    and not exists (select from reissued r where r.identity_id = i.id)
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
where state = 'active' and not hand and term_ended_on is null and source_id not in (select source_id from kept_section);
insert into plan_class
select class_id, source_id, 'thawed', null, '{"state": "frozen"}', '{"state": "active"}' from in_play
where state = 'frozen' and not hand and source_id in (select source_id from kept_section)
  and (term_ended_on < :archive_before) is not true;
insert into plan_class
select class_id, source_id, 'thawed', null, '{"state": "archived"}', '{"state": "active"}' from in_play
where state = 'archived';
insert into plan_class
select class_id, source_id, 'archived', null, jsonb_build_object('state', state), '{"state": "archived"}' from in_play
where term_ended_on < :archive_before and not hand;
"""
# A name given here goes once the service calls the class the same: from then on the class follows the service again.
_NAMES_AGREED = """
update plan_class p set before = p.before || jsonb_build_object('name_given', c.name_given),
       after = p.after || '{"name_given": null}'
from school_class c
where c.id = p.class_id and p.what in ('renamed', 'continued') and c.name_given = p.after ->> 'provider_name';
"""
_FOLLOWED = """
create temp table followed as
select class_id, source_id from in_play
where term_ended_on is null and source_id in (select source_id from kept_section)
union all select class_id, source_id from plan_class where what in ('added', 'continued');
"""

# A sync touches only enrollments of its own connection without a hand mark; a return resumes the old row. Whose record
# was set aside stays where the section still names them, in whatever role: that their record is odd does not say that
# they left. Who changed sides stays wherever they are, since lists leave out whom they no longer take for a student.
_PLAN_ENROLLMENTS = """
create temp table wanted_enrollment as
select f.class_id, p.account_id, e.role, bool_or(e.primary_teacher) as primary_teacher
from kept_enrollment e join followed f on f.source_id = e.section_source_id
join plan_person p on p.source_id = e.person_source_id group by 1, 2, 3;
create index on wanted_enrollment (class_id, account_id);
analyze wanted_enrollment;
create temp table spared as
select spared.class_id, spared.account_id, role.word as role from (
    select f.class_id, i.account_id from set_aside x
    join stage_enrollment e on e.person_source_id = x.source_id join followed f on f.source_id = e.section_source_id
    join identity i on i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
                   and i.subject = x.source_id and i.valid_to is null
    where x.record = 'person'
    union select f.class_id, t.account_id from followed f cross join turned t) spared
cross join (values ('student'), ('teacher')) role(word);
create temp table plan_enrollment as
select w.class_id, w.account_id, w.role, coalesce(w.primary_teacher, n.primary_teacher, false) as primary_teacher,
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
    for statements in (
        SECTIONS_SET_ASIDE,
        IN_PLAY,
        KEPT,
        _PLAN_RECORDS,
        REISSUED,
        _PLAN_PEOPLE,
        _PLAN_CLASSES,
        PLAN_CONTINUED,
        _NAMES_AGREED,
        _FOLLOWED,
        _PLAN_ENROLLMENTS,
        PLAN_AGREEMENTS,
    ):
        execute_each(connection, statements, question.parameters())
