"""How ClassLink's sign-in differs from any other, and who has signed in."""

from webapp.providers.answers import decode, exact, text
from webapp.providers.classlink.records import Info
from webapp.providers.errors import AccessWithdrawn, NotShared, SignInRefused
from webapp.providers.service import SignIn, Visitor
from webapp.providers.wire import Wire
from webapp.settings import Settings


def sign_in(settings: Settings) -> SignIn:
    """The data of ClassLink's OAuth dance."""
    return SignIn(
        authorize_url=f"{settings.classlink_launchpad_url}/oauth2/v2/auth",
        token_url=f"{settings.classlink_launchpad_url}/oauth2/v2/token",
        client_id=settings.classlink_client_id,
        client_secret=settings.classlink_client_secret,
        scope="openid profile oneroster",
        client_auth="client_secret_post",
    )


def identify(wire: Wire, settings: Settings, access_token: str) -> Visitor:
    """Whose sign-in token this is. Without a roster server the SourcedId is blank, and blank is nobody's id."""
    url = f"{settings.classlink_nodeapi_url}/v2/my/info"
    try:
        info = decode(wire, wire.get(url, {"Authorization": f"Bearer {access_token}"}), Info)
    except (AccessWithdrawn, NotShared) as error:
        raise SignInRefused("ClassLink no longer knows this sign-in.") from error
    roster_id = exact(info.sourced_id)
    subjects = {"sourced_id": roster_id} if roster_id.strip() else {}
    return Visitor(
        provider="classlink",
        authority=exact(info.tenant_id),
        subjects=subjects | {"user_id": exact(info.user_id)},
        given_name=text(info.first_name),
        family_name=text(info.last_name),
    )
