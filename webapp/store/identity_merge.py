"""Two accounts become one, and two again: identities, places in classes and memberships move, and nothing is deleted.

Statements over named values: `known` is the account that stays, `new` the one that is closed. What moves is returned as
ids, states and days, so that exactly that can be put back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.journalling import ENROLLMENT_JOURNAL
from webapp.store.seats import SEAT_LOCK, SEATS
from webapp.store.statements import execute_each


@dataclass(frozen=True)
class Pair:
    """Two accounts that are to become one, or two again: which one stays, by whose word, and when."""

    district_id: UUID
    connection_id: UUID
    known: UUID
    new: UUID
    actor_id: UUID
    today: date
    now: datetime

    def parameters(self, session: Session) -> dict[str, Any]:
        """The named values of every statement here, and of seats and journal."""
        return {
            "district": self.district_id,
            "connection": self.connection_id,
            "known": self.known,
            "new": self.new,
            "actor": self.actor_id,
            "today": self.today,
            "now": self.now,
            "run": None,
            "classes": list(session.execute(text(_CLASSES), {"new": self.new}).scalars()),
        }


_CLASSES = "select distinct class_id from enrollment where account_id = :new order by 1"
_TOLD = (
    "jsonb_build_object('state', {0}.state, 'role', {0}.role, 'primary_teacher', {0}.primary_teacher,"
    " 'began_on', {0}.began_on, 'ended_on', {0}.ended_on, 'hand', {0}.hand)"
)

# One line for each class and role in which the new account is, or from which a person has taken it. What a hand did
# counts for both: who was taken out by hand under either id stays out.
_PLACES = f"""
select id from school_class where id = any(:classes) order by id for no key update;
create temp table place on commit drop as
select n.class_id, n.role, n.id as new_id, n.state, n.primary_teacher, n.began_on, n.ended_on, n.hand,
       n.source_connection_id, n.put_by_account_id, k.id as known_id,
       case when n.state = 'ended'
            then case when k.id is null or (k.state = 'ended' and k.hand = 'none') then 'barred' end
            when k.id is null then 'added'
            when k.state = 'ended' and k.hand = 'none' then 'resumed'
            when k.state = 'waiting' and n.state = 'active' then 'seated' end as what,
       {_TOLD.format("n")} || jsonb_build_object('source_connection_id', n.source_connection_id) as new_before,
       {_TOLD.format("k")} || jsonb_build_object('source_connection_id', k.source_connection_id,
                                                 'put_by_account_id', k.put_by_account_id) as known_before
from enrollment n left join enrollment k
  on k.class_id = n.class_id and k.role = n.role and k.account_id = :known
where n.account_id = :new and (n.state <> 'ended' or n.hand = 'removed');
"""

# The seat goes along: whoever had one under the new id keeps it, so the license gives none more than before.
_MOVE_PLACES = """
create temp table touched on commit drop as
select class_id, cast(:new as uuid) as account_id, role,
       case when state = 'ended' then 'updated' else 'removed' end as what, new_before as before from place
union all
select class_id, cast(:known as uuid), role, case when what in ('barred', 'seated') then 'updated' else what end,
       case when known_id is not null then known_before end from place where what is not null;
update enrollment n set hand = 'none', state = 'ended',
       ended_on = case when n.state = 'ended' then n.ended_on else :today end from place p where n.id = p.new_id;
insert into enrollment (district_id, class_id, account_id, role, primary_teacher, state, began_on, ended_on,
                        source_connection_id, put_by_account_id, hand)
select :district, class_id, :known, role, primary_teacher, state, began_on, ended_on, source_connection_id,
       put_by_account_id, hand from place where known_id is null and what is not null;
update enrollment k set state = p.state, primary_teacher = p.primary_teacher, hand = p.hand, ended_on = null,
       began_on = case when k.ended_on >= p.began_on then k.began_on else p.began_on end,
       source_connection_id = p.source_connection_id, put_by_account_id = p.put_by_account_id
from place p where p.what = 'resumed' and k.id = p.known_id;
update enrollment k set state = 'active' from place p where p.what = 'seated' and k.id = p.known_id;
update enrollment k set hand = 'removed' from place p where p.what = 'barred' and k.id = p.known_id;
"""

_PLACES_MOVED = """
select jsonb_agg(jsonb_build_object('class_id', p.class_id, 'role', p.role, 'what', p.what, 'in', k.state <> 'ended',
                 'known', case when p.known_id is not null then p.known_before end, 'new', p.new_before)
                 order by p.class_id, p.role)
from place p left join enrollment k on (k.class_id, k.role, k.account_id) = (p.class_id, p.role, :known)
"""

# An id that is still shared stays where it is. Whether it is, one sees by a place that a sync keeps open.
_OLD_IDS = """
update identity i set valid_to = :now
where i.account_id = :known and i.valid_to is null and i.provider <> 'password'
  and exists (select from identity n where n.account_id = :new and n.valid_to is null
              and (n.provider, n.authority, n.kind) = (i.provider, i.authority, i.kind))
  and not exists (select from enrollment k join school_class c on c.id = k.class_id
                  where k.account_id = :known and k.source_connection_id = :connection and k.state <> 'ended'
                  and k.hand = 'none' and c.state = 'active')
returning i.id
"""
_NEW_IDS = "update identity set account_id = :known where account_id = :new and valid_to is null returning id"
_MEMBERSHIPS = """
update license_member m set account_id = :known where m.account_id = :new and m.ended_at is null and not exists (
    select from license_member k where k.account_id = :known and k.ended_at is null
    and (k.license_id, k.role) = (m.license_id, m.role)) returning m.id
"""
_MEMBERSHIPS_TWICE = (
    "update license_member set ended_at = :now where account_id = :new and ended_at is null returning id"
)


def merge(session: Session, pair: Pair) -> dict[str, Any]:
    """The known account has the identities, places and memberships of the new one; what moved, to be put back."""
    about = pair.parameters(session)
    moved: dict[str, Any] = {"since": _last_change(session)}
    # In this order: whether the old id is still shared is read from places that have not moved yet.
    for name, statement in (
        ("old_ids", _OLD_IDS),
        ("new_ids", _NEW_IDS),
        ("memberships", _MEMBERSHIPS),
        ("memberships_twice", _MEMBERSHIPS_TWICE),
    ):
        moved[name] = [str(one) for one in session.execute(text(statement), about).scalars()]
    execute_each(session.connection(), SEAT_LOCK + _PLACES + _MOVE_PLACES + SEATS + ENROLLMENT_JOURNAL, about)
    moved["places"] = session.execute(text(_PLACES_MOVED), about).scalar_one() or []
    return moved


def _last_change(session: Session) -> int:
    return int(session.execute(text("select coalesce(max(id), 0) from change")).scalar_one())
