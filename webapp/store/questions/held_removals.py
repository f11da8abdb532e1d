"""How much of what would go if a hold were approved, in which classes, and whom does it concern?"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.questions.holds import CONCERNED, Hold
from webapp.store.questions.sight import Sight

_SEEN = f"""
with concerned as (
    select c.* from school_class c
    where c.id in ({CONCERNED}) and (:all_licenses or c.license_id = any(cast(:licenses as uuid[])))),
gone as (
    select h.* from held_removal h where h.run_id = :run
    and (h.class_id in (select id from concerned) or (h.class_id is null and :all_licenses)))
"""
_CLASSES = f"""
{_SEEN}
select c.id, coalesce(c.name_given, c.provider_name), coalesce(s.period, ''), coalesce(o.name, ''), c.state,
       exists (select from gone g where g.class_id = c.id and g.record = 'class'),
       (select count(*) from enrollment n where n.class_id = c.id and n.role = 'student' and n.state <> 'ended'),
       (select count(distinct g.account_id) from gone g where g.class_id = c.id and g.record_id = 'student'),
       coalesce((select min(g.reason) from gone g where g.class_id = c.id), '')
from concerned c
left join class_source cs on cs.class_id = c.id and cs.until_at is null
left join section s on s.id = cs.section_id
left join school o on o.connection_id = s.connection_id and o.source_id = s.school_source_id
order by 2, 3, 1
"""
_PEOPLE = f"""
{_SEEN}
select g.class_id, coalesce(c.name_given, c.provider_name, ''), g.account_id, a.given_name, a.family_name, g.record_id,
       coalesce((select i.subject from identity i where i.account_id = g.account_id and i.valid_to is null
                 and i.provider = :provider order by i.kind limit 1), ''),
       coalesce(a.grade, ''), g.reason, coalesce(n.state, 'ended')
from gone g join account a on a.id = g.account_id left join concerned c on c.id = g.class_id
left join enrollment n on n.class_id = g.class_id and n.account_id = g.account_id and n.role = g.record_id
order by 2, 1, g.record_id desc, a.family_name, a.given_name, g.id limit :limit
"""
# Somebody goes where none of the places that this connection gives them stays.
_TOTALS = f"""
{_SEEN},
live as (
    select n.class_id, n.account_id, n.role from enrollment n join school_class c on c.id = n.class_id
    where n.source_connection_id = :connection and n.state <> 'ended' and c.state in ('active', 'frozen')
      and (:all_licenses or c.license_id = any(cast(:licenses as uuid[])))),
leaving as (
    select l.* from live l join gone g on g.record = 'enrollment'
    and (g.class_id, g.account_id, g.record_id) = (l.class_id, l.account_id, l.role)),
staying as (select * from live except select * from leaving)
select kind, (select count(distinct account_id) from live where role = kind),
       (select count(distinct account_id) from leaving l where role = kind
        and not exists (select from staying s where s.account_id = l.account_id and s.role = kind))
from unnest(array['student', 'teacher']) as kind
union all
select 'enrollment', (select count(*) from live), (select count(*) from leaving)
union all
select 'class', (select count(distinct class_id) from live),
       (select count(distinct class_id) from gone where record = 'class')
union all
select 'account', (select count(distinct account_id) from live),
       (select count(distinct account_id) from gone where record = 'account')
"""


@dataclass(frozen=True)
class HeldClass:
    """A class that the decision concerns: how many are in it, and how many would leave."""

    class_id: UUID
    name: str
    period: str
    school: str
    state: str
    freezes: bool
    students: int
    leaving: int
    reason: str


@dataclass(frozen=True)
class HeldPerson:
    """Somebody who would leave a class, or, without a class, have another name or number."""

    class_id: UUID | None
    class_name: str
    account_id: UUID
    given_name: str
    family_name: str
    role: str
    source_id: str
    grade: str
    reason: str
    state: str
    """What the place is now: `active`, `waiting` or `ended`."""


@dataclass(frozen=True)
class HeldTotal:
    """How many of one type there are, and how many of them would go."""

    kind: str
    """`student`, `teacher`, `enrollment`, `class`, or `account` (whoever would have another name or number)."""
    now: int
    gone: int


def held_classes(session: Session, hold: Hold, sight: Sight) -> list[HeldClass]:
    """The classes concerned that this person may see, by name."""
    return [HeldClass(*row) for row in session.execute(text(_CLASSES), _about(hold, sight))]


def held_people(session: Session, hold: Hold, sight: Sight, *, limit: int | None = None) -> list[HeldPerson]:
    """Who would leave which class, by class, as far as this person may see."""
    rows = session.execute(text(_PEOPLE), _about(hold, sight) | {"limit": limit, "provider": hold.provider})
    return [HeldPerson(*row) for row in rows]


def held_totals(session: Session, hold: Hold, sight: Sight) -> list[HeldTotal]:
    """How many would go of each type, against what the connection feeds now, as far as this person may see."""
    totals = [HeldTotal(*row) for row in session.execute(text(_TOTALS), _about(hold, sight))]
    return [total for total in totals if total.kind != "account" or total.gone]


def _about(hold: Hold, sight: Sight) -> dict[str, object]:
    return {
        "run": hold.run_id,
        "connection": hold.connection_id,
        "whole": hold.whole,
    } | sight.parameters()
