"""The vendor's own people: added on the command line, set up by a link."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from webapp.actions.addresses import tidy_address
from webapp.actions.passwords import hash_password
from webapp.actions.refusals import UnknownInvitation
from webapp.actions.sign_ins import Somebody, end_all_sign_ins
from webapp.store import database
from webapp.store.audit import note
from webapp.store.outbox import put
from webapp.store.questions.invitations import operator_setup
from webapp.store.questions.people import password_login
from webapp.store.tables import Operator
from webapp.store.tokens import digest, fresh_token

LIFE = timedelta(days=7)


class CannotAdd(Exception):
    """This operator can't be added; the message is a plain sentence."""


def add_operator(address: str, *, now: datetime) -> str:
    """There is an operator who can set a password by the link with this token, which also waits as a letter.

    Asked again for the same address, the link is a new one and the old is dead. Raises CannotAdd, BadAddress.
    """
    address = tidy_address(address)
    token = fresh_token()
    with database.directory() as session:
        if password_login(session, address):
            raise CannotAdd(
                f"{address} already logs in as somebody of a district; operators need an address of their own."
            )
        operator = session.scalar(select(Operator).where(Operator.email == address))
        if operator is None:
            operator = Operator(email=address, made_at=now)
            session.add(operator)
        operator.setup_token_hash, operator.setup_expires_at = digest(token), now + LIFE
        session.flush()
        put(session, "operator_setup", district_id=None, now=now, token=token, operator_id=operator.id)
        note(session, "operator_added", at=now, about=("operator", operator.id))
    return token


def set_up_operator(token: str, password: str, *, now: datetime) -> Somebody:
    """The operator has this password; the link is used up. Raises UnknownInvitation, WeakPassword."""
    kept = hash_password(password)
    with database.directory() as session:
        operator_id = operator_setup(session, digest(token), now)
        using = update(Operator).where(Operator.id == operator_id, Operator.setup_token_hash == digest(token))
        done = using.values(secret_hash=kept, setup_token_hash=None, setup_expires_at=None).returning(Operator.id)
        if operator_id is None or session.scalar(done) is None:
            raise UnknownInvitation
        who = Somebody(operator_id=operator_id)
        end_all_sign_ins(session, who, now=now)
        note(session, "operator_set_up", at=now, operator_id=operator_id)
    return who


def waits_for_set_up(token: str, *, now: datetime) -> UUID | None:
    """The operator whose set-up link this is, if it is one."""
    with database.directory() as session:
        return operator_setup(session, digest(token), now)
