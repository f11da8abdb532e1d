"""A scripted Clever: one district that has nothing but itself until a test says more."""

from collections.abc import Mapping

from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.clever.reader import CleverReader
from webapp.providers.clever.service import Clever
from webapp.providers.service import Access
from webapp.roster.records import Record
from webapp.settings import Settings

NO_ROUTE = status(404, b"<html>Not found</html>", Content_Type="text/html")
NOT_FOUND = status(404, b'{"error": "Resource not found"}', Content_Type="application/json")


def clever(script: Scripted, version: str = "v3.1") -> Clever:
    """Our Clever, pointed at the script."""
    settings = Settings(
        _env_file=None,
        clever_client_id="c",
        clever_client_secret="s",
        clever_api_url=script.url,
        clever_oauth_url=script.url,
        clever_api_version=version,
    )
    return Clever(settings, TINY)


def bare_district(script: Scripted, version: str = "v3.1") -> CleverReader:
    """A reader of a district without anything in it."""
    for collection in ("schools", "terms", "courses", "sections", "users"):
        script.on(f"/{version}/{collection}", listing())
    script.on(f"/{version}/districts", listing({"id": "d"}))
    script.on("/oauth/tokens", tokens({"owner": {"type": "district", "id": "d"}, "access_token": "token"}))
    return clever(script, version).reader(Access("d", "token"))


def listing(*rows: Mapping[str, object]) -> Reply:
    """A list of these rows, all on one page."""
    return doc({"data": [{"data": row} for row in rows], "links": []})


def one(**row: object) -> Reply:
    """One object."""
    return doc({"data": row, "links": []})


def tokens(*rows: Mapping[str, object]) -> Reply:
    """The token list."""
    return doc({"data": rows, "links": [{"rel": "self", "uri": "/oauth/tokens?owner_type=district"}]})


def user(id_: str, *roles: str) -> dict[str, object]:
    """A user with these roles."""
    return {"id": id_, "name": {"first": "A", "last": "B"}, "roles": {role: {} for role in roles}}


def whole(reader: CleverReader) -> list[Record]:
    """All records of the whole district."""
    return [record for page in reader.whole() for record in page]


def sections(reader: CleverReader, *ids: str) -> list[Record]:
    """All records of these sections."""
    return [record for page in reader.sections(ids) for record in page]
