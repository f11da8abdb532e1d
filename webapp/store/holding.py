"""Marking the dangerous part of a plan, so that only the rest is applied, and remembering it for a person to decide."""

import json
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.roster.guard import Verdict
from webapp.store.checkpoints import checkpoint

# A hold on one type holds that type's removals only.
_MARK_ENROLLMENTS = """
update plan_enrollment p set held = true
where what = 'removed' and class_id not in (select class_id from continued)
  and (:everything or :every_place or role = any(:roles) or class_id = any(cast(:classes as uuid[])))
  and not exists (select from held_removal h where h.run_id = :approved and h.record = 'enrollment'
                  and h.class_id = p.class_id and h.account_id = p.account_id and h.record_id = p.role)
"""
_MARK_CLASSES = """
update plan_class p set held = true
where what = 'frozen' and (
      :everything or :every_class or class_id = any(cast(:classes as uuid[]))
      or (:schools and class_id in (
          select class_id from live_class
          where school not in (select school from live_class where not freezes union select school from coming_class))))
  and not exists (select from held_removal h where h.run_id = :approved and h.record = 'class'
                  and h.class_id = p.class_id)
"""
_BEYOND = """
select count(*) from exchanged x where changes
and not exists (select from held_removal h where h.run_id = :approved and h.record = 'account'
                and h.account_id = x.account_id and h.record_id = x.role)
"""
_REMEMBER = """
insert into held_removal (district_id, run_id, record, record_id, class_id, account_id, reason)
select :district, :run, 'enrollment', role, class_id, account_id,
       coalesce(cast(:class_reasons as jsonb) ->> cast(class_id as text), cast(:type_reasons as jsonb) ->> role,
                cast(:type_reasons as jsonb) ->> 'enrollment', :reason) from plan_enrollment where held
union all
select :district, :run, 'class', cast(class_id as text), class_id, null,
       coalesce(cast(:class_reasons as jsonb) ->> cast(class_id as text), cast(:type_reasons as jsonb) ->> 'class',
                cast(:type_reasons as jsonb) ->> 'school', :reason) from plan_class where held
union all
select :district, :run, 'account', role, null, account_id, :reason from exchanged where changes and :everything
"""
_HASH = """
select md5(coalesce(string_agg(line, ',' order by line), '')) from (
    select class_id || '/' || account_id || '/' || role as line from plan_enrollment where held
    union all select 'class/' || class_id from plan_class where held
    union all select 'account/' || account_id || '/' || role from exchanged where changes and :everything) lines
"""


def mark_held(connection: Connection, verdict: Verdict, approved_run: UUID | None) -> int:
    """What the verdict holds is marked; how many records that is. Where it holds everything, every removal is marked.

    What was approved before is not held again; anything beyond it is (REL-9).
    """
    parameters = {
        "approved": approved_run,
        "everything": bool(verdict.whole),
        "every_place": "enrollment" in verdict.held_types,
        "roles": list(verdict.held_types),
        "every_class": "class" in verdict.held_types,
        "schools": "school" in verdict.held_types,
        "classes": [*verdict.held_classes, *verdict.not_looked_up],
    }
    held = connection.execute(text(_MARK_ENROLLMENTS), parameters).rowcount
    held += connection.execute(text(_MARK_CLASSES), parameters).rowcount
    checkpoint("hold.marked")
    return held


def mark_whole(connection: Connection, verdict: Verdict, approved_run: UUID | None) -> int:
    """Every removal is marked, and everybody who would be exchanged counted: how many records wait.

    None where all of them were approved: then the whole plan may go (REL-5, REL-9).
    """
    if not mark_held(connection, verdict, approved_run) + _exchanged(connection, approved_run):
        return 0
    return mark_held(connection, verdict, None) + _exchanged(connection, None)


def _exchanged(connection: Connection, approved_run: UUID | None) -> int:
    """How many people would have another name or number, beyond those who were approved."""
    return int(connection.execute(text(_BEYOND), {"approved": approved_run}).scalar_one())


def remember_held(connection: Connection, district_id: UUID, run_id: UUID, verdict: Verdict) -> str:
    """What is held is written down, in place of what this run held before; the hash that an approval is bound to."""
    connection.execute(text("delete from held_removal where run_id = :run"), {"run": run_id})
    parameters = {
        "district": district_id,
        "run": run_id,
        "everything": bool(verdict.whole),
        "reason": verdict.reason,
        "type_reasons": json.dumps(verdict.held_types),
        "class_reasons": json.dumps(verdict.not_looked_up | verdict.held_classes),
    }
    connection.execute(text(_REMEMBER), parameters)
    checkpoint("hold.remembered")
    # What is held now nobody has seen yet: should this run die and start again, it is no longer approved.
    connection.execute(text("update sync_run set approved_at = null where id = :run"), {"run": run_id})
    return str(connection.execute(text(_HASH), parameters).scalar_one())
