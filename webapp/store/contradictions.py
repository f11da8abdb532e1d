"""Records that contradict themselves, set aside one by one, and merely odd ones, noted (safety.md REL-29).

Statements of a comparison, over staged and kept records; only what our classes need is looked at. Nobody is removed for
a record that was set aside: it says nothing.
"""

TWICE = "is told twice, with different values"
NO_NAME = "has no name"
TURNED_STAFF = "was a student, and is shared as a teacher or staff now"
TURNED_STUDENT = "was a teacher or staff, and is shared as a student now"
NOT_SHARED = "names a person who is not shared"

SECTIONS_SET_ASIDE = f"""
create temp table asked as
select unnest(cast(:scope as text[])) as source_id union select unnest(cast(:import_sections as text[]));
delete from set_aside where record = 'section' and source_id not in (select source_id from asked);
insert into set_aside
select 'section', source_id, '{TWICE}' from (
    select distinct s.* from stage_section s join asked using (source_id)) told group by source_id having count(*) > 1;
insert into set_aside
select distinct 'section', source_id, '{NO_NAME}' from stage_section join asked using (source_id) where name = '';
update set_aside set section_source_id = source_id where record = 'section';
delete from stage_section s using set_aside x where x.record = 'section' and x.source_id = s.source_id;
"""

# Somebody who changes sides may no longer stand in any list as what they were here: whoever is in a class counts too.
PEOPLE_SET_ASIDE = f"""
delete from set_aside where record = 'person' and source_id not in (select person_source_id from concerned);
insert into set_aside
select 'person', source_id, '{TWICE}' from (
    select distinct p.* from stage_person p join concerned c on c.person_source_id = p.source_id) told
group by source_id having count(*) > 1;
insert into set_aside
select distinct 'person', p.source_id, '{NO_NAME}'
from stage_person p join concerned c on c.person_source_id = p.source_id
where p.given_name = '' and p.family_name = '';
create temp table turned as
select distinct p.source_id, i.account_id, was.student from stage_person p
join identity i on i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
               and i.subject = p.source_id and i.valid_to is null
join (select account_id, bool_and(role = 'student') as student, bool_and(role <> 'student') as grown_up
      from account_role group by account_id) was on was.account_id = i.account_id
where (was.student and p.roles <> '{{student}}' and p.roles <> '{{}}' or was.grown_up and 'student' = any(p.roles))
  and (p.source_id in (select person_source_id from concerned) or exists (
       select from enrollment n join in_play o on o.class_id = n.class_id
       where n.account_id = i.account_id and n.state <> 'ended'));
insert into set_aside
select 'person', source_id, case when student then '{TURNED_STAFF}' else '{TURNED_STUDENT}' end from turned;
update set_aside x set section_source_id = first.section_source_id
from (select e.person_source_id, min(e.section_source_id) as section_source_id
      from stage_enrollment e join kept_section k on k.source_id = e.section_source_id group by 1) first
where x.record = 'person' and x.source_id = first.person_source_id;
"""

ENROLLMENTS_SET_ASIDE = f"""
delete from set_aside where record = 'enrollment' and section_source_id not in (select source_id from kept_section);
insert into set_aside
select distinct 'enrollment', e.section_source_id || ' / ' || e.person_source_id, '{NOT_SHARED}', e.section_source_id
from stage_enrollment e join kept_section k on k.source_id = e.section_source_id
where not exists (select from kept_person p where p.source_id = e.person_source_id)
  and not exists (select from set_aside x where x.record = 'person' and x.source_id = e.person_source_id);
"""


def around_set_aside(name: str) -> str:
    """The same for schools, terms or courses that `named_...` says our sections and people name."""
    return f"""
delete from set_aside where record = '{name}' and source_id not in (select source_id from named_{name});
insert into set_aside
select '{name}', source_id, '{TWICE}' from (
    select distinct s.* from stage_{name} s join named_{name} using (source_id)) told
group by source_id having count(*) > 1;
"""


# A section may name what is not shared, and people may lack what we would like to have: all of that is imported.
ODD = """
insert into odd
select 'section', k.source_id, found.reason, k.source_id from kept_section k
left join (
    select section_source_id, bool_or(role = 'teacher') as taught, bool_or(role = 'student') as attended
    from kept_enrollment group by 1) here on here.section_source_id = k.source_id
cross join lateral (values
    (here.taught is not true, 'has no teacher'),
    (here.attended is not true, 'has no student'),
    (k.term_source_ids = '{}', 'has no term'),
    (k.course_source_id = '', 'has no course'),
    (k.school_source_id not in (select source_id from stage_school), 'names a school that is not shared'),
    (k.course_source_id <> '' and k.course_source_id not in (select source_id from stage_course),
     'names a course that is not shared'),
    (not k.term_source_ids <@ array(select source_id from stage_term), 'names a term that is not shared')
) as found(is_so, reason) where found.is_so;
create temp table address_shared as
select lower(p.roster_email) as address from kept_person p where p.roster_email <> ''
group by 1 having count(*) > 1
union
select lower(p.roster_email) from kept_person p
join account a on a.source_connection_id = :connection and lower(a.roster_email) = lower(p.roster_email)
join identity i on i.account_id = a.id and i.provider = :provider and i.authority = :authority
               and i.kind = :roster_kind and i.valid_to is null and i.subject <> p.source_id
where p.roster_email <> '' and not exists (
    select from identity j where j.account_id = a.id and j.provider = :provider and j.authority = :authority
    and j.kind = :roster_kind and j.subject = p.source_id);
insert into odd
select 'person', p.source_id, found.reason, coalesce(first.section_source_id, '') from kept_person p
left join (select person_source_id, min(section_source_id) as section_source_id
           from kept_enrollment group by 1) first on first.person_source_id = p.source_id
cross join lateral (values
    (p.roster_email = '' and not 'student' = any(p.roles), 'has no e-mail address'),
    (p.roster_email <> '' and lower(p.roster_email) in (select address from address_shared),
     'has the e-mail address of somebody else, too'),
    ('student' = any(p.roles) and cardinality(p.roles) > 1, 'is shared as a student and as a teacher or staff')
) as found(is_so, reason) where found.is_so;
"""
