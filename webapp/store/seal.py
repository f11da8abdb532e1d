"""Secrets at rest: sealed with a key from outside the database, and bound to where they belong."""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_keys: MultiFernet | None = None


class SealBroken(Exception):
    """A sealed value was changed, moved to another place, or sealed with a key that we do not have."""


def use_keys(token_keys: str) -> None:
    """Seal with the first of these comma-parted Fernet keys; open with any of them."""
    global _keys
    _keys = MultiFernet([Fernet(key.strip()) for key in token_keys.split(",") if key.strip()])


def seal(secret: str, *place: str) -> str:
    """The secret, unreadable without our keys and useless at any other `place` (tenant, provider, purpose)."""
    if _keys is None:
        raise SealBroken("no keys")
    return _keys.encrypt(json.dumps([*place, secret]).encode()).decode()


def unseal(sealed: str, *place: str) -> str:
    """The secret that was sealed for this `place`. Raises SealBroken."""
    if _keys is None:
        raise SealBroken("no keys")
    try:
        *sealed_for, secret = json.loads(_keys.decrypt(sealed.encode()))
    except InvalidToken as error:
        raise SealBroken("changed, or sealed with another key") from error
    if sealed_for != list(place):
        raise SealBroken("sealed for another place")
    return str(secret)
