"""Forgot password: a letter with a link for an hour and one use, then a new password."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from webapp.actions.passwords import hash_password
from webapp.actions.sign_ins import Somebody, door_of, end_all_sign_ins
from webapp.store import database
from webapp.store.audit import note
from webapp.store.outbox import put
from webapp.store.questions.people import operator_by_address, password_login
from webapp.store.tables import Identity, Operator, PasswordReset
from webapp.store.tokens import digest, fresh_token

LIFE = timedelta(hours=1)


class ResetGone(Exception):
    """This link was used, is older than an hour, or never was."""


def ask_reset(address: str, *, now: datetime) -> None:
    """A letter waits for the address, if somebody logs in with it. The same rows are written for an unknown one."""
    token = fresh_token()
    address = address.strip().lower()
    with database.directory() as session:
        operator = operator_by_address(session, address)
        login = password_login(session, address)
        login = None if operator else login
        reset = PasswordReset(
            district_id=login.district_id if login else None,
            account_id=login.account_id if login else None,
            operator_id=operator.id if operator else None,
            token_hash=digest(token),
            made_at=now,
            expires_at=now + LIFE,
        )
        session.add(reset)
        session.flush()
        # For an unknown address the letter names nobody, and whoever delivers it throws it away.
        put(session, "password_reset", district_id=reset.district_id, now=now, token=token, reset_id=reset.id)


def find_reset(token: str, *, now: datetime) -> PasswordReset:
    """The reset of this link, as long as it can be used. Raises ResetGone. Consumes nothing."""
    with database.directory() as session:
        reset = session.scalar(select(PasswordReset).where(PasswordReset.token_hash == digest(token), _live(now)))
    if reset is None or not (reset.account_id or reset.operator_id):
        raise ResetGone
    return reset


def choose_password(token: str, password: str, *, now: datetime) -> None:
    """The password is the new one, every sign-in of its owner has ended and every other link is void.

    Raises ResetGone, WeakPassword.
    """
    kept = hash_password(password)
    reset = find_reset(token, now=now)
    who = Somebody(reset.account_id, reset.district_id, reset.operator_id)
    with door_of(who.district_id) as session:
        using = update(PasswordReset).where(PasswordReset.id == reset.id, _live(now)).values(used_at=now)
        if session.scalar(using.returning(PasswordReset.id)) is None:
            raise ResetGone
        _keep(session, who, kept)
        void_resets(session, who, now)
        end_all_sign_ins(session, who, now=now)
        told = {"account_id": who.account_id} if who.account_id else {"operator_id": who.operator_id}
        put(session, "password_changed", district_id=who.district_id, now=now, **told)
        note(session, "password_changed", at=now, district_id=who.district_id, **told)


def void_resets(session: Session, who: Somebody, now: datetime) -> None:
    """No older link of theirs chooses a password any more."""
    whose = (
        PasswordReset.account_id == who.account_id if who.account_id else PasswordReset.operator_id == who.operator_id
    )
    session.execute(update(PasswordReset).where(whose, PasswordReset.used_at.is_(None)).values(used_at=now))


def _live(now: datetime) -> ColumnElement[bool]:
    return and_(PasswordReset.used_at.is_(None), PasswordReset.expires_at > now)


def _keep(session: Session, who: Somebody, kept: str) -> None:
    if who.operator_id:
        session.execute(update(Operator).where(Operator.id == who.operator_id).values(secret_hash=kept))
        return
    mine = (Identity.account_id == who.account_id, Identity.provider == "password", Identity.valid_to.is_(None))
    session.execute(update(Identity).where(*mine).values(secret_hash=kept))
