"""ClassLink's table of the districts that let us read: `/applications`, asked with the partner key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from webapp.providers.answers import decode, exact, text
from webapp.providers.classlink.records import Application, Applications
from webapp.providers.drift import Drift, settled
from webapp.providers.errors import AccessWithdrawn, ClientRefused, IncompleteAnswer, NotShared
from webapp.providers.service import SharedDistrict
from webapp.providers.wire import Wire
from webapp.settings import Settings

PAGE = 1_000

CAP = 100
"""Caps are round numbers: a page of so many rows, or a multiple, may be one that was cut."""

FRESH_SECONDS = 300.0
"""The table is one for all districts: a night's syncs read it every five minutes, not once each."""


@dataclass(frozen=True)
class Grant:
    """What one district lets us do: the path segment of its roster, exactly as ClassLink writes it, and the token."""

    application_id: str
    token: str


@dataclass(frozen=True)
class Listing:
    """The rows that the table told; who is missing is absent only where it is `whole`."""

    rows: Sequence[Application]
    whole: bool

    def must_be_whole(self) -> None:
        """Raise IncompleteAnswer where it is not."""
        if not self.whole:
            raise IncompleteAnswer("ClassLink's table of districts is not whole.")


class Table:
    """The table, kept for some minutes; it may be asked by several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._kept = Listing([], whole=False)
        self._read_at: float | None = None

    def grant(self, wire: Wire, district: str) -> Grant:
        """What this district lets us do, as known some minutes ago. A district not known then is asked for now."""
        with self._lock:
            fresh = self._read_at is not None and monotonic() - self._read_at < FRESH_SECONDS
            rows = list(self._kept.rows) if fresh else []
        known = _best(row for row in rows if exact(row.tenant_id) == district)
        return self._granted(known) if known and _open(known) else self.grant_now(wire, district)

    def grant_now(self, wire: Wire, district: str) -> Grant:
        """What this district lets us do, asked anew. Raises AccessWithdrawn where it is nothing."""
        listing = settled(lambda: self._read(wire))
        with self._lock:
            self._kept, self._read_at = listing, monotonic()
        row = _best(row for row in listing.rows if exact(row.tenant_id) == district)
        if row is None:
            listing.must_be_whole()
            raise AccessWithdrawn("This district has not enabled us at ClassLink.")
        if not _enabled(row):
            raise AccessWithdrawn("This district has switched us off at ClassLink.")
        if not _open(row):
            raise AccessWithdrawn("This district has no roster server for us at ClassLink.")
        return self._granted(row)

    def districts(self, wire: Wire) -> list[SharedDistrict]:
        """Every district that has enabled us, once, asked anew."""
        listing = settled(lambda: self._read(wire))
        listing.must_be_whole()
        by_tenant: dict[str, list[Application]] = {}
        for row in listing.rows:
            by_tenant.setdefault(exact(row.tenant_id), []).append(row)
        best = (_best(rows) for rows in by_tenant.values())
        return [self._shared(row) for row in best if row and _open(row)]

    def _shared(self, row: Application) -> SharedDistrict:
        return SharedDistrict(exact(row.tenant_id), self._granted(row).token, text(row.tenant_name))

    def _granted(self, row: Application) -> Grant:
        # Some districts have no bearer of their own: there the partner key itself reads.
        return Grant(exact(row.oneroster_application_id), text(row.bearer) or self._settings.classlink_roster_key)

    def _read(self, wire: Wire) -> Listing:
        """The table. It comes without counts and its pages may be capped: only a page of nothing new ends it."""
        rows: list[Application] = []
        met: set[tuple[str, ...]] = set()
        for _ in range(wire.limits.pages):
            told = self._page(wire, len(rows))
            page = told if isinstance(told, list) else [told]
            keys = {_key(row) for row in page}
            if keys <= met:
                # A page that came before: the offset is ignored, so everything was told at once, unless pages are cut.
                cut = bool(page) and len(page) % CAP == 0
                named = all(exact(row.tenant_id) for row in rows)
                return Listing(rows, whole=isinstance(told, list) and named and not cut)
            if keys & met:
                raise Drift("ClassLink's table of districts changed while it was read.")
            met |= keys
            rows += page
        raise IncompleteAnswer("ClassLink's table of districts does not end.")

    def _page(self, wire: Wire, offset: int) -> list[Application] | Application:
        url = f"{self._settings.classlink_roster_url}/applications?limit={PAGE}&offset={offset}"
        bearer = {"Authorization": f"Bearer {self._settings.classlink_roster_key}"}
        try:
            answer = decode(wire, wire.get(url, bearer), Applications)
        except AccessWithdrawn as error:
            # This says nothing of any district: nobody's access is withdrawn.
            raise ClientRefused("ClassLink refuses our partner key.", 401) from error
        except NotShared as error:
            raise IncompleteAnswer("ClassLink does not answer for its table of districts.") from error
        if text(answer.status) not in {"", "1"}:
            raise IncompleteAnswer("ClassLink's table of districts came with a bad status.")
        return answer.applications


def _key(row: Application) -> tuple[str, ...]:
    return exact(row.tenant_id), exact(row.oneroster_application_id), exact(row.id)


def _best(rows: Iterable[Application]) -> Application | None:
    """Of a district's applications the one that reads: enabled, and rather with a token of its own.

    `tenant_status` says "Active"; which other words there are is not known, so it only breaks ties.
    """
    return max(rows, default=None, key=lambda row: (_open(row), bool(row.bearer), _active(row)))


def _active(row: Application) -> bool:
    return text(row.tenant_status).lower() == "active"


def _enabled(row: Application) -> bool:
    return text(row.enabled).lower() in {"true", "1"}


def _open(row: Application) -> bool:
    return _enabled(row) and bool(row.oneroster_application_id)
