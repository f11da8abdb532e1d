"""How Clever's sign-in differs from any other, and who has signed in."""

from datetime import UTC, datetime

from joserfc.jwk import RSAKey

from webapp.providers.answers import decode, text
from webapp.providers.clever.api import below
from webapp.providers.clever.records import Me, Name, One, Roles, UserRow
from webapp.providers.errors import AccessWithdrawn, NotShared, ProviderError, SignInRefused
from webapp.providers.id_token import Claims, Expected, verified
from webapp.providers.service import SignIn, Tokens, Visitor
from webapp.providers.signing_keys import SigningKeys, discovered_keys
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings

PUBLIC_NAME = "https://clever.com"
"""Who signs, also where a proxy stands between: https://dev.clever.com/docs/oidc-implementation"""


def sign_in(settings: Settings) -> SignIn:
    """The data of Clever's OAuth dance."""
    return SignIn(
        authorize_url=f"{settings.clever_oauth_url}/oauth/authorize",
        token_url=f"{settings.clever_oauth_url}/oauth/tokens",
        client_id=settings.clever_client_id,
        client_secret=settings.clever_client_secret,
        # Scopes are set for the application in Clever's dashboard: https://dev.clever.com/docs/oidc-implementation
        scope="",
        client_auth="client_secret_basic",
    )


def signing_keys(settings: Settings, limits: Limits) -> SigningKeys:
    """The keys that Clever's OpenID configuration points to."""

    def read() -> list[RSAKey]:
        wire = Wire("Clever", [settings.clever_oauth_url, settings.clever_api_url], limits.hurried())
        return discovered_keys(wire, settings.clever_oauth_url)

    return SigningKeys(read)


def identify(wire: Wire, settings: Settings, keys: SigningKeys, tokens: Tokens, nonce: str) -> Visitor:
    """Who has signed in. Never the role: `/me` calls a teacher now `user`, now `teacher`."""
    expected = Expected({settings.clever_oauth_url, PUBLIC_NAME}, settings.clever_client_id, nonce)
    signed = verified(tokens.id_token, expected, keys, now=datetime.now(UTC))
    api = f"{settings.clever_api_url}/{settings.clever_api_version}"
    bearer = {"Authorization": f"Bearer {tokens.access}"}
    try:
        me = decode(wire, wire.get(f"{api}/me", bearer), One[Me]).data
    except (AccessWithdrawn, NotShared) as error:
        raise SignInRefused("Clever no longer knows this sign-in.") from error
    if signed and not _same(signed, me):
        raise SignInRefused("Clever's signed word and its answer name two people.")
    record = _record(wire, f"{api}/{below('users', me.id)}", bearer)
    name = record.name or Name()
    return Visitor(
        provider="clever",
        authority=text(me.district),
        subjects={"user_id": me.id},
        given_name=text(name.first),
        family_name=text(name.last),
        # A contact, who is mostly a parent, is never anything else: none of the roles that we know.
        guardian=record.roles == Roles(),
    )


def _same(signed: Claims, me: Me) -> bool:
    """Whether Clever's signed word and its answer name the same person. The token's `user_id` is an id of old."""
    districts = {text(me.district), str(signed.district or "")} - {""}
    return signed.sub == me.id and len(districts) < 2


def _record(wire: Wire, url: str, bearer: dict[str, str]) -> UserRow:
    try:
        return decode(wire, wire.get(url, bearer), One[UserRow]).data
    except ProviderError:
        # It only greets, and chooses words; the roster brings what we keep. Nobody stays outside for it.
        return UserRow(id="")
