"""A person puts somebody into a class, or takes somebody out, by hand: syncs leave that place alone from then on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from webapp.store.database import tenant
from webapp.store.journalling import ENROLLMENT_JOURNAL
from webapp.store.questions.runs import district_today
from webapp.store.seats import SEAT_LOCK, SEATS
from webapp.store.statements import execute_each
from webapp.store.tables import Account, SchoolClass

# Somebody who is there by the service's word stays so: there is nothing to do by hand.
_ADD = """
create temp table touched on commit drop as
select c.id as class_id, a.id as account_id, cast(:role as text) as role,
       case when n.id is null then 'added' else 'resumed' end as what,
       case when n.id is not null then jsonb_build_object('state', n.state, 'primary_teacher', n.primary_teacher,
            'began_on', n.began_on, 'ended_on', n.ended_on, 'hand', n.hand) end as before
from school_class c join account a on a.id = :account
left join enrollment n on n.class_id = c.id and n.account_id = a.id and n.role = :role
where c.id = any(:classes) and coalesce(n.state, 'ended') = 'ended';
insert into enrollment (district_id, class_id, account_id, role, state, began_on, put_by_account_id, hand)
select :district, class_id, account_id, role, case role when 'student' then 'waiting' else 'active' end, :today, :actor,
       'added' from touched
on conflict (class_id, account_id, role) do update set state = excluded.state, began_on = excluded.began_on,
       ended_on = null, put_by_account_id = excluded.put_by_account_id, hand = 'added';
"""
_REMOVE = """
create temp table touched on commit drop as
select class_id, account_id, role, 'removed' as what, jsonb_build_object('state', state, 'primary_teacher',
       primary_teacher, 'began_on', began_on, 'hand', hand) as before
from enrollment where class_id = any(:classes) and account_id = :account and role = :role and state <> 'ended';
update enrollment n set state = 'ended', ended_on = :today, hand = 'removed'
from touched t where (n.class_id, n.account_id, n.role) = (t.class_id, t.account_id, t.role);
"""


def add_by_hand(
    district_id: UUID, class_id: UUID, account_id: UUID, role: str, actor_id: UUID, *, now: datetime
) -> None:
    """They are in the class, or wait for a seat in it, whatever the service says."""
    _by_hand(_ADD, district_id, class_id, account_id, role, actor_id, now)


def remove_by_hand(
    district_id: UUID, class_id: UUID, account_id: UUID, role: str, actor_id: UUID, *, now: datetime
) -> None:
    """They are not in the class, whatever the service says; nobody and nothing of theirs is deleted."""
    _by_hand(_REMOVE, district_id, class_id, account_id, role, actor_id, now)


def _by_hand(
    statements: str, district_id: UUID, class_id: UUID, account_id: UUID, role: str, actor_id: UUID, now: datetime
) -> None:
    with tenant(district_id) as session:
        session.scalars(select(SchoolClass).where(SchoolClass.id == class_id).with_for_update()).one()
        session.get_one(Account, account_id)
        about = {"district": district_id, "classes": [class_id], "account": account_id, "role": role}
        about |= {"actor": actor_id, "now": now, "run": None, "today": district_today(session, district_id, now)}
        execute_each(session.connection(), SEAT_LOCK + statements + SEATS + ENROLLMENT_JOURNAL, about)
