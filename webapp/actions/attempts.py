"""Sign-in attempts at a service: begun by a browser, taken once, within ten minutes, by the same browser."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from webapp.store import database
from webapp.store.questions.invitations import still_open
from webapp.store.tables import Invitation, SignInAttempt
from webapp.store.tokens import digest, fresh_token

LIFE = timedelta(minutes=10)
RESTARTS = 3
"""Tiles get double-clicked; more than this is a loop."""
RESTART_WINDOW = timedelta(seconds=60)


@dataclass(frozen=True)
class Intent:
    """What a browser goes to a service for."""

    purpose: str = "sign_in"
    next_path: str = ""
    invitation_id: UUID | None = None
    sign_in_id: UUID | None = None
    unasked: bool = False


@dataclass(frozen=True)
class Begun:
    """The secrets of a new attempt, to be sent along to the service (the verifier only as its hash)."""

    state: str
    nonce: str
    verifier: str


def begin_attempt(provider: str, browser: str, intent: Intent, *, now: datetime) -> Begun:
    """Write down that this browser is on its way to the service."""
    begun = Begun(state=fresh_token(), nonce=fresh_token(), verifier=secrets.token_urlsafe(48))
    with database.directory() as session:
        session.add(
            SignInAttempt(
                state_hash=digest(begun.state),
                browser_hash=digest(browser),
                provider=provider,
                nonce=begun.nonce,
                verifier=begun.verifier,
                purpose=intent.purpose,
                invitation_id=intent.invitation_id,
                sign_in_id=intent.sign_in_id,
                next_path=intent.next_path,
                unasked=intent.unasked,
                made_at=now,
            )
        )
    return begun


def take_attempt(state: str, provider: str, browser: str, *, now: datetime) -> SignInAttempt | None:
    """The attempt with this state, spent from now on; None where it is old, spent or another browser's or service's."""
    with database.directory() as session:
        return session.scalar(
            update(SignInAttempt)
            .where(
                SignInAttempt.state_hash == digest(state),
                SignInAttempt.browser_hash == digest(browser),
                SignInAttempt.provider == provider,
                SignInAttempt.taken_at.is_(None),
                SignInAttempt.made_at > now - LIFE,
            )
            .values(taken_at=now)
            .returning(SignInAttempt)
        )


def attempt_before(state: str, provider: str, browser: str, *, now: datetime) -> UUID | None:
    """This browser's attempt with that state, spent or not; without a state its newest that is neither spent nor old.

    ClassLink sends people who refused there back without the state that we gave them.
    """
    which: tuple[ColumnElement[bool], ...] = (SignInAttempt.state_hash == digest(state),)
    if not state:
        which = (SignInAttempt.taken_at.is_(None), SignInAttempt.made_at > now - LIFE)
    own = select(SignInAttempt.id).where(
        SignInAttempt.browser_hash == digest(browser), SignInAttempt.provider == provider, *which
    )
    with database.directory() as session:
        return session.scalar(own.order_by(SignInAttempt.made_at.desc()).limit(1))


def intent_before(attempt_id: UUID, provider: str, browser: str, *, now: datetime) -> Intent | None:
    """What this browser went to the service for in that attempt; None where that is no longer wanted."""
    # Column by column: the directory may not read whole invitations.
    invited = select(Invitation.id).where(Invitation.id == SignInAttempt.invitation_id, still_open(now)).exists()
    with database.directory() as session:
        before = session.scalar(
            select(SignInAttempt).where(
                SignInAttempt.id == attempt_id,
                SignInAttempt.browser_hash == digest(browser),
                SignInAttempt.provider == provider,
                or_(SignInAttempt.invitation_id.is_(None), invited),
            )
        )
    return Intent(before.purpose, before.next_path, before.invitation_id, before.sign_in_id) if before else None


def goes_in_circles(browser: str, *, now: datetime) -> bool:
    """True where this browser was sent back to a service as often as it may be without having been asked."""
    with database.directory() as session:
        restarts = session.scalar(
            select(func.count(SignInAttempt.id)).where(
                SignInAttempt.browser_hash == digest(browser),
                SignInAttempt.unasked,
                SignInAttempt.made_at > now - RESTART_WINDOW,
            )
        )
    return (restarts or 0) >= RESTARTS
