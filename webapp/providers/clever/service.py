"""Clever as one of our rostering services."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from webapp.providers.clever import sign_in, tokens
from webapp.providers.clever.api import Api
from webapp.providers.clever.district_token import DistrictToken
from webapp.providers.clever.reader import CleverReader
from webapp.providers.service import Access, SharedDistrict, SignIn, Tokens, Visitor
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings


class Clever:
    """The Service of Clever."""

    key = "clever"
    label = "Clever"
    roster_kind = "user_id"

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._limits = limits
        self._keys = sign_in.signing_keys(settings, limits)

    def configured(self) -> bool:
        """True where Clever is switched on."""
        return bool(self._settings.clever_client_id)

    def sign_in(self) -> SignIn:
        """The data of its OAuth dance."""
        return sign_in.sign_in(self._settings)

    def identify(self, tokens: Tokens, *, nonce: str) -> Visitor:
        """Who has signed in."""
        wire = self._wire()
        with wire.while_somebody_waits():
            return sign_in.identify(wire, self._settings, self._keys, tokens, nonce)

    def districts(self) -> list[SharedDistrict]:
        """Every district in Clever's token list."""
        return tokens.districts(self._wire(), self._settings)

    def district_token(self, district: str) -> str:
        """The district's token as Clever lists it now."""
        return tokens.token_of(self._wire(), self._settings, district)

    def reader(
        self, access: Access, *, today: date | None = None, on_new_token: Callable[[str], None] | None = None
    ) -> CleverReader:
        """A reader of one district. Clever's sections hold who stands in them now: `today` matters for pauses only."""
        wire = self._wire()
        bearer = DistrictToken(
            wire, access.token, lambda: tokens.token_of(wire, self._settings, access.district), on_new_token
        )
        settings = self._settings
        api = Api(wire, bearer, settings.clever_api_url, settings.clever_api_version, access.district)
        return CleverReader(api, today or datetime.now(UTC).date())

    def _wire(self) -> Wire:
        return Wire(self.label, [self._settings.clever_api_url, self._settings.clever_oauth_url], self._limits)
