"""ClassLink as one of our rostering services."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from webapp.providers.bearer import Bearer
from webapp.providers.classlink import sign_in
from webapp.providers.classlink.applications import Table
from webapp.providers.oneroster.feed import Door, Feed
from webapp.providers.oneroster.reader import OneRosterReader
from webapp.providers.service import Access, SharedDistrict, SignIn, Visitor
from webapp.providers.wire import Limits, Wire
from webapp.settings import Settings

ROSTER_PATH = "ims/oneroster/v1p1"


class ClassLink:
    """The Service of ClassLink."""

    key = "classlink"
    label = "ClassLink"
    roster_kind = "sourced_id"

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self._settings = settings
        self._limits = limits
        self._table = Table(settings)

    def configured(self) -> bool:
        """True where ClassLink is switched on."""
        return bool(self._settings.classlink_client_id)

    def sign_in(self) -> SignIn:
        """The data of its OAuth dance."""
        return sign_in.sign_in(self._settings)

    def identify(self, access_token: str) -> Visitor:
        """Who has signed in."""
        wire = self._wire()
        with wire.while_somebody_waits():
            return sign_in.identify(wire, self._settings, access_token)

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

        def newest() -> str:
            return self._table.grant_now(wire, access.district).token

        def enter() -> Door:
            grant = self._table.grant(wire, access.district)
            if not access.token and on_new_token:
                on_new_token(grant.token)
            bearer = Bearer(wire, access.token or grant.token, newest, on_new_token)
            # Already percent-encoded as it comes (`MoYPlyQWmG0%3D`), and compared byte for byte: it is never touched.
            base = f"{self._settings.classlink_roster_url}/{grant.application_id}/{ROSTER_PATH}"
            return Door(base, bearer.get)

        return OneRosterReader(Feed(wire, enter), today or datetime.now(UTC).date())

    def _wire(self) -> Wire:
        return Wire(
            self.label, [self._settings.classlink_nodeapi_url, self._settings.classlink_roster_url], self._limits
        )
