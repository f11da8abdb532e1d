"""Begin, recognize and end sign-ins. The cookie holds a secret and the district in which to look for its hash."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.store import database
from webapp.store.audit import note
from webapp.store.questions.sign_ins import SignedIn, operator_signed_in, person_signed_in
from webapp.store.tables import Account, SignIn
from webapp.store.tokens import digest, fresh_token

SEEN_EVERY = timedelta(minutes=1)
"""How often being seen is written down: idle time is counted in minutes, so more would only be writes."""


@dataclass(frozen=True)
class Somebody:
    """Who has just proved who they are: an account of a district, or an operator."""

    account_id: UUID | None = None
    district_id: UUID | None = None
    operator_id: UUID | None = None


def begin_sign_in(who: Somebody, provider: str, *, now: datetime) -> str:
    """Sign somebody in, and return what their browser's cookie shall hold."""
    secret = fresh_token()
    with door_of(who.district_id) as session:
        session.add(
            SignIn(
                secret_hash=digest(secret),
                district_id=who.district_id,
                account_id=who.account_id,
                operator_id=who.operator_id,
                provider=provider,
                made_at=now,
                seen_at=now,
            )
        )
        if who.account_id:
            _remember(session, who.account_id, now)
        note(
            session,
            "sign_in",
            at=now,
            district_id=who.district_id,
            account_id=who.account_id,
            operator_id=who.operator_id,
            provider=provider,
        )
    return f"{who.district_id or ''}.{secret}"


def _remember(session: Session, account_id: UUID, now: datetime) -> None:
    """The account's last sign-in is this one, unless a sync has locked it at this moment: nobody waits for that."""
    free = select(Account.id).where(Account.id == account_id).with_for_update(key_share=True, skip_locked=True)
    session.execute(update(Account).where(Account.id == free.scalar_subquery()).values(last_sign_in_at=now))


def recognize(cookie: str, *, now: datetime) -> SignedIn | None:
    """Who this cookie belongs to, as long as their sign-in lives; they count as seen."""
    opened = _open(cookie)
    if opened is None:
        return None
    district_id, secret_hash = opened
    with door_of(district_id) as session:
        ask = operator_signed_in if district_id is None else person_signed_in
        found = ask(session, secret_hash, cookie, now)
        if found and now - found.seen_at >= SEEN_EVERY:
            session.execute(update(SignIn).where(SignIn.id == found.sign_in_id).values(seen_at=now))
    return found


def end_sign_in(cookie: str, *, now: datetime) -> None:
    """End this browser's sign-in: copies of its cookie are worth nothing from here on."""
    opened = _open(cookie)
    if opened is None:
        return
    district_id, secret_hash = opened
    with door_of(district_id) as session:
        session.execute(
            update(SignIn).where(SignIn.secret_hash == secret_hash, SignIn.ended_at.is_(None)).values(ended_at=now)
        )


def end_all_sign_ins(session: Session, who: Somebody, *, but: UUID | None = None, now: datetime) -> None:
    """End every sign-in of an account or operator, in this transaction, except the one named."""
    whose = SignIn.account_id == who.account_id if who.account_id else SignIn.operator_id == who.operator_id
    ending = update(SignIn).where(whose, SignIn.ended_at.is_(None)).values(ended_at=now)
    session.execute(ending.where(SignIn.id != but) if but else ending)


def _open(cookie: str) -> tuple[UUID | None, str] | None:
    district, _, secret = cookie.partition(".")
    try:
        return (UUID(district) if district else None), digest(secret)
    except ValueError:
        return None


@contextmanager
def door_of(district_id: UUID | None) -> Iterator[Session]:
    """The tenant's door for somebody of a district; the directory's for an operator."""
    with database.directory() if district_id is None else database.tenant(district_id) as session:
        yield session
