"""Let a service's visitor in, or say why not. No account is made for somebody whom nobody invited or imported."""

from datetime import datetime

from webapp.actions.accept_invitation import accept_as_visitor
from webapp.actions.identities import attach_visitor
from webapp.actions.refusals import (
    NoClassYet,
    NotEntered,
    NotInRoster,
    NotOnLicense,
    ParentAccount,
    SwitchedOff,
    SwitchedOffThere,
)
from webapp.actions.roster_record import district_says, only_student, roster_record
from webapp.actions.sign_ins import Somebody
from webapp.providers.errors import NotShared
from webapp.providers.service import Service, Visitor
from webapp.store import database
from webapp.store.audit import note
from webapp.store.questions.people import Known, bound_invitation, known_visitor, refused_by_roster, usable_account


def enter(visitor: Visitor, *, services: dict[str, Service], now: datetime) -> Somebody:
    """Whose account the visitor may use. Raises Refusal where there is none, ProviderError where that can't be told."""
    with database.directory() as session:
        known = known_visitor(session, visitor.provider, visitor.authority, visitor.subjects)
        invited = bound_invitation(session, visitor.provider, visitor.authority, visitor.subjects, now)
    if invited:
        return accept_as_visitor(*invited, visitor, services=services, now=now)
    if known:
        return _enter_known(known, visitor, now)
    refusal = _why_not(visitor, services)
    with database.directory() as session:
        note(session, "sign_in_refused", at=now, provider=visitor.provider, reason=type(refusal).__name__)
    raise refusal


def _enter_known(known: Known, visitor: Visitor, now: datetime) -> Somebody:
    with database.tenant(known.district_id) as session:
        if usable_account(session, known.account_id) is None:
            raise SwitchedOff
        if refused_by_roster(session, known.account_id, visitor.provider, visitor.authority):
            raise SwitchedOffThere
        attach_visitor(session, known.district_id, known.account_id, visitor, now)
    return Somebody(account_id=known.account_id, district_id=known.district_id)


def _why_not(visitor: Visitor, services: dict[str, Service]) -> NotEntered:
    if not visitor.authority:  # a Clever Library teacher: her own, without a district
        return NotOnLicense()
    try:
        person = roster_record(visitor, services)
    except NotEntered as refusal:
        return refusal
    except NotShared:
        return ParentAccount() if visitor.guardian else NotInRoster(district_says(visitor, services))
    return NoClassYet() if only_student(person) else NotOnLicense()
