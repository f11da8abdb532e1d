"""What waits for the people who decide in a district, and since when?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.store.questions.holds import Hold, holds_waiting, sight_of_hold
from webapp.store.questions.licensing import licenses_run_by
from webapp.store.questions.proposals import open_proposals, sight_of_proposals
from webapp.store.questions.set_aside import every_record_set_aside
from webapp.store.tables import Connection, License, LicenseMember, OutboxLetter

DIGEST = "digest"
"""The kind of the letter that tells of all this, once a day at most."""

# Every night finds the same hold anew: it waits since the first run that found exactly that.
_FOUND = """
select min(coalesce(finished_at, requested_at)) from sync_run
where connection_id = :connection and state in ('held', 'superseded') and plan_hash = :plan
"""
_ATTENTION = """
select exists (select from connection c where c.state = 'attention' and not exists (
    select from outbox o where o.kind = 'attention' and o.ids ->> 'connection_id' = cast(c.id as text)
                           and o.written_at >= :midnight))
"""
_PROPOSED = "select exists (select from identity_proposal where state = 'open' and made_at < :morning)"
# A record set aside that was told of once brings no further letter by itself, though each letter counts it.
_NEW_ASIDE = """
select exists (select from record_set_aside r join connection c on c.id = r.connection_id and c.state <> 'closed'
               where not r.odd and r.first_seen_at < :morning
                 and r.first_seen_at > coalesce((select max(written_at) from outbox where kind = :kind), :forgotten))
"""


@dataclass(frozen=True)
class Thing:
    """One thing that waits: the service that it came by, what it is, since when, and its page."""

    provider: str
    what: str
    """`hold`, `attention`, `set_aside` or `proposal`."""
    words: str
    """Why it is so; empty where the kind says all."""
    since: datetime
    page: str
    count: int = 1


def something_waits(session: Session, *, midnight: datetime, morning: datetime, forgotten: datetime) -> bool:
    """True where something is worth today's letter: what had a letter of its own today is not, what had none is.

    `forgotten`: letters older than that are deleted, so that nothing can be said of what they told.
    """
    if any(found_at(session, hold) < midnight for hold in holds_waiting(session)):
        return True
    values = {"midnight": midnight, "morning": morning, "kind": DIGEST, "forgotten": forgotten}
    return any(bool(session.execute(text(asked), values).scalar()) for asked in (_ATTENTION, _PROPOSED, _NEW_ASIDE))


def found_at(session: Session, hold: Hold) -> datetime:
    """When exactly this was found for the first time."""
    asked = {"connection": hold.connection_id, "plan": hold.plan_hash}
    first: datetime | None = session.execute(text(_FOUND), asked).scalar()
    return min(first or hold.since, hold.since)


def told_since(session: Session, moment: datetime) -> bool:
    """True where a digest was written since then."""
    since = select(OutboxLetter.id).where(OutboxLetter.kind == DIGEST, OutboxLetter.written_at >= moment)
    return session.scalars(since.limit(1)).first() is not None


def waiting_for(session: Session, account_id: UUID) -> list[Thing]:
    """All that waits for this administrator, the most pressing first."""
    boss = _is_district_admin(session, account_id)
    page = "/district" if boss else "/license"
    licenses = session.scalars(select(License.id)) if boss else (one.id for one in licenses_run_by(session, account_id))
    return [
        *_holds(session, account_id),
        *_connections(session, page),
        *_proposals(session, account_id),
        *_set_aside(session, list(licenses), page),
    ]


def _is_district_admin(session: Session, account_id: UUID) -> bool:
    hers = (LicenseMember.account_id == account_id, LicenseMember.role == "district_admin")
    live = select(LicenseMember.id).where(*hers, LicenseMember.ended_at.is_(None)).limit(1)
    return session.scalars(live).first() is not None


def _holds(session: Session, account_id: UUID) -> list[Thing]:
    return [
        Thing(hold.provider, "hold", hold.reason, found_at(session, hold), f"/holds/{hold.run_id}")
        for hold in holds_waiting(session)
        if sight_of_hold(session, account_id, hold)
    ]


def _connections(session: Session, page: str) -> list[Thing]:
    asked = select(Connection).where(Connection.state == "attention").order_by(Connection.made_at)
    return [
        Thing(one.provider, "attention", one.state_reason or "", one.last_good_sync_at or one.made_at, page)
        for one in session.scalars(asked)
    ]


def _proposals(session: Session, account_id: UUID) -> list[Thing]:
    seen = sight_of_proposals(session, account_id)
    waiting = open_proposals(session, seen) if seen else []
    return (
        [Thing(waiting[0].provider, "proposal", "", waiting[0].made_at, "/same-person", len(waiting))]
        if waiting
        else []
    )


def _set_aside(session: Session, licenses: list[UUID], page: str) -> list[Thing]:
    """The records that could not be used, by service."""
    by_provider: dict[str, list[datetime]] = {}
    for one in every_record_set_aside(session, licenses):
        by_provider.setdefault(one.provider, []).append(one.since)
    return [Thing(provider, "set_aside", "", min(since), page, len(since)) for provider, since in by_provider.items()]
