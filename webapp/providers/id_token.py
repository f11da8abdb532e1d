"""The signed word of a service on who has signed in (OpenID Connect): either all of it is right, or it is refused.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import msgspec
from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError

from webapp.providers.errors import SignInRefused
from webapp.providers.signing_keys import SigningKeys

ALGORITHMS = ["RS256"]
"""Pinned: a token never chooses how it is checked."""
KEYS_OF_ITS_OWN = {"jwk", "jku", "x5u", "x5c", "crit"}
"""Header fields by which a token would bring its own key, or its own rules."""
LONGEST = 16_384
LEEWAY = 60
"""Seconds by which a service's clock may differ from ours."""


@dataclass(frozen=True)
class Expected:
    """What a token must say, for it to be about this sign-in."""

    issuers: Collection[str]
    client_id: str
    nonce: str


class Claims(msgspec.Struct):
    """What a token says. No `nbf` is demanded: ClassLink's have none."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float
    iat: int | float
    nonce: str
    nbf: int | float | None = None
    azp: str | None = None
    district: object = None
    """Clever's id of the district; whatever it is elsewhere, nobody looks at it."""


def verified(id_token: str, expected: Expected, keys: SigningKeys, *, now: datetime) -> Claims | None:
    """What this token says, proven; None where the service gave none ("").

    Raises SignInRefused; Unreachable where the service's keys cannot be read.
    """
    if not id_token:
        return None
    if len(id_token) > LONGEST or not id_token.isascii():
        raise SignInRefused("The service's word on who this is is too long or no token at all.")
    try:
        claims = msgspec.json.decode(_signed(id_token, keys), type=Claims)
    except (JoseError, ValueError, RecursionError):
        # Not chained: the errors may carry the token's parts.
        raise SignInRefused("The service's word on who this is cannot be read.") from None
    if wrong := _wrong(claims, expected, now.timestamp()):
        raise SignInRefused(f"The service's word on who this is has a wrong {wrong}.")
    return claims


def _signed(id_token: str, keys: SigningKeys) -> bytes:
    """The token's content, once one of the service's keys has proven it."""
    header = jws.extract_compact(id_token.encode()).headers()
    if header.keys() & KEYS_OF_ITS_OWN:
        raise SignInRefused("The service's word on who this is asks to be checked in another way.")
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    for key in keys.called(header.get("kid")):
        try:
            return jws.deserialize_compact(id_token, key, registry=registry).payload
        except BadSignatureError:
            continue
    raise SignInRefused("The service's word on who this is is not signed by the service.")


def _wrong(claims: Claims, expected: Expected, now: float) -> str:
    """The first claim that is not as it must be; "" where all are."""
    audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    ours = expected.client_id
    right = {
        "iss": claims.iss in expected.issuers,
        "aud": ours in audiences,
        "azp": claims.azp == ours or (claims.azp is None and len(audiences) == 1),
        "nonce": claims.nonce == expected.nonce,
        "exp": claims.exp > now - LEEWAY,
        "iat": claims.iat <= now + LEEWAY,
        "nbf": claims.nbf is None or claims.nbf <= now + LEEWAY,
        "sub": claims.sub != "",
    }
    return next((name for name, is_right in right.items() if not is_right), "")
