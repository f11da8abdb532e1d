"""The way to one district's roster through ClassLink's proxy: its path, and a token that may change any time."""

from collections.abc import Callable

from webapp.providers.classlink.applications import Grant, Table
from webapp.providers.errors import AccessWithdrawn
from webapp.providers.service import Access
from webapp.providers.wire import Answer, Wire
from webapp.settings import Settings

ROSTER_PATH = "ims/oneroster/v1p1"


class RosterDoor:
    """Asks below a district's roster address. `told` hears of every token that differs from the one it came with."""

    def __init__(
        self, wire: Wire, settings: Settings, table: Table, access: Access, told: Callable[[str], None] | None
    ) -> None:
        self._wire = wire
        self._settings = settings
        self._table = table
        self._district = access.district
        self._token = access.token
        self._told = told
        self._grant: Grant | None = None

    def get(self, target: str) -> Answer:
        """The answer. Refused, the table is read anew, and another path or token tried once. Raises AccessWithdrawn."""
        grant = self._grant or self._enter()
        try:
            return self._ask(grant, target)
        except AccessWithdrawn:
            newest = self._table.grant_now(self._wire, self._district)  # raises where the district has switched us off
            if newest == grant:
                raise
            return self._ask(self._take(newest), target)

    def _enter(self) -> Grant:
        known = self._table.grant(self._wire, self._district)
        return self._take(Grant(known.application_id, self._token or known.token))

    def _take(self, grant: Grant) -> Grant:
        if grant.token != self._token and self._told:
            self._told(grant.token)
        self._grant, self._token = grant, grant.token
        return grant

    def _ask(self, grant: Grant, target: str) -> Answer:
        # Already percent-encoded as it comes (`MoYPlyQWmG0%3D`), and compared byte for byte: it is never touched.
        base = f"{self._settings.classlink_roster_url}/{grant.application_id}/{ROSTER_PATH}"
        return self._wire.get(f"{base}/{target}", {"Authorization": f"Bearer {grant.token}"})
