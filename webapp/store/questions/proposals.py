"""Which people may be one and the same, and what speaks for it? Asked inside a district."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from webapp.store.questions.sight import Sight, sight

# A question is moot while one of the two is joined with somebody else; it comes back if that is undone.
_WAITS = "p.state = 'open' and k.merged_into_id is null and n.merged_into_id is null"
_HEAD = """
select p.id, p.connection_id, c.provider, p.state, p.evidence, p.made_at, p.decided_at, p.known_account_id,
       p.new_account_id, trim(k.given_name || ' ' || k.family_name) as known_name,
       trim(n.given_name || ' ' || n.family_name) as new_name,
       trim(d.given_name || ' ' || d.family_name) as decided_by, """
_HEAD += f"""{_WAITS} as waits
from identity_proposal p join connection c on c.id = p.connection_id
join account k on k.id = p.known_account_id join account n on n.id = p.new_account_id
left join account d on d.id = p.decided_by_id
"""
_CONCERNED = """
select c.license_id from enrollment e join school_class c on c.id = e.class_id
where e.account_id in ({0}.known_account_id, {0}.new_account_id)
"""
_VISIBLE = f"""
(:all_licenses or not exists ({_CONCERNED.format("p")})
 or exists ({_CONCERNED.format("p")} and c.license_id = any(cast(:licenses as uuid[]))))
"""


@dataclass(frozen=True)
class Proposal:
    """A question whether two people are one, as its page's head tells it."""

    id: UUID
    connection_id: UUID
    provider: str
    state: str
    evidence: dict[str, Any]
    made_at: datetime
    decided_at: datetime | None
    known_account_id: UUID
    new_account_id: UUID
    known_name: str
    new_name: str
    decided_by: str | None
    waits: bool


@dataclass(frozen=True)
class ClassOfTheirs:
    """A class in which one of the two is or was."""

    name: str
    school: str
    role: str
    state: str
    began_on: date
    ended_on: date | None


@dataclass(frozen=True)
class Side:
    """One of the two, with everything that speaks for or against it being the other."""

    account_id: UUID
    given_name: str
    family_name: str
    grade: str | None
    sis_id: str | None
    student_number: str | None
    roster_email: str | None
    since: datetime
    last_sign_in_at: datetime | None
    has_password: bool
    roles: list[str]
    schools: list[str]
    ids: list[str]
    """The ids of the service by which they are known now."""
    former_ids: list[str]
    last_seen: date | None
    """The last day in a class that the service keeps; empty while they are in one."""
    classes: list[ClassOfTheirs]


def count_open(session: Session) -> int:
    """How many questions of this kind wait in the district."""
    return len(session.execute(text(f"{_HEAD} where {_WAITS}")).all())


def open_proposals(session: Session, seen: Sight) -> list[Proposal]:
    """What waits, as far as it may be seen, longest first."""
    rows = session.execute(text(f"{_HEAD} where {_WAITS} and {_VISIBLE} order by p.made_at, p.id"), seen.parameters())
    return [_proposal(row) for row in rows]


def decided_proposals(session: Session, seen: Sight, since: datetime) -> list[Proposal]:
    """What was decided since then, newest first."""
    asked = (
        f"{_HEAD} where p.state <> 'open' and p.decided_at >= :since and {_VISIBLE} order by p.decided_at desc, p.id"
    )
    rows = session.execute(text(asked), {"since": since} | seen.parameters())
    return [_proposal(row) for row in rows]


def proposal_of(session: Session, proposal_id: UUID) -> Proposal | None:
    """This question, if it is one of this district."""
    row = session.execute(text(f"{_HEAD} where p.id = :proposal"), {"proposal": proposal_id}).one_or_none()
    return _proposal(row) if row else None


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(**row._mapping)


def sight_of_proposals(session: Session, account_id: UUID) -> Sight | None:
    """Whose classes' people this administrator may be asked about; None for somebody who is none."""
    return sight(session, account_id, outside=bool)


