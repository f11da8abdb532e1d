"""What of a staged fetch concerns us: the classes in play, their sections, the people in them, and what those name."""

from webapp.store.continuing import CONTINUED
from webapp.store.contradictions import ENROLLMENTS_SET_ASIDE, ODD, PEOPLE_SET_ASIDE, around_set_aside

# The classes in play: what they follow, and whether that section's last known term is over, by the terms that it has
# now. A section whose own record was set aside says nothing about its class, nor does a fetch that began before one
# whose run has looked at the class since: an unchanged one leaves no trace but its run (REL-19). An archived class is
# in play where it comes back: its term was extended, or somebody imports its section.
IN_PLAY = (
    CONTINUED
    + """
create temp table shared_terms as
select distinct on (source_id) source_id, term_source_ids from stage_section order by source_id;
create temp table in_play as
select cs.class_id, s.source_id, c.state, c.hand, c.provider_name,
       case when c.state <> 'archived' then ended.on_day end as term_ended_on
from class_source cs
join section s on s.id = cs.section_id
join school_class c on c.id = cs.class_id
join license l on l.id = c.license_id and (l.ends_on is null or l.ends_on >= :today)
left join shared_terms on shared_terms.source_id = s.source_id
left join lateral (
    select case when bool_and(term.ends_on < :today) then max(term.ends_on) end as on_day,
           bool_or(term.ends_on >= :today) as goes_on
    from unnest(coalesce(shared_terms.term_source_ids, s.term_source_ids)) as named(source_id)
    left join term t on t.connection_id = cs.connection_id and t.source_id = named.source_id
    left join stage_term st on st.source_id = named.source_id
    cross join lateral (select coalesce(st.ends_on, t.ends_on) as ends_on) term
) ended on true
where cs.connection_id = :connection and cs.until_at is null
  and (c.state in ('active', 'frozen') or (shared_terms.source_id is not null and (
       s.source_id = any(:import_sections)
       or (c.state_reason = 'term_ended' and not c.hand and ended.goes_on))))
  and (c.as_of is null or c.as_of < :as_of)
  and s.source_id = any(:scope)
  and not exists (select from set_aside x where x.record = 'section' and x.source_id = s.source_id)
  and not exists (select from continued n where n.class_id = cs.class_id or n.source_id = s.source_id)
  and not exists (
      select from sync_run r where r.connection_id = :connection and r.kind in ('import', 'sync')
      and r.state in ('done', 'held', 'superseded', 'discarded') and not r.whole_held
      and r.started_at > :as_of and r.requested_at > cast(:as_of as timestamptz) - interval '30 days'
      and cs.from_at <= r.started_at and (r.scope is null or s.source_id = any(r.scope)));
create temp table wanted as
select w.source_id, cast(w.license_id as uuid) as license_id
from unnest(cast(:import_sections as text[]), cast(:import_licenses as text[])) as w(source_id, license_id)
where w.source_id not in (select source_id from continued) and not exists (
    select from class_source cs join section s on s.id = cs.section_id join school_class c on c.id = cs.class_id
    join license l on l.id = c.license_id
    where cs.until_at is null and cs.connection_id = :connection and s.source_id = w.source_id
      and not (c.state = 'archived' and l.ends_on is not null and l.ends_on < :today));
"""
)

# What of the fetch concerns us: the sections in play, the people in them, and what those name. Nothing else is kept.
_KEPT_SECTIONS = """
create temp table kept_section as
select distinct on (st.source_id) st.* from stage_section st
where st.source_id in (select source_id from in_play union all select source_id from wanted
                       union all select source_id from continued) order by st.source_id;
create temp table concerned as
select distinct e.person_source_id from stage_enrollment e join kept_section k on k.source_id = e.section_source_id;
analyze kept_section;
"""
_KEPT_PEOPLE = """
create temp table kept_person as
select distinct on (p.source_id) p.* from stage_person p join concerned c on c.person_source_id = p.source_id
where p.source_id not in (select source_id from set_aside where record = 'person') order by p.source_id;
create temp table kept_enrollment as
select e.section_source_id, e.person_source_id, e.role, bool_or(e.primary_teacher) as primary_teacher
from stage_enrollment e join kept_section k on k.source_id = e.section_source_id
join kept_person p on p.source_id = e.person_source_id group by 1, 2, 3;
analyze kept_person;
analyze kept_enrollment;
"""
_NAMED_AROUND = """
create temp table named_school as
select school_source_id as source_id from kept_section union select unnest(school_source_ids) from kept_person;
create temp table named_term as select distinct unnest(term_source_ids) as source_id from kept_section;
create temp table named_course as select distinct course_source_id as source_id from kept_section;
"""


def _kept_around(name: str) -> str:
    return f"""
create temp table kept_{name} as
select distinct on (s.source_id) s.* from stage_{name} s join named_{name} using (source_id)
where s.source_id not in (select source_id from set_aside where record = '{name}') order by s.source_id;
"""


KEPT = (
    _KEPT_SECTIONS
    + PEOPLE_SET_ASIDE
    + _KEPT_PEOPLE
    + ENROLLMENTS_SET_ASIDE
    + _NAMED_AROUND
    + "".join(around_set_aside(name) + _kept_around(name) for name in ("school", "term", "course"))
    + ODD
)
