"""Executing an undo: rows, seats and journal in the same transaction, a bounded number of whole classes in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from webapp.store.comparison import PERSON_COLUMNS
from webapp.store.journalling import CHANGED_AFTER, CHANGED_BEFORE, ENROLLMENT_JOURNAL
from webapp.store.seats import SEAT_LOCK, SEATS
from webapp.store.statements import execute_each
from webapp.store.undo_plan import CLASS_PLAN, CONCERNED, ENROLLMENT_PLAN, PEOPLE_CONCERNED, PERSON_PLAN, Undo


@dataclass(frozen=True)
class LeftAlone:
    """A record that an undo did not take back, and why: ids only."""

    record: str
    record_id: str
    class_id: UUID | None
    account_id: UUID | None
    why: str


def classes_concerned(connection: Connection, undo: Undo) -> list[UUID]:
    """The classes that the undo may touch."""
    return list(connection.execute(text(CONCERNED), undo.parameters()).scalars())


def people_concerned(connection: Connection, undo: Undo) -> list[UUID]:
    """The accounts whose names or numbers the undone run changed."""
    return [row.account_id for row in connection.execute(text(PEOPLE_CONCERNED), undo.parameters())]


# The classes are locked, so that nobody's hand changes them between the plan and its end.
_CLASSES = f"""
select id from school_class where id = any(:classes) order by id for no key update;
create temp table undo_class on commit drop as {CLASS_PLAN};
update school_class c set state = u.new_state, hand = u.new_hand, name_given = u.new_given,
       state_since = case when u.moves then :now else c.state_since end,
       provider_name = u.new_provider_name,
       state_reason = case when not u.moves then c.state_reason when u.new_state = 'active' then null
                           when u.refollows then case u.new_state when 'frozen' then 'not_shared' else 'term_ended' end
                           else 'undone' end
from undo_class u where c.id = u.class_id;
update class_source cs set until_at = :now from undo_class u
where u.refollows and cs.class_id = u.class_id and cs.until_at is null;
insert into class_source (district_id, class_id, connection_id, section_id, from_at)
select :district, u.class_id, :connection, s.id, :now
from undo_class u join section s on s.connection_id = :connection and s.source_id = u.follows where u.refollows;
insert into change (district_id, run_id, actor_account_id, record, record_id, class_id, what, before, after, at)
select :district, :run, :actor, 'class', class_id, class_id, 'updated', {CHANGED_BEFORE}, {CHANGED_AFTER}, :now
from (select class_id,
             jsonb_build_object('state', state, 'hand', hand, 'name_given', name_given, 'name', name,
                                'provider_name', provider_name) || case when refollows then jsonb_build_object(
                                'follows', followed) else '{{}}' end as before,
             jsonb_build_object('state', new_state, 'hand', new_hand, 'name_given', new_given,
                                'name', coalesce(new_given, new_provider_name), 'provider_name', new_provider_name)
             || case when refollows then jsonb_build_object('follows', follows) else '{{}}' end as after
      from undo_class where moves or renames or refollows) done;
"""

# Archived classes use no seats: who comes back there needs none, and all ask anew where the class leaves the archive.
_ENROLLMENTS = f"""
create temp table undo_enrollment on commit drop as {ENROLLMENT_PLAN};
create temp table touched on commit drop as
select class_id, account_id, role, what, before from undo_enrollment where why is null;
update enrollment n set state = 'ended', began_on = u.began_on, ended_on = u.ended_on, hand = u.hand
from undo_enrollment u where u.what = 'removed' and u.why is null and n.id = u.id;
update enrollment n set began_on = u.began_on, ended_on = null, hand = u.hand,
       state = case when n.role = 'student' and c.state <> 'archived' then 'waiting' else 'active' end
from undo_enrollment u join school_class c on c.id = u.class_id
where u.what = 'resumed' and u.why is null and n.id = u.id;
insert into touched
select n.class_id, n.account_id, n.role, 'reseated', '{{"state": "active"}}'
from enrollment n join undo_class u using (class_id)
where u.state = 'archived' and u.new_state <> 'archived' and n.role = 'student' and n.state = 'active';
"""
_LEFT_ALONE = """
select 'class' as record, cast(class_id as text) as record_id, class_id, cast(null as uuid) as account_id, why
from undo_class where why is not null
union all
select 'enrollment', cast(id as text), class_id, account_id, why from undo_enrollment where why is not null
"""


def undo_classes(
    connection: Connection, undo: Undo, classes: Sequence[UUID], *, actor_id: UUID | None, now: datetime
) -> list[LeftAlone]:
    """These classes and who is in them are as before, seats respected, marked and journalled; what was left alone."""
    parameters = undo.parameters() | {"classes": list(classes), "actor": actor_id, "now": now}
    execute_each(connection, SEAT_LOCK + _CLASSES + _ENROLLMENTS + SEATS, parameters)
    execute_each(connection, ENROLLMENT_JOURNAL, parameters)
    return [LeftAlone(*row) for row in connection.execute(text(_LEFT_ALONE))]


_PEOPLE = f"""
create temp table undo_person on commit drop as {PERSON_PLAN};
insert into change (district_id, run_id, actor_account_id, record, record_id, account_id, what, before, after, at)
select :district, :run, :actor, 'account', account_id, account_id, 'updated', {CHANGED_BEFORE}, {CHANGED_AFTER}, :now
from (select p.account_id, p.before || jsonb_build_object('hand', a.hand) as before,
             p.after || jsonb_build_object('hand', coalesce(p.hand, a.hand)) as after
      from undo_person p join account a on a.id = p.account_id where p.after <> '{{}}') done;
update account a set hand = coalesce(p.hand, a.hand), {
    ", ".join(
        f"{name} = case when p.after ? '{name}' then p.after ->> '{name}' else a.{name} end" for name in PERSON_COLUMNS
    )
} from undo_person p where a.id = p.account_id and p.after <> '{{}}';
"""


def undo_people(
    connection: Connection, undo: Undo, accounts: Sequence[UUID], *, actor_id: UUID | None, now: datetime
) -> list[LeftAlone]:
    """These people are called and numbered as before, marked and journalled; whose data changed since is told."""
    parameters = undo.parameters() | {"accounts": list(accounts), "actor": actor_id, "now": now}
    execute_each(connection, _PEOPLE, parameters)
    rows = connection.execute(text("select account_id from undo_person where changed_since"))
    return [LeftAlone("account", str(row.account_id), None, row.account_id, "changed since") for row in rows]


def undone_counts(connection: Connection, run_id: UUID) -> dict[str, int]:
    """What the undo has done so far, from its journal: however often it was begun."""
    rows = connection.execute(
        text("select what, count(*) from change where run_id = :run group by what"), {"run": run_id}
    )
    return {"added": 0, "updated": 0, "removed": 0} | {row[0]: row[1] for row in rows}
