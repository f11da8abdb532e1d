"""Clever's list of districts that authorised us, with the token of each."""

from collections.abc import Iterator

from webapp.providers.answers import decode, text
from webapp.providers.clever.listing import next_link, with_query
from webapp.providers.clever.records import TokenListing, TokenRow
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer
from webapp.providers.links import joined
from webapp.providers.oauth import basic_credentials
from webapp.providers.service import SharedDistrict
from webapp.providers.wire import Wire
from webapp.settings import Settings


def token_of(wire: Wire, settings: Settings, district: str) -> str:
    """This district's token as Clever tells it now. Raises AccessWithdrawn where the district is not in the list."""
    for row in _rows(wire, settings, district):
        # The `district` parameter may be ignored, so the rows are looked at here as well.
        if text(row.owner.type) == "district" and row.owner.id == district and row.access_token:
            return row.access_token
    raise AccessWithdrawn("This district has not authorised us at Clever.")


def districts(wire: Wire, settings: Settings) -> list[SharedDistrict]:
    """Every district in the list, once."""
    rows = (row for row in _rows(wire, settings, "") if text(row.owner.type) == "district" and row.access_token)
    return list({row.owner.id: SharedDistrict(row.owner.id, row.access_token) for row in rows}.values())


def _rows(wire: Wire, settings: Settings, district: str) -> Iterator[TokenRow]:
    url = with_query(
        f"{settings.clever_oauth_url}/oauth/tokens",
        owner_type="district",
        **({"district": district} if district else {}),
    )
    asked: set[str] = set()
    while url:
        if url in asked or len(asked) >= wire.limits.pages:
            raise IncompleteAnswer("Clever's list of districts does not end.")
        asked.add(url)
        listing = decode(wire, wire.get(url, _own_credentials(settings)), TokenListing)
        yield from listing.data
        link = next_link(listing.links)
        url = joined(settings.clever_oauth_url, link) if link else ""


def _own_credentials(settings: Settings) -> dict[str, str]:
    return {"Authorization": basic_credentials(settings.clever_client_id, settings.clever_client_secret)}
