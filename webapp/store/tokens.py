"""Secrets that people carry in a cookie or a link: long enough never to be guessed, and kept here only as hashes."""

import hashlib
import secrets


def fresh_token() -> str:
    """A new secret of 256 bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps of a token. A plain hash is enough: nobody can try out 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
