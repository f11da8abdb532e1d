"""How Clever's sign-in differs from any other, and who has signed in."""

from webapp.providers.answers import decode, text
from webapp.providers.clever.api import VERSION, below
from webapp.providers.clever.records import Me, Name, One, UserRow
from webapp.providers.errors import AccessWithdrawn, NotShared, ProviderError, SignInRefused
from webapp.providers.service import SignIn, Visitor
from webapp.providers.wire import Wire
from webapp.settings import Settings


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


def identify(wire: Wire, settings: Settings, access_token: str) -> Visitor:
    """Whose sign-in token this is. Never the role: `/me` calls a teacher now `user`, now `teacher`."""
    bearer = {"Authorization": f"Bearer {access_token}"}
    try:
        me = decode(wire, wire.get(f"{settings.clever_api_url}/{VERSION}/me", bearer), One[Me]).data
    except (AccessWithdrawn, NotShared) as error:
        raise SignInRefused("Clever no longer knows this sign-in.") from error
    name = _name(wire, f"{settings.clever_api_url}/{VERSION}/{below('users', me.id)}", bearer)
    return Visitor(
        provider="clever",
        authority=text(me.district),
        subjects={"user_id": me.id},
        given_name=text(name.first),
        family_name=text(name.last),
    )


def _name(wire: Wire, url: str, bearer: dict[str, str]) -> Name:
    try:
        return decode(wire, wire.get(url, bearer), One[UserRow]).data.name or Name()
    except ProviderError:
        # The name only greets; the roster brings the one we keep. Nobody stays outside for it.
        return Name()
