"""Hand marks that go: the service says by now what an undo or a hand had put, so the record follows it again."""

# Rows of `plan_class` and `plan_enrollment`, so that they are applied and journalled like the rest of a plan. The mark
# of a person goes with their own row of the plan.
PLAN_AGREEMENTS = """
insert into plan_class
select class_id, source_id, 'agreed', null, '{"hand": true}', '{"hand": false}' from in_play
where hand and (term_ended_on < :archive_before) is not true
  and state = case when source_id in (select source_id from kept_section) then 'active'
                   when term_ended_on is null then 'frozen' end;
insert into plan_enrollment
select n.class_id, n.account_id, n.role, n.primary_teacher, 'agreed', jsonb_build_object('hand', n.hand), false
from enrollment n join followed f on f.class_id = n.class_id
where n.source_connection_id = :connection and n.hand = 'removed' and n.state = 'ended'
  and not exists (select from wanted_enrollment w
                  where w.class_id = n.class_id and w.account_id = n.account_id and w.role = n.role)
  and not exists (select from spared p
                  where p.class_id = n.class_id and p.account_id = n.account_id and p.role = n.role);
"""
