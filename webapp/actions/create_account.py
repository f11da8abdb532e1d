"""Accept an invitation with a new password: there is a new account that logs in with the invited address."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.actions.accept_invitation import consume, finish, new_account
from webapp.actions.passwords import hash_password
from webapp.actions.refusals import AddressTakenElsewhere, AddressTakenHere, NotAccepted
from webapp.actions.sign_ins import Somebody
from webapp.store import database
from webapp.store.questions.invitations import InvitationHead
from webapp.store.questions.people import operator_by_address, password_login
from webapp.store.tables import Identity, Invitation

TAKEN = "uq_identity_live"


def create_account(
    head: InvitationHead, *, given_name: str, family_name: str, password: str, now: datetime
) -> Somebody:
    """There is a new account with this name and password, member of the license. Raises NotAccepted, WeakPassword."""
    kept = hash_password(password)
    address = _free_address(head)
    try:
        with database.tenant(head.district_id) as session:
            invitation = consume(session, head.id, now)
            account_id = new_account(session, invitation, given_name, family_name, now)
            _add_login(session, invitation, account_id, kept, now)
            finish(session, invitation, account_id, now)
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", "") != TAKEN:
            raise
        raise _whose(address, head.district_id) from error
    return Somebody(account_id=account_id, district_id=head.district_id)


def _add_login(session: Session, invitation: Invitation, account_id: UUID, kept: str, now: datetime) -> None:
    session.add(
        Identity(
            district_id=invitation.district_id,
            account_id=account_id,
            provider="password",
            authority="",
            kind="login",
            subject=invitation.address.lower(),
            secret_hash=kept,
            valid_from=now,
        )
    )
    session.flush()


def _free_address(head: InvitationHead) -> str:
    """The invited address, unless an operator logs in with it: one address can't mean two people on the same form."""
    with database.tenant(head.district_id) as session:
        address = session.get_one(Invitation, head.id).address.lower()
    with database.directory() as session:
        if operator_by_address(session, address):
            raise AddressTakenElsewhere
    return address


def _whose(address: str, district_id: UUID) -> NotAccepted:
    with database.directory() as session:
        login = password_login(session, address)
    return AddressTakenHere() if login and login.district_id == district_id else AddressTakenElsewhere()
