"""What an undo has to do, read from the journal: one select for classes, one for enrollments, one for people.

An undo takes back one run, whole or in one class, or everything that happened to one class after a moment. What has
that state already needs nothing; what somebody changed since is left as it is (`why`) and told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from webapp.store.comparison import PERSON_COLUMNS

NOT_YET = UUID(int=0)
"""Stands for the run of an undo that is only being previewed."""


@dataclass(frozen=True)
class Undo:
    """What is to be taken back: a run, a run in one class, or one class to a moment; and by which run."""

    district_id: UUID
    connection_id: UUID
    today: date
    undoes: UUID | None = None
    class_id: UUID | None = None
    to: datetime | None = None
    run_id: UUID = NOT_YET

    def parameters(self) -> dict[str, object]:
        """The named values of every statement below."""
        return {
            "district": self.district_id,
            "connection": self.connection_id,
            "today": self.today,
            "undoes": self.undoes,
            "class": self.class_id,
            "to": self.to,
            "run": self.run_id,
            "person_columns": [*PERSON_COLUMNS, "hand"],
        }


# Seats that a run gave to classes of another service need no undoing; a class that follows another service by now has
# another lease.
CONCERNED = """
select distinct h.class_id from change h
where h.class_id is not null and h.record in ('class', 'enrollment')
  and (cast(:class as uuid) is null or h.class_id = :class)
  and case when cast(:undoes as uuid) is null then h.at > :to else h.run_id = :undoes end
  and not exists (select from class_source s
                  where s.class_id = h.class_id and s.until_at is null and s.connection_id <> :connection)
order by h.class_id
"""

# The journal's rows that are taken back. Of a class that the run made, everything that happened in it since goes too.
# `chain`: the run with its undos, their undos and so on; what they did to each other does not count as changed since.
# `refollowed`: a class that went on with another section goes back to the one before, and so does its roster: what has
# come into it from the other section since goes too. Its syncs say the same from then on, so that no mark is needed.
_OWN = """
with recursive chain as (
    select cast(:undoes as uuid) as id union select r.id from sync_run r join chain c on r.undoes_run_id = c.id),
made as (
    select class_id from change where run_id = :undoes and record = 'class' and what = 'added'),
asked as (
    select h.*, r.kind = 'undo' as by_undo from change h left join sync_run r on r.id = h.run_id
    where h.class_id = any(:classes) and h.run_id is distinct from :run
      and case when cast(:undoes as uuid) is null then h.at > :to
               else h.run_id = :undoes or h.record = 'enrollment' and h.class_id in (select class_id from made) end),
refollowed as (
    select f.class_id, f.id, f.follows, f.provider_name, s.source_id as followed, s.source_id <> f.follows as goes,
           (select t.name from section t where t.connection_id = :connection and t.source_id = f.follows) as section
    from (select distinct on (class_id) class_id, id, before ->> 'follows' as follows,
                 before ->> 'provider_name' as provider_name
          from asked where record = 'class' and before ? 'follows' order by class_id, id) f
    join (select distinct on (class_id) class_id, after ->> 'follows' as follows
          from asked where record = 'class' and after ? 'follows' order by class_id, id desc) l using (class_id)
    join class_source cs on cs.class_id = f.class_id and cs.until_at is null join section s on s.id = cs.section_id
    where s.source_id in (f.follows, l.follows) and not exists (
        select from class_source o join section t on t.id = o.section_id
        where o.until_at is null and o.class_id <> f.class_id and t.connection_id = :connection
          and t.source_id = f.follows)),
own as (
    select * from asked union
    select h.*, r.kind = 'undo' from change h left join sync_run r on r.id = h.run_id
    join refollowed f on f.class_id = h.class_id and f.id < h.id
    where h.record = 'enrollment' and h.run_id is distinct from :run)
"""

# A class that the run made goes to the archive, where no sync looks at it; importing its section brings the same class
# back. A name comes back as a name given here, which survives the service's renames; an undo of an undo is exact.
CLASS_PLAN = (
    _OWN
    + """
, state_first as (
    select distinct on (class_id) class_id, what, before, by_undo from own
    where record = 'class' and (what = 'added' or before ? 'state') order by class_id, id),
state_last as (
    select class_id, max(id) as id, bool_or(run_id is null) as by_hand from own
    where record = 'class' and (what = 'added' or after ? 'state') group by class_id),
state_since as (
    select h.class_id, bool_or(h.run_id is null) as by_hand from change h join state_last l using (class_id)
    where h.record = 'class' and h.id > l.id and h.after ? 'state' and h.run_id is distinct from :run
      and coalesce(h.run_id not in (select id from chain), true) group by 1),
name_first as (
    select distinct on (class_id) class_id, case when before ? 'name_given' then before ->> 'name_given'
           else before ->> 'provider_name' end as given from own
    where record = 'class' and before ?| array['name_given', 'provider_name'] order by class_id, id),
name_last as (
    select distinct on (class_id) class_id, after from own
    where record = 'class' and after ?| array['name_given', 'provider_name'] order by class_id, id desc),
