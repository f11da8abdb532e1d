"""ClassLink's table of the districts that let us read: `/applications`, asked with the partner key."""

from dataclasses import dataclass
from threading import Lock
from time import monotonic

from webapp.providers.answers import decode, exact, text
from webapp.providers.classlink.records import Application, Applications
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer
from webapp.providers.service import SharedDistrict
from webapp.providers.wire import Wire
from webapp.settings import Settings

PAGE = 1_000

FRESH_SECONDS = 300.0
"""The table is one for all districts: a night's syncs read it every five minutes, not once each."""


@dataclass(frozen=True)
class Grant:
    """What one district lets us do: the path segment of its roster, exactly as ClassLink writes it, and the token."""

    application_id: str
    token: str


class Table:
    """The table, kept for some minutes; it may be asked by several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._rows: list[Application] = []
        self._read_at: float | None = None

    def grant(self, wire: Wire, district: str) -> Grant:
        """What this district lets us do, as known some minutes ago. A district not known then is asked for now."""
        with self._lock:
            fresh = self._read_at is not None and monotonic() - self._read_at < FRESH_SECONDS
            rows = list(self._rows) if fresh else []
        if any(exact(row.tenant_id) == district and _open(row) for row in rows):
            return self._pick(rows, district)
        return self.grant_now(wire, district)

    def grant_now(self, wire: Wire, district: str) -> Grant:
        """What this district lets us do, asked anew. Raises AccessWithdrawn where it is nothing."""
        rows = self._read(wire)
        with self._lock:
            self._rows, self._read_at = rows, monotonic()
        return self._pick(rows, district)

    def districts(self, wire: Wire) -> list[SharedDistrict]:
        """Every district that has enabled us, asked anew."""
        key = self._settings.classlink_roster_key
        rows = (row for row in self._read(wire) if _open(row))
        return [SharedDistrict(exact(row.tenant_id), row.bearer or key, text(row.tenant_name)) for row in rows]

    def _pick(self, rows: list[Application], district: str) -> Grant:
        for row in rows:
            if exact(row.tenant_id) == district and _open(row):
                # Some districts have no bearer of their own: there the partner key itself reads.
                return Grant(row.oneroster_application_id, row.bearer or self._settings.classlink_roster_key)
        raise AccessWithdrawn("This district has not enabled us at ClassLink.")

    def _read(self, wire: Wire) -> list[Application]:
        """The whole table. It comes without counts and pages may be capped: only an empty or shorter page ends it."""
        rows: list[Application] = []
        first = 0
        for _ in range(wire.limits.pages):
            page = self._page(wire, len(rows))
            first = first or len(page)
            if any(row in rows[:1] for row in page):
                return rows  # The server ignores the offset and told everything at once.
            rows += page
            if not page or len(page) < first:
                return rows
        raise IncompleteAnswer("ClassLink's table of districts does not end.")

    def _page(self, wire: Wire, offset: int) -> list[Application]:
        url = f"{self._settings.classlink_roster_url}/applications?limit={PAGE}&offset={offset}"
        bearer = {"Authorization": f"Bearer {self._settings.classlink_roster_key}"}
        answer = decode(wire, wire.get(url, bearer), Applications)
        if text(answer.status) not in {"", "1"}:
            raise IncompleteAnswer("ClassLink's table of districts came with a bad status.")
        return answer.applications


def _open(row: Application) -> bool:
    return text(row.enabled).lower() == "true" and bool(row.oneroster_application_id)
