"""A class that goes on with another section, because its teacher said so: its id, its people and its journal stay.

Statements of a comparison and of its apply. What a continuation takes out of the class was decided by a person, and is
no question for the guard.
"""

# Only as it was asked for: where the class follows another section by now, or the section became a class meanwhile,
# nothing is continued. A class that an undo took back, or that stayed in an ended license, gives its section up.
CONTINUED = """
create temp table continued as
select w.source_id, cast(l.license_id as uuid) as license_id, c.id as class_id, w.follows,
       c.state, c.provider_name, c.hand, c.license_id as old_license_id
from unnest(cast(:continued_sections as text[]), cast(:continued_classes as text[]), cast(:continued_from as text[]))
     as w(source_id, class_id, follows)
join unnest(cast(:import_sections as text[]), cast(:import_licenses as text[])) as l(source_id, license_id)
  on l.source_id = w.source_id
join school_class c on c.id = cast(w.class_id as uuid)
join class_source cs on cs.class_id = c.id and cs.until_at is null and cs.connection_id = :connection
join section s on s.id = cs.section_id and s.source_id = w.follows
where not exists (
    select from class_source o join section t on t.id = o.section_id join school_class k on k.id = o.class_id
    join license e on e.id = k.license_id
    where o.until_at is null and o.connection_id = :connection and t.source_id = w.source_id
      and (o.class_id = c.id or not (k.state = 'archived' and (k.state_reason = 'undone' or e.ends_on < :today)
                                     is true)));
"""

PLAN_CONTINUED = """
insert into plan_class
select n.class_id, n.source_id, 'continued', n.license_id,
       jsonb_build_object('follows', n.follows, 'state', n.state, 'provider_name', n.provider_name, 'hand', n.hand,
                          'license_id', n.old_license_id),
       jsonb_build_object('follows', n.source_id, 'state', 'active', 'provider_name', k.name, 'hand', false,
                          'license_id', n.license_id)
from continued n join kept_section k using (source_id);
"""

APPLY_CONTINUED = """
update class_source cs set until_at = :now from plan_class p
where p.what = 'continued' and cs.class_id = p.class_id and cs.until_at is null and cs.class_id = any(:classes);
insert into class_source (district_id, class_id, connection_id, section_id, from_at)
select :district, p.class_id, :connection, s.id, :now
from plan_class p join section s on s.connection_id = :connection and s.source_id = p.source_id
where p.what = 'continued' and p.class_id = any(:classes);
update school_class c set state = 'active', state_reason = null, hand = false, license_id = p.license_id,
       state_since = case when c.state = 'active' then c.state_since else :now end,
       provider_name = p.after ->> 'provider_name', name_given = nullif(c.name_given, p.after ->> 'provider_name'),
       as_of = :as_of
from plan_class p where p.what = 'continued' and c.id = p.class_id and c.id = any(:classes);
"""