target as (
    select c.*, f.what = 'added' as unmade, coalesce(f.by_undo, false) as exact, f.before as was,
           case f.what when 'added' then 'archived' else f.before ->> 'state' end as state_then,
           case when f.what = 'added' then null when l.by_hand or s.by_hand then 'edited'
                when s.class_id is not null then 'changed since' end as why,
           n.given as given_then, e.after as named,
           o.followed, o.follows, o.section, o.provider_name as called_then, coalesce(o.goes, false) as refollows
    from school_class c
    left join state_first f on f.class_id = c.id left join state_last l on l.class_id = c.id
    left join state_since s on s.class_id = c.id
    left join name_first n on n.class_id = c.id left join name_last e on e.class_id = c.id
    left join refollowed o on o.class_id = c.id
    where c.id = any(:classes)),
goal as (
    select t.*, state_then is distinct from state and state_then is not null as moves,
           not refollows and given_then is distinct from coalesce(name_given, provider_name) and named is not null
           and case when named ? 'name_given' then name_given is not distinct from named ->> 'name_given'
                    else name_given is null and provider_name = named ->> 'provider_name' end as renames
    from target t)
select id as class_id, case when moves then why end as why, moves and why is null as moves, renames,
       case when moves and why is null then state_then else state end as new_state,
       case when moves and why is null then case when unmade or refollows then false when exact
                 then coalesce(cast(was ->> 'hand' as boolean), hand) else true end else hand end as new_hand,
       case when renames then given_then else name_given end as new_given,
       state, hand, name_given, coalesce(name_given, provider_name) as name, provider_name,
       refollows, followed, follows, section,
       case when refollows then coalesce(called_then, provider_name) else provider_name end as new_provider_name
from goal where moves or renames or refollows
"""
)

# Being in the class or not is what is taken back; who has a seat is decided anew.
ENROLLMENT_PLAN = (
    _OWN
    + """
, first as (
    select distinct on (record_id) record_id, before, by_undo from own where record = 'enrollment'
    order by record_id, id),
last as (
    select record_id, max(id) as id, bool_or(run_id is null) as by_hand from own
    where record = 'enrollment' group by 1),
since as (
    select h.record_id, bool_or(h.run_id is null) as by_hand, bool_or(h.what in ('added', 'removed')) as moved
    from change h join last l using (record_id)
    where h.record = 'enrollment' and h.class_id = any(:classes) and h.id > l.id and h.run_id is distinct from :run
      and coalesce(h.run_id not in (select id from chain), true) group by 1)
select n.id, n.class_id, n.account_id, n.role, case when n.state = 'ended' then 'resumed' else 'removed' end as what,
       jsonb_build_object('state', n.state, 'role', n.role, 'primary_teacher', n.primary_teacher,
                          'began_on', n.began_on, 'ended_on', n.ended_on, 'hand', n.hand) as before,
       coalesce(cast(f.before ->> 'began_on' as date), n.began_on) as began_on,
       case when n.state <> 'ended' then coalesce(cast(f.before ->> 'ended_on' as date), :today) end as ended_on,
       case when f.by_undo then coalesce(f.before ->> 'hand', 'none')
            when n.class_id in (select class_id from made union select class_id from refollowed) then 'none'
            when n.state = 'ended' then 'added' else 'removed' end as hand,
       case when l.by_hand or s.by_hand or a.merged_into_id is not null then 'edited'
            when s.moved then 'changed since' end as why
from first f join last l using (record_id) left join since s using (record_id)
join enrollment n on n.id = cast(f.record_id as bigint) join account a on a.id = n.account_id
where (n.state = 'ended') <> (coalesce(f.before ->> 'state', 'ended') = 'ended')
"""
)

PEOPLE_CONCERNED = """
select distinct account_id from change
where run_id = :undoes and cast(:class as uuid) is null and record = 'account' and what = 'updated' order by 1
"""

# Field by field: what is no longer as the run left it is somebody else's word by now. Who may sign in, and as what,
# always follows the service.
PERSON_PLAN = """
with field as (
    select h.account_id, f.key, bool_or(r.kind = 'undo') as by_undo,
           (array_agg(f.value order by h.id))[1] as was, (array_agg(h.after -> f.key order by h.id desc))[1] as became
    from change h join sync_run r on r.id = h.run_id cross join lateral jsonb_each(h.before) f
    where h.run_id = :undoes and h.record = 'account' and h.what = 'updated' and h.account_id = any(:accounts)
      and f.key = any(:person_columns)
    group by 1, 2),
compared as (
    select field.*, to_jsonb(a) -> key as now, (to_jsonb(a) -> key) = became and was is distinct from became as goes
    from field join account a on a.id = field.account_id)
select account_id,
       coalesce(jsonb_object_agg(key, was) filter (where goes and key <> 'hand'), '{}') as after,
       coalesce(jsonb_object_agg(key, now) filter (where goes and key <> 'hand'), '{}') as before,
       case when bool_or(by_undo) then bool_or(was = 'true') filter (where key = 'hand') else true end as hand,
       bool_or(not goes and now is distinct from was and key <> 'hand') as changed_since
from compared group by 1
"""
