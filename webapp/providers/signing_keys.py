"""The public keys with which a service signs who has signed in."""

import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from threading import Lock

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from msgspec import Struct

from webapp.providers.answers import decode
from webapp.providers.errors import ProviderError, Unreachable
from webapp.providers.wire import Wire

FRESH_SECONDS = 600.0
"""So long keys are taken as read: the sign-ins of a whole school at first bell read them once."""
UNKNOWN_SECONDS = 2.0
"""A key that is not among them has them read anew, at most so often: services do rotate keys, and tokens can lie."""
SILENT_SECONDS = 5.0
"""Keys that could not be read are not asked for again sooner; everybody else would queue up behind the first."""
SHORTEST_BITS = 2048
MOST = 32


class SigningKeys:
    """One service's keys, kept for some minutes. It may be asked by several threads."""

    def __init__(self, read: Callable[[], Sequence[RSAKey]], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._keys: Sequence[RSAKey] = ()
        self._stale_at = self._unknown_at = self._silent_until = float("-inf")

    def called(self, kid: str | None) -> list[RSAKey]:
        """The keys of that id, all of them where a token names none. Raises Unreachable."""
        with self._lock:
            now = self._clock()
            if now >= self._stale_at:
                self._renew(now)
            elif not self._with(kid) and now >= self._unknown_at:
                self._unknown_at = now + UNKNOWN_SECONDS
                self._renew(now)
            return self._with(kid)

    def _with(self, kid: str | None) -> list[RSAKey]:
        return [key for key in self._keys if kid is None or key.kid == kid]

    def _renew(self, now: float) -> None:
        if now < self._silent_until:
            raise Unreachable("The service's signing keys could not be read a moment ago.")
        try:
            self._keys = self._read()
        except ProviderError as error:
            # Whatever the answer was, even a refusal: it says nothing about the visitor.
            self._silent_until = self._clock() + SILENT_SECONDS
            raise Unreachable("The service's signing keys cannot be read now.") from error
        self._stale_at = self._clock() + FRESH_SECONDS


class KeyRow(Struct):
    """One key as a service lists it. Only public parts are decoded."""

    kty: str = ""
    kid: str | None = None
    use: str | None = None
    alg: str | None = None
    n: str = ""
    e: str = ""


class KeyListing(Struct):
    """A JSON Web Key Set."""

    keys: list[KeyRow]


class Discovery(Struct):
    """A service's OpenID configuration, as far as we need it."""

    jwks_uri: str


def listed_keys(wire: Wire, url: str) -> list[RSAKey]:
    """The RSA signing keys that are listed there; others may stand beside them. Raises ProviderError."""
    listing = decode(wire, wire.get(url, {}), KeyListing)
    return [key for row in listing.keys[:MOST] if (key := _usable(row))]


def discovered_keys(wire: Wire, base: str) -> list[RSAKey]:
    """The keys that the OpenID configuration of this address points to, on a configured host. Raises ProviderError."""
    about = decode(wire, wire.get(f"{base}/.well-known/openid-configuration", {}), Discovery)
    return listed_keys(wire, about.jwks_uri)


def _usable(row: KeyRow) -> RSAKey | None:
    if row.kty != "RSA" or row.use not in (None, "sig") or row.alg not in (None, "RS256"):
        return None
    try:
        if int.from_bytes(urlsafe_b64decode(f"{row.n}==")).bit_length() < SHORTEST_BITS:
            return None
        public: dict[str, str | list[str]] = {"kty": "RSA", "n": row.n, "e": row.e}
        return RSAKey.import_key(public if row.kid is None else public | {"kid": row.kid})
    except (JoseError, ValueError):
        return None
