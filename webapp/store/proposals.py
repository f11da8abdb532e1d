"""New ids that may be somebody who is here already: found while people are applied, and never merged by themselves.

Statements of a comparison and of its applying (safety.md REL-30). Keys are ids of the service; a number only asks.
"""

from datetime import timedelta

REISSUED_AFTER = timedelta(days=30)
"""An id that was away for so long and comes back with another family name and number is somebody else's by now."""
ALIKE_AT_MOST = 3
"""A number that more people share says nothing about any of them."""

# Who has been in no class that goes on since `gone_before`, and is somebody else by family name and number. A member of
# the license is left out: she would be locked out of her classes, and her id has a person behind it who can tell.
REISSUED = """
create temp table reissued as
select i.id as identity_id, i.account_id, p.source_id from kept_person p
join identity i on i.provider = :provider and i.authority = :authority and i.kind = :roster_kind
               and i.subject = p.source_id and i.valid_to is null
join account a on a.id = i.account_id
where lower(a.family_name) <> lower(p.family_name) and a.sis_id <> nullif(p.sis_id, '') and not a.hand
  and exists (select from enrollment n where n.account_id = a.id)
  and not exists (
      select from enrollment n join school_class c on c.id = n.class_id where n.account_id = a.id
      and case when n.state = 'ended' then n.ended_on >= :gone_before
               else c.state = 'active' or c.state_since >= :gone_before end)
  and not exists (select from license_member m where m.account_id = a.id and m.ended_at is null);
"""

END_REISSUED = """
update identity i set valid_to = :now
from reissued r join batch b using (source_id) where b.what = 'added' and i.id = r.identity_id;
"""

# Staff and students are numbered each for themselves, so that a student is never taken for a teacher. Whom the same run
# made is no known person. A pair is asked about once, whatever the answer was.
PROPOSE = f"""
create temp table alike on commit drop as
select one.id as one_id, other.id as other_id, 1 as rank from batch b join account one on one.id = b.account_id
join account other on other.source_connection_id = :connection and other.sis_id = one.sis_id and other.id <> one.id
where b.what = 'added' or b.before ->> 'sis_id' is distinct from b.after ->> 'sis_id'
union all
select one.id, other.id, 3 from batch b join account one on one.id = b.account_id
join account other on other.source_connection_id = :connection and other.student_number = one.student_number
                  and other.id <> one.id
where b.what = 'added' or b.before ->> 'student_number' is distinct from b.after ->> 'student_number'
union all
select b.account_id, r.account_id, 2 from batch b join reissued r using (source_id) where b.what = 'added';
insert into identity_proposal
    (district_id, connection_id, known_account_id, new_account_id, evidence, state, run_id, made_at)
with pair as (
    select case when older.is_so then other_id else one_id end as known_id,
           case when older.is_so then one_id else other_id end as new_id, min(rank) as rank
    from alike join account one on one.id = one_id join account other on other.id = other_id
    cross join lateral (select (other.made_at, other.id) < (one.made_at, one.id) as is_so) older
    where one.merged_into_id is null and other.merged_into_id is null
      and exists (select from account_role r where r.account_id = one_id and r.role = 'student')
        = exists (select from account_role r where r.account_id = other_id and r.role = 'student')
    group by 1, 2),
known as (
    select p.*, min(rank) over (partition by new_id) as best, count(*) over (partition by new_id, rank) as alike
    from pair p where not exists (
        select from change c where c.run_id = :run and c.record = 'account' and c.what = 'added'
        and c.account_id = p.known_id))
select :district, :connection, k.known_id, k.new_id, jsonb_build_object(
    'by', case k.rank when 1 then 'sis_id' when 2 then 'reissued' else 'student_number' end, 'alike', k.alike,
    'agree', array(select field from (values
        ('sis_id', a.sis_id = b.sis_id), ('student_number', a.student_number = b.student_number),
        ('given_name', lower(a.given_name) = lower(b.given_name)),
        ('family_name', lower(a.family_name) = lower(b.family_name)), ('grade', a.grade = b.grade),
        ('roster_email', lower(a.roster_email) = lower(b.roster_email))) said(field, agrees) where agrees)),
    'open', :run, :now
from known k join account a on a.id = k.known_id join account b on b.id = k.new_id
where k.rank = k.best and k.alike <= {ALIKE_AT_MOST}
on conflict (known_account_id, new_account_id) do nothing;
"""
