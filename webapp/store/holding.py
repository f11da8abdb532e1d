"""Marking the dangerous part of a plan, so that only the rest is applied, and remembering it for a person to decide."""

import json
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.roster.guard import Verdict

_MARK_ENROLLMENTS = """
update plan_enrollment p set held = true
where what = 'removed' and (:all_of_them or class_id = any(cast(:classes as uuid[])))
  and not exists (select from held_removal h where h.run_id = :approved and h.record = 'enrollment'
                  and h.class_id = p.class_id and h.account_id = p.account_id and h.record_id = p.role)
"""
_MARK_CLASSES = """
update plan_class p set held = true where what = 'frozen'
  and not exists (select from held_removal h where h.run_id = :approved and h.record = 'class'
                  and h.class_id = p.class_id)
"""
_REMEMBER = """
insert into held_removal (district_id, run_id, record, record_id, class_id, account_id, reason)
select :district, :run, 'enrollment', role, class_id, account_id,
       coalesce(cast(:class_reasons as jsonb) ->> cast(class_id as text), :reason) from plan_enrollment where held
union all
select :district, :run, 'class', cast(class_id as text), class_id, null, :reason from plan_class where held
"""
_HASH = """
select md5(coalesce(string_agg(line, ',' order by line), '')) from (
    select class_id || '/' || account_id || '/' || role as line from plan_enrollment where held
    union all select 'class/' || class_id from plan_class where held) lines
"""


def mark_held(connection: Connection, verdict: Verdict, approved_run: UUID | None) -> int:
    """What the verdict holds is marked; how many records that is.

    What was approved before is not held again; anything beyond it is (REL-9).
    """
    parameters = {
        "approved": approved_run,
        "all_of_them": verdict.holds_enrollments,
        "classes": list(verdict.held_classes),
    }
    held = 0
    if verdict.holds_enrollments or verdict.held_classes:
        held += connection.execute(text(_MARK_ENROLLMENTS), parameters).rowcount
    if verdict.holds_classes:
        held += connection.execute(text(_MARK_CLASSES), parameters).rowcount
    return held


def remember_held(connection: Connection, district_id: UUID, run_id: UUID, verdict: Verdict) -> str:
    """What is held is written down, in place of what this run held before; the hash that an approval is bound to."""
    connection.execute(text("delete from held_removal where run_id = :run"), {"run": run_id})
    parameters = {
        "district": district_id,
        "run": run_id,
        "reason": verdict.reason,
        "class_reasons": json.dumps(verdict.held_classes),
    }
    connection.execute(text(_REMEMBER), parameters)
    # What is held now nobody has seen yet: should this run die and start again, it is no longer approved.
    connection.execute(text("update sync_run set approved_at = null where id = :run"), {"run": run_id})
    return str(connection.execute(text(_HASH)).scalar_one())
