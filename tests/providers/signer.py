"""A made-up service that signs who has signed in, rightly or wrongly, and answers about them over real HTTP."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, doc
from webapp.providers.oauth import redeem
from webapp.providers.service import Service, Visitor
from webapp.providers.table import services
from webapp.settings import Settings

CLIENT = "our-client"
NONCE = "the-nonce-of-this-attempt"
NAMES = {"clever": "https://clever.com", "classlink": "https://launchpad.classlink.com"}
KEYS = {"clever": "/certs", "classlink": "/oauth2/v2/jwks"}
TOKENS = {"clever": "/oauth/tokens", "classlink": "/oauth2/v2/token"}


def new_key(kid: str = "k1") -> RSAKey:
    """A new signing key."""
    return RSAKey.import_key(generate_private_key(65537, 2048), {"kid": kid})


def public(*keys: RSAKey) -> Reply:
    """The answer that lists these keys."""
    return doc({"keys": [key.as_dict(private=False) | {"use": "sig", "alg": "RS256"} for key in keys]})


def part(value: object) -> str:
    """One part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Signer:
    """One of the two services, as a script."""

    service: str
    script: Scripted
    key: RSAKey

    def __post_init__(self) -> None:
        url = self.script.url
        self.script.on("/.well-known/openid-configuration", doc({"issuer": url, "jwks_uri": f"{url}/certs"}))
        self.lists(public(self.key))
        self.script.on("/v3.1/me", doc({"data": {"id": "42", "district": "7"}}))
        self.script.on("/v2/my/info", doc({"UserId": 42, "TenantId": 7, "SourcedId": "s|1", "Role": "Teacher"}))
        self.settings = Settings(
            _env_file=None,
            clever_client_id=CLIENT,
            clever_client_secret="secret",
            clever_oauth_url=url,
            clever_api_url=url,
            classlink_client_id=CLIENT,
            classlink_client_secret="secret",
            classlink_launchpad_url=url,
            classlink_nodeapi_url=url,
            classlink_roster_url=url,
        )
        self.ours: Service = services(self.settings, TINY)[self.service]

    def lists(self, *replies: Reply) -> None:
        """Answer so where its public keys lie."""
        self.script.on(KEYS[self.service], *replies)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """What a right token says, but for what is changed; `...` leaves a claim out."""
        now = int(time.time())
        right = {"iss": self.script.url, "sub": "42", "aud": CLIENT, "nonce": NONCE, "iat": now, "exp": now + 3600}
        return {name: value for name, value in (right | changed).items() if value is not ...}

    def signed(self, claims: object, *, key: RSAKey | None = None, **header: Any) -> str:
        """A token that says so; `...` leaves a header out."""
        head = {"alg": "RS256", "typ": "JWT", "kid": "k1"} | header
        content = f"{part({name: one for name, one in head.items() if one is not ...})}.{part(claims)}"
        private = (key or self.key).private_key
        assert isinstance(private, RSAPrivateKey)
        return f"{content}.{part(private.sign(content.encode(), PKCS1v15(), SHA256()))}"

    def gives(self, id_token: object = None) -> None:
        """Give this id_token for every code."""
        told = {"access_token": "ACCESS-TOKEN"} | ({} if id_token is None else {"id_token": id_token})
        self.script.on(TOKENS[self.service], doc(told))

    def sign_in(self, id_token: object = None) -> Visitor:
        """Redeem a code, for which the service gives that token, and ask who it is."""
        self.gives(id_token)
        tokens = redeem(self.ours.sign_in(), code="C", redirect_uri="http://localhost:8000/back", verifier=None)
        return self.ours.identify(tokens, nonce=NONCE)

    def key_readings(self) -> int:
        """How often the list of keys was read."""
        return self.script.asked.count(KEYS[self.service])