def sight_of_proposal(session: Session, account_id: UUID, proposal: Proposal) -> Sight | None:
    """What this administrator may see of it, and whether she decides; None where no class of hers is concerned."""
    found = sight(session, account_id, outside=partial(_outside, session, proposal))
    if found is None or found.licenses is None:
        return found
    asked = f"select {_VISIBLE} from identity_proposal p where p.id = :proposal"
    return found if session.execute(text(asked), {"proposal": proposal.id} | found.parameters()).scalar() else None


def _outside(session: Session, proposal: Proposal, licenses: Collection[UUID]) -> bool:
    """True where one of the two is or was in a class of no such license."""
    asked = f"""
select exists ({_CONCERNED.format("p")} and c.license_id <> all(cast(:licenses as uuid[])))
from identity_proposal p where p.id = :proposal
"""
    return bool(session.execute(text(asked), {"proposal": proposal.id, "licenses": list(licenses)}).scalar_one())


_SIDE = """
select a.id as account_id, a.given_name, a.family_name, a.grade, a.sis_id, a.student_number, a.roster_email,
       a.made_at as since, a.last_sign_in_at,
       exists (select from identity i where i.account_id = a.id and i.provider = 'password' and i.valid_to is null)
           as has_password,
       array(select distinct r.role from account_role r where r.account_id = a.id order by 1) as roles,
       array(select distinct s.name from account_role r join school s on s.id = r.school_id where r.account_id = a.id
             order by 1) as schools,
       array(select distinct i.subject from identity i where i.account_id = a.id and i.provider = :provider
             and i.valid_to is null order by 1) as ids,
       array(select distinct i.subject from identity i where i.account_id = a.id and i.provider = :provider
             and i.valid_to is not null order by 1) as former_ids,
       (select case when bool_and(e.state = 'ended') then max(e.ended_on) end from enrollment e
        where e.account_id = a.id and e.source_connection_id = :connection) as last_seen
from account a where a.id = :account
"""
_CLASSES = """
select coalesce(c.name_given, c.provider_name) as name, coalesce(s.name, '') as school, e.role,
       case when e.state <> 'ended' and c.state = 'archived' then 'archived' else e.state end as state,
       e.began_on, e.ended_on
from enrollment e join school_class c on c.id = e.class_id
left join lateral (select cs.section_id from class_source cs where cs.class_id = c.id order by cs.from_at desc limit 1)
    source on true
left join section x on x.id = source.section_id
left join school s on s.connection_id = x.connection_id and s.source_id = x.school_source_id
where e.account_id = :account and (:all_licenses or c.license_id = any(cast(:licenses as uuid[])))
order by e.state = 'ended', 1, e.id
"""


def side_of(session: Session, account_id: UUID, proposal: Proposal, seen: Sight) -> Side:
    """One of the two as they are now, with those of their classes that may be seen."""
    about = {"account": account_id, "provider": proposal.provider, "connection": proposal.connection_id}
    row = session.execute(text(_SIDE), about).one()
    classes = [ClassOfTheirs(*one) for one in session.execute(text(_CLASSES), about | seen.parameters())]
    return Side(**row._mapping, classes=classes)


# What a decision goes by: who they are, by which ids, and where; not when they last signed in.
_STANDS = """
select md5(string_agg(line, '|' order by line)) from (
    select cast(row(a.id, a.given_name, a.family_name, a.grade, a.sis_id, a.student_number, a.merged_into_id) as text)
        as line
    from account a where a.id in (p.known_account_id, p.new_account_id)
    union all select cast(row(i.account_id, i.id, i.valid_to) as text) from identity i
    where i.account_id in (p.known_account_id, p.new_account_id)
    union all select cast(row(e.account_id, e.class_id, e.role, e.state, e.hand) as text) from enrollment e
    where e.account_id in (p.known_account_id, p.new_account_id)) lines
"""


def as_it_stands(session: Session, proposal_id: UUID) -> str:
    """Differs whenever something differs by which one would decide."""
    asked = f"select ({_STANDS}) from identity_proposal p where p.id = :proposal"
    return str(session.execute(text(asked), {"proposal": proposal_id}).scalar_one())
