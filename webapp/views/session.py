"""The browser's session: who is signed in, and the browser's own random mark.

The signed cookie holds a secret (see actions/sign_ins.py), a mark that binds sign-in attempts to this browser, and the
CSRF token. Whether the secret still counts is the database's word, so a copied cookie dies at logout.
"""

import hashlib
import hmac
from datetime import timedelta
from typing import ClassVar, cast
from uuid import UUID

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from webapp.actions.sign_ins import Somebody, begin_sign_in, end_sign_in, recognize
from webapp.settings import Settings
from webapp.store.questions.sign_ins import SignedIn
from webapp.store.tokens import digest, fresh_token
from webapp.views.now import utc_now

RECENT = timedelta(minutes=15)
"""How fresh a sign-in must be for what changes how somebody signs in (safety.md SEC-8)."""


class Stranger:
    """Nobody is signed in; the same questions can be asked of them as of somebody who is."""

    account_id: None = None
    district_id: None = None
    name = ""
    roles: ClassVar[frozenset[str]] = frozenset()
    is_member = False
    is_authenticated = False
    is_active = False
    is_anonymous = True

    def get_id(self) -> None:
        """Strangers have no cookie."""


def install(app: Flask, settings: Settings) -> None:
    """Set up the session cookie and the loading of whoever is signed in."""
    mark = hmac.new(settings.secret_key.encode(), b"cookie name", hashlib.sha256).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # Ports do not separate cookies on one host; two houses have two secret keys.
        SESSION_COOKIE_NAME=f"__Host-rollbook-{mark}" if settings.secure else f"rollbook-{mark}",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        LOGIN_DISABLED=False,
    )
    manager = LoginManager(app)
    manager.session_protection = None  # its own check trusts X-Forwarded-For; ours is the sign-in row
    manager.anonymous_user = Stranger
    manager.user_loader(lambda cookie: recognize(cookie, now=utc_now()))


def me() -> SignedIn:
    """Whoever is signed in. Only for endpoints that the access table keeps from strangers."""
    return cast(SignedIn, current_user)


def my_district() -> UUID:
    """The district of whoever is signed in. Only for endpoints that the access table keeps for people of a district."""
    found = me().district_id
    assert found is not None
    return found


def my_account() -> UUID:
    """The account of whoever is signed in. Only for endpoints that the access table keeps for people of a district."""
    found = me().account_id
    assert found is not None
    return found


def signed_in_lately() -> bool:
    """True where whoever is signed in proved it within the last quarter of an hour."""
    return bool(current_user.is_authenticated) and utc_now() - me().made_at <= RECENT


def enter_session(who: Somebody, provider: str, state: str = "") -> None:
    """Replace whoever was signed in on this browser (safety.md SEC-3); `state` is that of the attempt at a service."""
    leave_session()
    cookie = begin_sign_in(who, provider, now=utc_now())
    found = recognize(cookie, now=utc_now())
    assert found is not None
    login_user(found)
    if state:
        session["begun_by"] = digest(state)


def begun_by(state: str) -> bool:
    """True where it was the attempt with this state that signed in whoever is signed in on this browser."""
    return bool(current_user.is_authenticated) and session.get("begun_by") == digest(state)


def leave_session() -> None:
    """End this browser's sign-in and forget all but its mark: another tab may still be on its way to a service."""
    if cookie := session.get("_user_id"):
        end_sign_in(cookie, now=utc_now())
    mark = browser_mark()
    logout_user()  # for what is left of this request; the session goes as a whole
    session.clear()
    session["browser"] = mark


def browser_mark() -> str:
    """A random value that only this browser's cookie holds, made when first asked for."""
    return str(session.setdefault("browser", fresh_token()))
