"""How ClassLink's sign-in differs from any other, and who has signed in."""

from datetime import UTC, datetime

from joserfc.jwk import RSAKey

from webapp.providers.answers import decode, exact, text
from webapp.providers.classlink.records import Info
from webapp.providers.errors import AccessWithdrawn, NotShared, SignInRefused
from webapp.providers.id_token import Expected, verified
from webapp.providers.service import SignIn, Tokens, Visitor
from webapp.providers.signing_keys import SigningKeys, listed_keys
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings

PUBLIC_NAME = "https://launchpad.classlink.com"
"""Who signs, also where a proxy stands between."""
GUARDIANS = {"parent", "guardian"}


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


def signing_keys(settings: Settings, limits: Limits) -> SigningKeys:
    """LaunchPad's keys, which do not lie where its other well-known addresses do."""

    def read() -> list[RSAKey]:
        wire = Wire("ClassLink", [settings.classlink_launchpad_url], limits.hurried())
        return listed_keys(wire, f"{settings.classlink_launchpad_url}/oauth2/v2/jwks")

    return SigningKeys(read)


def identify(wire: Wire, settings: Settings, keys: SigningKeys, tokens: Tokens, nonce: str) -> Visitor:
    """Who has signed in. Without a roster server the SourcedId is blank, and blank is nobody's id."""
    expected = Expected({settings.classlink_launchpad_url, PUBLIC_NAME}, settings.classlink_client_id, nonce)
    signed = verified(tokens.id_token, expected, keys, now=datetime.now(UTC))
    url = f"{settings.classlink_nodeapi_url}/v2/my/info"
    try:
        info = decode(wire, wire.get(url, {"Authorization": f"Bearer {tokens.access}"}), Info)
    except (AccessWithdrawn, NotShared) as error:
        raise SignInRefused("ClassLink no longer knows this sign-in.") from error
    if signed and signed.sub != exact(info.user_id):
        raise SignInRefused("ClassLink's signed word and its answer name two people.")
    roster_id = exact(info.sourced_id)
    subjects = {"sourced_id": roster_id} if roster_id.strip() else {}
    return Visitor(
        provider="classlink",
        authority=exact(info.tenant_id),
        subjects=subjects | {"user_id": exact(info.user_id)},
        given_name=text(info.first_name),
        family_name=text(info.last_name),
        guardian=_is_guardian(info.role),
    )


def _is_guardian(role: object) -> bool:
    """Whether the role word says so: a word, several with commas, or a list of them."""
    words = role if isinstance(role, list) else str(role).split(",")
    return any(str(word).strip().lower() in GUARDIANS for word in words)
