"""Why is this person in this class, or not; and why is this class as it is? The facts, one question each."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

STEPS = 6
"""Of the journal of one place, the last few steps tell the story."""

_GROUND = """
select l.name, l.ends_on, l.student_seats, coalesce(c.provider_district, ''), c.blackout_from, c.blackout_until,
       coalesce(s.name, ''), coalesce(s.school_source_id, '')
from school_class k join license l on l.id = k.license_id
left join class_source cs on cs.class_id = k.id and cs.until_at is null
left join section s on s.id = cs.section_id left join connection c on c.id = cs.connection_id
where k.id = :class
"""
_PLACE = """
select a.given_name, a.family_name, n.role, n.state, n.hand, n.began_on, n.ended_on,
       n.source_connection_id is not null, nullif(trim(p.given_name || ' ' || p.family_name), ''),
       (select min(coalesce(r.started_at, r.requested_at)) from held_removal h join sync_run r on r.id = h.run_id
        where r.state = 'held' and h.class_id = n.class_id and h.account_id = n.account_id and h.record_id = n.role)
from enrollment n join account a on a.id = n.account_id left join account p on p.id = n.put_by_account_id
where n.class_id = :class and n.account_id = :account
order by n.state = 'ended', n.role desc limit 1
"""
_SUBJECT = """
select subject from identity
where account_id = :account and provider = :provider and authority = :authority and valid_to is null
order by kind = :kind desc, valid_from limit 1
"""
_STEPS = """
select h.at, h.what, h.before ->> 'state', h.after ->> 'state', h.after ->> 'hand', r.kind,
       nullif(trim(asker.given_name || ' ' || asker.family_name), ''),
       nullif(trim(actor.given_name || ' ' || actor.family_name), '')
from change h left join sync_run r on r.id = h.run_id left join account asker on asker.id = r.requested_by_id
left join account actor on actor.id = h.actor_account_id
where h.class_id = :class and h.account_id = :account and h.record = 'enrollment'
  and (h.what <> 'updated' or h.after ? 'state' or h.after ? 'hand')
order by h.id desc limit :steps
"""
_SET_ASIDE_PERSON = """
select record, source_id, reason, odd, first_seen_at from record_set_aside
where connection_id = :connection and ((record = 'person' and source_id = :subject)
      or (record = 'enrollment' and source_id = :section || ' / ' || :subject)) order by odd, first_seen_at, id
"""
_SET_ASIDE_SECTION = """
select record, source_id, reason, odd, first_seen_at from record_set_aside
where connection_id = :connection and (section_source_id = :section or (record = 'section' and source_id = :section))
order by odd, first_seen_at, id
"""


@dataclass(frozen=True)
class Ground:
    """What a class stands on: its license, and what it follows."""

    license_name: str
    license_ends_on: date | None
    student_seats: int | None
    authority: str
    """The service's id of the district; empty where no service feeds the class."""
    blackout_from: date | None
    blackout_until: date | None
    section_name: str
    school_source_id: str


@dataclass(frozen=True)
class Place:
    """One person's place in one class."""

    given_name: str
    family_name: str
    role: str
    state: str
    hand: str
    began_on: date
    ended_on: date | None
    from_service: bool
    put_by: str | None
    held_since: datetime | None
    """Since when the service no longer lists them while their leaving waits for a decision; empty otherwise."""

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Step:
    """One line of the journal about a place."""

    at: datetime
    what: str
    was: str | None
    now: str | None
    hand: str | None
    run_kind: str | None
    asked_by: str | None
    actor: str | None


@dataclass(frozen=True)
class Aside:
    """A record of the service that could not be used, or was odd."""

    record: str
    source_id: str
    reason: str
    odd: bool
    since: datetime


def ground_of(session: Session, class_id: UUID) -> Ground | None:
    """What this class stands on, if it is this district's."""
    row = session.execute(text(_GROUND), {"class": class_id}).one_or_none()
    return Ground(*row) if row else None


def place_of(session: Session, class_id: UUID, account_id: UUID) -> Place | None:
    """This person's place in this class, the live one first; None where they never had one."""
    row = session.execute(text(_PLACE), {"class": class_id, "account": account_id}).one_or_none()
    return Place(*row) if row else None


def subject_of(session: Session, account_id: UUID, provider: str, authority: str, kind: str) -> str:
    """The service's id of this person, preferably of this kind; empty where it has none."""
    whose = {"account": account_id, "provider": provider, "authority": authority, "kind": kind}
    return str(session.execute(text(_SUBJECT), whose).scalar() or "")


def steps_of(session: Session, class_id: UUID, account_id: UUID) -> list[Step]:
    """How this place came to be as it is: the last steps, oldest first."""
    about = {"class": class_id, "account": account_id, "steps": STEPS}
    return [Step(*row) for row in session.execute(text(_STEPS), about)][::-1]


def person_set_aside(session: Session, connection_id: UUID, subject: str, section: str) -> list[Aside]:
    """What of this person's records could not be used, in this section or anywhere."""
    about = {"connection": connection_id, "subject": subject, "section": section}
    return [Aside(*row) for row in session.execute(text(_SET_ASIDE_PERSON), about)]


def section_set_aside(session: Session, connection_id: UUID, section: str) -> list[Aside]:
    """What of this section's records could not be used."""
    about = {"connection": connection_id, "section": section}
    return [Aside(*row) for row in session.execute(text(_SET_ASIDE_SECTION), about)]
