"""Cedar as one of our rostering services: OAuth at its front door, OneRoster 1.1 over REST behind it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from msgspec import Struct

from tests.cedar.settings import CedarSettings
from webapp.providers.answers import decode
from webapp.providers.bearer import Bearer
from webapp.providers.errors import AccessWithdrawn
from webapp.providers.oauth import basic_credentials
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.reader import OneRosterReader
from webapp.providers.service import Access, SharedDistrict, SignIn, Tokens, Visitor
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings


class Me(Struct):
    """Who a token belongs to."""

    district: str
    id: str
    given: str = ""
    family: str = ""


class Grant(Struct):
    """One district that has authorised us."""

    id: str
    name: str
    token: str


class Grants(Struct):
    """All of them."""

    districts: list[Grant]


class Cedar:
    """The Service of Cedar."""

    key = "cedar"
    label = "Cedar"
    roster_kind = "sourced_id"

    def __init__(self, settings: Settings, limits: Limits) -> None:
        assert isinstance(settings, CedarSettings)
        self._settings = settings
        self._limits = limits

    def configured(self) -> bool:
        """True where Cedar is switched on."""
        return bool(self._settings.cedar_client_id)

    def sign_in(self) -> SignIn:
        """The data of its OAuth dance."""
        return SignIn(
            authorize_url=f"{self._settings.cedar_url}/cedar/authorize",
            token_url=f"{self._settings.cedar_url}/cedar/token",
            client_id=self._settings.cedar_client_id,
            client_secret=self._settings.cedar_client_secret,
            scope="who",
            client_auth="client_secret_basic",
        )

    def identify(self, tokens: Tokens, *, nonce: str) -> Visitor:
        """Who has signed in. Cedar gives no id_token, so the nonce proves nothing."""
        wire = self._wire()
        with wire.while_somebody_waits():
            url = f"{self._settings.cedar_url}/cedar-api/me"
            me = decode(wire, wire.get(url, {"Authorization": f"Bearer {tokens.access}"}), Me)
        return Visitor(self.key, me.district, {"sourced_id": me.id}, me.given, me.family)

    def districts(self) -> list[SharedDistrict]:
        """Every district in Cedar's one list."""
        wire = self._wire()
        own = basic_credentials(self._settings.cedar_client_id, self._settings.cedar_client_secret)
        answer = wire.get(f"{self._settings.cedar_url}/cedar-api/districts", {"Authorization": own})
        return [SharedDistrict(one.id, one.token, one.name) for one in decode(wire, answer, Grants).districts]

    def district_token(self, district: str) -> str:
        """The district's token as Cedar lists it now."""
        for one in self.districts():
            if one.district == district:
                return one.token
        raise AccessWithdrawn("This district has not authorised us at Cedar.")

    def reader(
        self, access: Access, *, today: date | None = None, on_new_token: Callable[[str], None] | None = None
    ) -> OneRosterReader:
        """A reader of one district."""
        wire = self._wire()
        bearer = Bearer(wire, access.token, lambda: self.district_token(access.district), on_new_token)
        base = f"{self._settings.cedar_url}/cedar-api/{access.district}/ims/oneroster/v1p1"
        return OneRosterReader(
            Feed(wire, lambda target: bearer.get(f"{base}/{target}")), today or datetime.now(UTC).date()
        )

    def _wire(self) -> Wire:
        return Wire(self.label, [self._settings.cedar_url], self._limits)
