"""The roster server's answers: a page of records in its envelope, or one record."""

from collections.abc import Mapping

import msgspec
from werkzeug.wrappers import Response

from webapp.simulator.oneroster.errors import Refused, failure, status_info
from webapp.simulator.oneroster.manners import Manners
from webapp.simulator.oneroster.paths import SINGULAR, Found, find
from webapp.simulator.oneroster.query import fields_of, selected, warnings, window
from webapp.simulator.oneroster.shelf import RosterShelf

USUALLY_EMPTY = ("x-next-page-token", "x-modified", "x-endpoint", "x-host-name", "x-page-generation-time-ms")


def answer(shelf: RosterShelf, parts: list[str], query: Mapping[str, str]) -> Response:
    """What stands below the path's parts."""
    manners = shelf.district.doors.classlink
    found = find(shelf, [part for part in parts if part])
    try:
        if found is None:
            raise Refused(404, "unknown object", "no such record or path")
        return single(shelf, found) if found.single else page(shelf, found, query, manners)
    except Refused as refused:
        return failure(refused, manners.oneroster_errors)


def single(shelf: RosterShelf, found: Found) -> Response:
    """One record under the name of its type."""
    key = SINGULAR[found.collection].encode()
    return json_bytes(b'{"' + key + b'":' + shelf.collection(found.collection).encoded[found.places[0]] + b"}")


def page(shelf: RosterShelf, found: Found, query: Mapping[str, str], manners: Manners) -> Response:
    """The records asked for, with ClassLink's two counts."""
    collection = shelf.collection(found.collection)
    places = selected(collection, found, query, filters=not manners.oneroster_filters_ignored)
    if found.collection == manners.oneroster_empty_collection:
        places = []
    offset, limit = window(query, manners.classlink_page_cap, refuses=manners.oneroster_refuses_large_limits)
    shown = places[offset : offset + limit]
    if 0 < manners.oneroster_heavy_page < len(shown):
        return Response("<h1>502 Bad Gateway</h1>", 502, mimetype="text/html")
    sent = json_bytes(envelope(shelf, found.collection, shown, query))
    sent.headers.update(counted(len(shown), len(places), manners.oneroster_counts))
    sent.headers.update(dict.fromkeys(USUALLY_EMPTY, ""))
    sent.headers["x-obfuscated"] = "true" if manners.oneroster_masks else ""
    return sent


def envelope(shelf: RosterShelf, name: str, shown: list[int], query: Mapping[str, str]) -> bytes:
    """The body: the records, and after them a warning for whatever was asked for and not done."""
    collection, fields = shelf.collection(name), fields_of(name, query)
    if fields is None:
        rows = [collection.encoded[place] for place in shown]
    else:
        records = (collection.records[place] for place in shown)
        rows = [msgspec.json.encode({key: one[key] for key in fields if key in one}) for one in records]
    told = [status_info(minor, sentence, "warning") for minor, sentence in warnings(name, query)]
    after = b',"statusInfoSet":' + msgspec.json.encode(told) if told else b""
    return b'{"' + name.encode() + b'":[' + b",".join(rows) + b"]" + after + b"}"


def counted(shown: int, total: int, manner: str) -> dict[str, str]:
    """The count headers; some servers send none, or wrong ones."""
    if manner == "absent":
        return {}
    count = {"x-count": str(max(shown - 1, 0) if manner == "count one short" else shown)}
    if manner == "without a total":
        return count
    return count | {"x-total-count": str(max(total - 1, 0) if manner == "total one short" else total)}


def json_bytes(body: bytes) -> Response:
    """A JSON answer that is encoded already."""
    return Response(body, mimetype="application/json")
