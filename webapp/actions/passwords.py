"""Passwords: how they are kept, what is asked of a new one, and logging in with one."""

from datetime import datetime
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from webapp.actions.sign_ins import Somebody
from webapp.store import database
from webapp.store.audit import note
from webapp.store.questions.people import operator_by_address, password_login
from webapp.store.tables import Account, Identity

SHORTEST = 12
LONGEST = 1000
"""Hashing takes time that grows with the length."""
NOWHERE = UUID(int=0)
"""A district that does not exist: looked into for unknown addresses, so that they cost as much as known ones."""


class WeakPassword(Exception):
    """The password is too short (or absurdly long); the message says what is asked."""


class WrongLogin(Exception):
    """No such address, or not its password: which of both is not told."""


class Hashing:
    """How dear a guess is: argon2's own defaults. Tests make it cheap; nothing else changes it."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self.use(hasher)

    def use(self, hasher: PasswordHasher) -> None:
        """Hash like this from here on. Older hashes still verify: each carries its own cost."""
        self.hasher = hasher
        self._nobodys: str | None = None

    def fits(self, kept: str | None, password: str) -> bool:
        """True where the kept hash is this password's. Without one it takes as long, and is False."""
        if self._nobodys is None:
            self._nobodys = self.hasher.hash("the password of nobody")
        try:
            return self.hasher.verify(kept or self._nobodys, password) and kept is not None
        except VerificationError:
            return False


hashing = Hashing(PasswordHasher())


def hash_password(password: str) -> str:
    """The hash to keep of a new password. Raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"That is too short: use at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Use at most {LONGEST} characters.")
    return hashing.hasher.hash(password)


def log_in(address: str, password: str, *, now: datetime) -> Somebody:
    """Who this address and password belong to. Raises WrongLogin, after the same work for every reason."""
    who, kept = _candidate(address.strip().lower())
    if hashing.fits(kept, password[:LONGEST]):
        return who
    with database.directory() as session:
        note(session, "sign_in_refused", at=now, district_id=who.district_id, account_id=who.account_id)
    raise WrongLogin


def _candidate(address: str) -> tuple[Somebody, str | None]:
    with database.directory() as session:
        operator = operator_by_address(session, address)
        login = password_login(session, address)
    identity_id, district_id = (login.id, login.district_id) if login else (NOWHERE, NOWHERE)
    with database.tenant(district_id) as session:
        kept = session.scalar(
            select(Identity.secret_hash)
            .join(Account, Account.id == Identity.account_id)
            .where(Identity.id == identity_id, Account.disabled_at.is_(None))
        )
    if operator:
        return Somebody(operator_id=operator.id), operator.secret_hash
    return Somebody(login.account_id, login.district_id) if login else Somebody(), kept
