"""ClassLink as one of our rostering services."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from webapp.providers.classlink import sign_in
from webapp.providers.classlink.applications import Table
from webapp.providers.classlink.roster_door import RosterDoor
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.reader import OneRosterReader
from webapp.providers.service import Access, SharedDistrict, SignIn, Tokens, Visitor
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings


class ClassLink:
    """The Service of ClassLink."""

    key = "classlink"
    label = "ClassLink"
    roster_kind = "sourced_id"

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._limits = limits
        self._keys = sign_in.signing_keys(settings, limits)
        self._table = Table(settings)

    def configured(self) -> bool:
        """True where ClassLink is switched on."""
        return bool(self._settings.classlink_client_id)

    def sign_in(self) -> SignIn:
        """The data of its OAuth dance."""
        return sign_in.sign_in(self._settings)

    def identify(self, tokens: Tokens, *, nonce: str) -> Visitor:
        """Who has signed in."""
        wire = self._wire()
        with wire.while_somebody_waits():
            return sign_in.identify(wire, self._settings, self._keys, tokens, nonce)

    def districts(self) -> list[SharedDistrict]:
        """Every district that has enabled us in ClassLink's table."""
        return self._table.districts(self._wire())

    def district_token(self, district: str) -> str:
        """The district's token as ClassLink's table names it now."""
        return self._table.grant_now(self._wire(), district).token

    def reader(
        self, access: Access, *, today: date | None = None, on_new_token: Callable[[str], None] | None = None
    ) -> OneRosterReader:
        """A reader of one district. It asks the table for the district's path when it first needs it."""
        wire = self._wire()
        door = RosterDoor(wire, self._settings, self._table, access, on_new_token)
        return OneRosterReader(Feed(wire, door.get), today or datetime.now(UTC).date())

    def _wire(self) -> Wire:
        return Wire(
            self.label, [self._settings.classlink_nodeapi_url, self._settings.classlink_roster_url], self._limits
        )
