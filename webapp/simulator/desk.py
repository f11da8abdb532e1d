"""One service's sign-in desk: who is signed in there, which codes and tokens are out."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Visitor:
    """A person at the desk: their district's number and their sourced id in it."""

    district: int
    person: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an authorize request asked for."""

    client_id: str
    redirect_uri: str
    response_type: str = "code"
    state: str | None = None
    nonce: str | None = None
    challenge: str | None = None
    method: str | None = None
    scope: str = ""


@dataclass(frozen=True)
class Code:
    """A code that is out: for whom, bound to what was asked, until when."""

    visitor: Visitor
    asked: Asked
    expires: float


@dataclass(kw_only=True)
class Desk:
    """The two services differ in these values, not in the dance."""

    key: str
    service: str
    prefix: str
    portal: str
    client_id: str
    client_secret: str
    callback_path: str
    code_life: int
    token_life: int
    token_prefix: str
    extra_answer: dict[str, str]
    clock: Callable[[], float]
    primary: str = ""
    sessions: dict[str, Visitor] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, tuple[Visitor, float]] = field(default_factory=dict)

    def accepts(self, asked: Asked) -> bool:
        """Whether it is our client, asking for a code at an address that it may register."""
        place = urlsplit(asked.redirect_uri)
        good = place.hostname in LOOPBACK and place.path.endswith(self.callback_path)
        plain = not place.query and not place.fragment
        return good and plain and asked.client_id == self.client_id and asked.response_type == "code"

    def sign_in(self, visitor: Visitor) -> str:
        """The cookie of a new session at the service."""
        cookie = secrets.token_urlsafe(18)
        self.sessions[cookie] = visitor
        return cookie

    def sign_out(self, cookie: str) -> None:
        """End a session at the service."""
        self.sessions.pop(cookie, None)

    def give_code(self, visitor: Visitor, asked: Asked) -> str:
        """The address that brings a fresh code to the application."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = Code(visitor, asked, self.clock() + self.code_life)
        answer = {"code": code} | self.extra_answer
        if asked.state is not None:
            answer["state"] = asked.state
        return f"{asked.redirect_uri}?{urlencode(answer)}"

    def launch(self, visitor: Visitor) -> str:
        """The address that a portal or tile sends to: a code, and no state that the application issued."""
        return self.give_code(visitor, Asked(client_id=self.client_id, redirect_uri=self.primary))

    def knows(self, client_id: str, secret: str) -> bool:
        """Whether these are our client's own credentials."""
        return client_id == self.client_id and hmac.compare_digest(secret.encode(), self.client_secret.encode())

    def take_code(self, code: str, *, redirect_uri: str, verifier: str | None) -> Code | None:
        """What the code stands for; it is spent now, whatever the answer."""
        found = self.codes.pop(code, None)
        if found is None or found.expires < self.clock() or found.asked.redirect_uri != redirect_uri:
            return None
        return found if proven(found.asked, verifier) else None

    def give_token(self, visitor: Visitor) -> str:
        """A fresh access token of that person."""
        token = self.token_prefix + secrets.token_hex(20)
        self.tokens[token] = (visitor, self.clock() + self.token_life)
        return token

    def holder(self, token: str) -> Visitor | None:
        """Whose token it is, while it lives."""
        visitor, expires = self.tokens.get(token, (None, 0.0))
        return visitor if expires >= self.clock() else None


def proven(asked: Asked, verifier: str | None) -> bool:
    """Whether the verifier fits the challenge that was sent; without one none is needed."""
    if asked.challenge is None:
        return True
    if verifier is None:
        return False
    if asked.method in (None, "plain"):
        return hmac.compare_digest(verifier, asked.challenge)
    digest = hashlib.sha256(verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), asked.challenge)
