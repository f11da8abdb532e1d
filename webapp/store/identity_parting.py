"""Two accounts that were made one are two again: what joining them moved goes back, but for what was changed since."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.comparison import PERSON_COLUMNS
from webapp.store.identity_merge import Pair
from webapp.store.journalling import ENROLLMENT_JOURNAL
from webapp.store.seats import SEAT_LOCK, SEATS
from webapp.store.statements import execute_each

# Somebody or a later sync decided otherwise about a place since, where the known account is no longer in or out as
# joining left it, or the new one's row was written: such a place stays.
_PLACES = """
select id from school_class where id = any(:classes) order by id for no key update;
create temp table place on commit drop as
select m.class_id, m.role, m.what, m.known, m.new, n.id as new_id, k.id as known_id, k.state as known_state,
       (coalesce(k.state, 'ended') <> 'ended') <> coalesce(m."in", false) or n.state <> 'ended' as stays
from jsonb_to_recordset(cast(:places as jsonb))
    as m(class_id uuid, role text, what text, "in" bool, known jsonb, new jsonb)
join enrollment n on (n.class_id, n.role, n.account_id) = (m.class_id, m.role, :new)
left join enrollment k on (k.class_id, k.role, k.account_id) = (m.class_id, m.role, :known);
create temp table touched on commit drop as
select p.class_id, n.account_id, p.role,
       case when p.new ->> 'state' = 'ended' then 'updated' else 'resumed' end as what,
       jsonb_build_object('state', n.state, 'primary_teacher', n.primary_teacher, 'began_on', n.began_on,
                          'ended_on', n.ended_on, 'hand', n.hand) as before
from place p join enrollment n on n.id = p.new_id where not p.stays
union all
select p.class_id, k.account_id, p.role, case when p.what in ('barred', 'seated') then 'updated' else 'removed' end,
       jsonb_build_object('state', k.state, 'primary_teacher', k.primary_teacher, 'began_on', k.began_on,
                          'ended_on', k.ended_on, 'hand', k.hand)
from place p join enrollment k on k.id = p.known_id where not p.stays and p.what is not null;
"""

# The seat goes back with the place where the known account needs none any more; otherwise the new one asks for one.
_PUT_BACK = """
update enrollment k set state = 'ended', ended_on = :today, hand = 'none'
from place p where p.what = 'added' and not p.stays and k.id = p.known_id;
update enrollment k set state = 'waiting' from place p where p.what = 'seated' and not p.stays and k.id = p.known_id;
update enrollment k set hand = 'none' from place p where p.what = 'barred' and not p.stays and k.id = p.known_id;
update enrollment k set state = 'ended', began_on = cast(p.known ->> 'began_on' as date),
       ended_on = cast(p.known ->> 'ended_on' as date), hand = p.known ->> 'hand',
       primary_teacher = cast(p.known ->> 'primary_teacher' as boolean),
       source_connection_id = cast(p.known ->> 'source_connection_id' as uuid),
       put_by_account_id = cast(p.known ->> 'put_by_account_id' as uuid)
from place p where p.what = 'resumed' and not p.stays and k.id = p.known_id;
create temp table still_seated on commit drop as
select distinct c.license_id from enrollment k join school_class c on c.id = k.class_id
where k.account_id = :known and k.role = 'student' and k.state = 'active' and c.state in ('active', 'frozen');
update enrollment n set hand = p.new ->> 'hand', ended_on = cast(p.new ->> 'ended_on' as date),
       state = case when p.new ->> 'state' = 'ended' then 'ended'
                    when p.role = 'teacher' or c.state = 'archived' then 'active'
                    when p.known_state = 'active' and c.license_id not in (select license_id from still_seated)
                    then 'active'
                    else 'waiting' end
from place p join school_class c on c.id = p.class_id where not p.stays and n.id = p.new_id;
"""
_STAYED = "select count(*) from place where stays"

# `own_id`: the known account's own ids that went on beside the new one. Where there is none, whoever signed in since
# came by the new id: such a way in goes along.
_IDENTITIES = """
create temp table own_id on commit drop as
select provider, authority from identity where account_id = :known and valid_to is null and valid_from < :decided_at
and id <> all(cast(:new_ids as uuid[]));
update identity i set account_id = :new where i.account_id = :known and (
    i.id = any(cast(:new_ids as uuid[]))
    or i.valid_from >= :decided_at and (i.provider, i.authority) in (
        select o.provider, o.authority from identity o where o.id = any(cast(:new_ids as uuid[])))
    and not exists (select from own_id o where (o.provider, o.authority) = (i.provider, i.authority)));
update identity i set valid_to = null where i.id = any(cast(:old_ids as uuid[])) and i.account_id = :known
  and not exists (select from identity o where o.valid_to is null
                  and (o.provider, o.authority, o.kind, o.subject) = (i.provider, i.authority, i.kind, i.subject));
update license_member set account_id = :new where id = any(cast(:memberships as uuid[])) and account_id = :known;
update license_member set ended_at = null where id = any(cast(:memberships_twice as uuid[])) and account_id = :new;
"""

# Syncs have written the other one's names over the known account's meanwhile: the journal has what they were.
_PERSON = f"""
create temp table own_word on commit drop as
select f.key, (array_agg(f.value order by h.id))[1] as was, to_jsonb(a) -> f.key as now
from change h cross join lateral jsonb_each(h.before) f join account a on a.id = h.account_id
where h.id > :since and h.record = 'account' and h.what = 'updated' and h.account_id = :known
  and f.key = any(:person_columns) and not exists (
      select from own_id o join identity i on i.id = any(cast(:new_ids as uuid[]))
      where (o.provider, o.authority) = (i.provider, i.authority))
group by f.key, to_jsonb(a) -> f.key;
insert into change (district_id, run_id, actor_account_id, record, record_id, account_id, what, before, after, at)
select :district, :run, :actor, 'account', :known, :known, 'updated', jsonb_object_agg(key, now),
       jsonb_object_agg(key, was), :now from own_word where was is distinct from now having count(*) > 0;
update account a set {
    ", ".join(
        f"{name} = case when '{name}' in (select key from own_word)"
        f" then (select was #>> '{{{{}}}}' from own_word where key = '{name}') else a.{name} end"
        for name in PERSON_COLUMNS
    )
} where a.id = :known;
"""


def part(session: Session, pair: Pair, moved: dict[str, Any], decided_at: datetime) -> int:
    """Everything that joining moved is where it was; how many places stayed, since they were changed later."""
    values = pair.parameters(session) | {name: value for name, value in moved.items() if name != "places"}
    values |= {"places": json.dumps(moved["places"]), "person_columns": list(PERSON_COLUMNS), "decided_at": decided_at}
    connection = session.connection()
    execute_each(connection, _IDENTITIES + _PERSON + SEAT_LOCK + _PLACES + _PUT_BACK, values)
    execute_each(connection, SEATS + ENROLLMENT_JOURNAL, values)
    return int(session.execute(text(_STAYED)).scalar_one())
