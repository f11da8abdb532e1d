"""How what was done is written in the journal: in the transaction that does it, from the rows as they are then."""

# What stays the same keeps out of the journal: it holds changed fields only, an insert none (REL-15).
CHANGED_BEFORE = (
    "(select jsonb_object_agg(key, value) from jsonb_each(before) where value is distinct from after -> key)"
)
CHANGED_AFTER = (
    "(select jsonb_object_agg(key, value) from jsonb_each(after) where value is distinct from before -> key)"
)

ENROLLMENT_JOURNAL = """
insert into change
      (district_id, run_id, actor_account_id, record, record_id, class_id, account_id, what, before, after, at)
select :district, :run, :actor, 'enrollment', n.id, n.class_id, n.account_id,
       case t.what when 'resumed' then 'added' when 'agreed' then 'updated' when 'reseated' then 'updated'
       else t.what end, t.before,
       jsonb_build_object('state', n.state, 'role', n.role, 'primary_teacher', n.primary_teacher,
                          'began_on', n.began_on, 'ended_on', n.ended_on, 'hand', n.hand), :now
from touched t join enrollment n using (class_id, account_id, role);
insert into change
      (district_id, run_id, actor_account_id, record, record_id, class_id, account_id, what, before, after, at)
select :district, :run, :actor, 'enrollment', p.id, p.class_id, p.account_id, 'updated', '{"state": "waiting"}',
       jsonb_build_object('state', 'active', 'role', p.role), :now
from promoted p where not exists (
    select from touched t where (t.class_id, t.account_id, t.role) = (p.class_id, p.account_id, p.role));
"""
