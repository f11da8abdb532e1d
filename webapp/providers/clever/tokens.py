"""Clever's list of districts that authorised us, with the token of each."""

from collections.abc import Iterator

from webapp.providers.answers import decode, text
from webapp.providers.clever.listing import next_link, with_query
from webapp.providers.clever.records import TokenListing, TokenRow
from webapp.providers.errors import AccessWithdrawn, ClientRefused, IncompleteAnswer, NotShared
from webapp.providers.links import joined
from webapp.providers.oauth import basic_credentials
from webapp.providers.service import SharedDistrict
from webapp.providers.wire import Wire
from webapp.settings import Settings


def token_of(wire: Wire, settings: Settings, district: str) -> str:
    """This district's token as Clever tells it now. Raises AccessWithdrawn where the district is not in the list."""
    # The `district` parameter may be ignored, so the rows are looked at here as well.
    token = _tokens(_rows(wire, settings, district)).get(district)
    if not token:
        raise AccessWithdrawn("This district has not authorised us at Clever.")
    return token


def districts(wire: Wire, settings: Settings) -> list[SharedDistrict]:
    """Every district in the list, once."""
    return [SharedDistrict(district, token) for district, token in _tokens(_rows(wire, settings, "")).items()]


def _tokens(rows: Iterator[TokenRow]) -> dict[str, str]:
    """District -> token. Of two rows for one district the one made last counts: a rotation may leave the old one."""
    usable = [row for row in rows if row.access_token and row.owner and text(row.owner.type) == "district"]
    usable.sort(key=lambda row: text(row.created))
    return {text(row.owner.id): text(row.access_token) for row in usable if row.owner and row.owner.id}


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
        listing = _page(wire, settings, url)
        yield from listing.data
        link = next_link(listing.links)
        url = joined(settings.clever_oauth_url, link) if link else ""


def _page(wire: Wire, settings: Settings, url: str) -> TokenListing:
    """One page of the list. Its refusal says nothing about any district: it is our own id and secret that failed."""
    own = {"Authorization": basic_credentials(settings.clever_client_id, settings.clever_client_secret)}
    try:
        return decode(wire, wire.get(url, own), TokenListing)
    except AccessWithdrawn as error:
        raise ClientRefused("Clever refuses our own id and secret.", 401) from error
    except NotShared as error:
        raise IncompleteAnswer("Clever does not answer for its list of districts.") from error
