"""Accept an invitation as a service's visitor or with the account that is signed in; see also create_account.py."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.actions import refusals
from webapp.actions.identities import attach_visitor
from webapp.actions.memberships import is_member, join_license
from webapp.actions.roster_record import only_student, roster_record
from webapp.actions.sign_ins import Somebody
from webapp.providers.errors import NotShared
from webapp.providers.service import Service, Visitor
from webapp.roster.records import Person
from webapp.store import database
from webapp.store.audit import note
from webapp.store.questions.invitations import InvitationHead, answers_to, invitation_by_token, still_open
from webapp.store.questions.people import known_visitor, live_connection, roles_of, usable_account
from webapp.store.tables import Account, Invitation
from webapp.store.tokens import digest


def open_invitation(token: str, *, now: datetime) -> InvitationHead:
    """The open invitation of this link. Raises the NotAccepted that says what became of it. Consumes nothing."""
    with database.directory() as session:
        head = invitation_by_token(session, digest(token))
    if head is None:
        raise refusals.UnknownInvitation
    if closed := _closed(head, now):
        raise closed
    return head


def accept_as_account(head: InvitationHead, account_id: UUID, *, now: datetime) -> None:
    """The account, whose own address was invited, belongs to the license too. Raises NotAccepted."""
    with database.tenant(head.district_id) as session:
        invitation = consume(session, head.id, now)
        if usable_account(session, account_id) is None or not answers_to(session, account_id, invitation.address):
            raise refusals.OtherPerson
        finish(session, invitation, account_id, now)


def accept_as_visitor(
    district_id: UUID, invitation_id: UUID, visitor: Visitor, *, services: dict[str, Service], now: datetime
) -> Somebody:
    """The visitor's account (a new one where they had none) belongs to the license. Raises Refusal, ProviderError."""
    with database.directory() as session:
        connected = live_connection(session, visitor.provider, visitor.authority)
        known = known_visitor(session, visitor.provider, visitor.authority, visitor.subjects)
    if connected is None or connected[0] != district_id or (known and known.district_id != district_id):
        raise refusals.OtherDistrict
    person = _grown_up(visitor, services)
    with database.tenant(district_id) as session:
        invitation = consume(session, invitation_id, now)
        _refuse_others(invitation, visitor)
        if known:
            account_id = _existing(session, known.account_id, invitation)
        else:
            account_id = new_account(session, invitation, *_name(person, invitation), now)
        attach_visitor(session, district_id, account_id, visitor, now)
        finish(session, invitation, account_id, now)
    return Somebody(account_id=account_id, district_id=district_id)


def _closed(head: InvitationHead | Invitation, now: datetime) -> refusals.NotAccepted | None:
    if head.revoked_at:
        return refusals.RevokedInvitation()
    if head.accepted_at:
        return refusals.UsedInvitation()
    return refusals.ExpiredInvitation() if head.expires_at <= now else None


def consume(session: Session, invitation_id: UUID, now: datetime) -> Invitation:
    """The invitation, accepted in this transaction and never again. Raises NotAccepted where it was closed."""
    taking = update(Invitation).where(Invitation.id == invitation_id, still_open(now)).values(accepted_at=now)
    taken: Invitation | None = session.scalar(taking.returning(Invitation))
    if taken is None:
        gone = session.get(Invitation, invitation_id)
        raise (gone and _closed(gone, now)) or refusals.UnknownInvitation()
    return taken


def _grown_up(visitor: Visitor, services: dict[str, Service]) -> Person | Visitor:
    """The roster's record, or the visitor's own words where the district does not share them.

    Raises StudentRefused, SwitchedOffThere.
    """
    try:
        person = roster_record(visitor, services)
    except NotShared:
        return visitor
    if only_student(person):
        raise refusals.StudentRefused
    return person


def _name(person: Person | Visitor, invitation: Invitation) -> tuple[str, str]:
    """Given and family name; the invited address where the service tells neither: pages always say who is signed in."""
    named = person.given_name or person.family_name
    return (person.given_name, person.family_name) if named else (invitation.address, "")


def _refuse_others(invitation: Invitation, visitor: Visitor) -> None:
    if invitation.bound_provider is None:
        return
    bound = (invitation.bound_provider, invitation.bound_authority, invitation.bound_subject)
    if bound != (visitor.provider, visitor.authority, visitor.subjects.get(invitation.bound_kind or "")):
        raise refusals.OtherPerson


def _existing(session: Session, account_id: UUID, invitation: Invitation) -> UUID:
    account = usable_account(session, account_id)
    if account is None:
        raise refusals.SwitchedOff
    if roles_of(session, account_id) == {"student"}:
        raise refusals.StudentRefused
    hers = invitation.bound_provider is not None or answers_to(session, account_id, invitation.address)
    if not hers and is_member(session, invitation, account_id):
        raise refusals.MemberAlready
    account.email = account.email or invitation.address
    return account_id


def new_account(session: Session, invitation: Invitation, given_name: str, family_name: str, now: datetime) -> UUID:
    """A new account of the inviting district, whose letters go to the invited address."""
    account = Account(
        district_id=invitation.district_id,
        given_name=given_name,
        family_name=family_name,
        email=invitation.address,
        made_at=now,
    )
    session.add(account)
    session.flush()
    return account.id


def finish(session: Session, invitation: Invitation, account_id: UUID, now: datetime) -> None:
    """The account is a member now, and the book says so. Raises SeatsFull."""
    invitation.accepted_by_id = account_id
    join_license(session, invitation, account_id, now)
    about = ("invitation", invitation.id)
    note(
        session,
        "invitation_accepted",
        at=now,
        district_id=invitation.district_id,
        account_id=account_id,
        about=about,
        role=invitation.role,
    )
