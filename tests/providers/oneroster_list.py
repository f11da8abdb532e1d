"""A roster server's list, as a scripted reply that minds limit and offset."""

from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.providers.scripted import Reply, doc


def listed(
    key: str, rows: Sequence[dict[str, Any]], *, cap: int = 10_000, totals: bool = True, **headers: str
) -> Reply:
    """Answers with the page that is asked for, never longer than the cap."""

    def write(handler: BaseHTTPRequestHandler) -> None:
        asked = parse_qs(urlsplit(handler.path).query)
        offset, limit = int(asked.get("offset", ["0"])[0]), int(asked.get("limit", ["100"])[0])
        page = rows[offset : offset + min(limit, cap)]
        counts = {"X_Count": str(len(page)), "X_Total_Count": str(len(rows))} if totals else {}
        doc({key: page}, **{**counts, **headers})(handler)

    return write
