"""An open connection to one origin: one request at a time, and its whole answer within its time and size."""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPResponse
from typing import Any, cast
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

CHUNK = 1 << 18
ACCEPT = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Rollbook"}
PACKINGS = {"", "identity", "gzip", "x-gzip"}
"""What we ask for. Anything else, and one inside the other, is a bomb or a misunderstanding."""
SMALL = 64_000
"""So much of an answer that tells of an error is read, to keep the connection; nobody looks at it."""


@dataclass(frozen=True)
class Bounds:
    """How long and how much one answer may take."""

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    whole_seconds: float = 60.0
    """From the first knock to the last byte, headers included."""
    body_bytes: int = 20_000_000
    """After unpacking."""


@dataclass(frozen=True)
class Reply:
    """An answer of any status; only a good one has its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TooMuch(Exception):
    """The answer is larger than it may be."""


class StrangePacking(Exception):
    """The answer is packed in a way that was not asked for."""


class Line:
    """A connection, opened when it is first needed and again when it was lost."""

    def __init__(self, where: str) -> None:
        self._where = where
        parts = urlsplit(where)
        host = parts.hostname or ""
        if parts.scheme == "https":
            self._connection: HTTPConnection = HTTPSConnection(host, parts.port, ssl_context=trust())
        else:
            self._connection = HTTPConnection(host, parts.port)

    def ask(self, url: str, headers: Mapping[str, str], bounds: Bounds) -> Reply:
        """The whole answer to a GET. Raises OSError, HTTPException, HTTPError, TooMuch or StrangePacking; then the line
        is down."""
        try:
            return self._ask(url[len(self._where) :], headers, bounds)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, target: str, headers: Mapping[str, str], bounds: Bounds) -> Reply:
        line = self._connection
        ends = time.monotonic() + bounds.whole_seconds
        if not line.is_connected:
            line.close()
            line.timeout = bounds.connect_seconds
            line.connect()
        line.timeout = bounds.read_seconds
        cast(socket.socket, line.sock).settimeout(bounds.read_seconds)
        line.response_class = cast(Any, partial(_on_time, ends=ends))
        # Not through urllib3's pool: that rewrites percent-encodings (%3d to %3D), and ClassLink's application ids
        # are compared byte for byte.
        line.request("GET", target, headers={**headers, **ACCEPT}, preload_content=False)
        response = line.getresponse()
        if response.status != 200:
            if not _spilled(response):
                line.close()
            return Reply(response.status, response.headers, b"")
        return Reply(200, response.headers, _whole(response, bounds.body_bytes))


class _OnTime(io.RawIOBase):
    """A socket's bytes for as long as there is time: a byte now and then must not keep us for ever."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, ends: float) -> None:
        self._raw, self._sock, self._ends = raw, sock, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if left < (self._sock.gettimeout() or left):
            self._sock.settimeout(left)
        return cast(int | None, self._raw.readinto(buffer))

    def close(self) -> None:
        self._raw.close()
        super().close()


def _on_time(sock: socket.socket, *, method: str, ends: float) -> HTTPResponse:
    """The standard library's response, its bytes read on time, from the status line on."""
    response = HTTPResponse(sock, method=method)
    response.fp = io.BufferedReader(_OnTime(response.fp.detach(), sock, ends))
    return response


def _whole(response: urllib3.BaseHTTPResponse, most: int) -> bytes:
    """The unpacked body. urllib3 unpacks no more than it is asked for at a time, so a bomb ends early."""
    if response.headers.get("Content-Encoding", "").lower() not in PACKINGS:
        raise StrangePacking
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > most:
            raise TooMuch
    return bytes(body)


def _spilled(response: urllib3.BaseHTTPResponse) -> bool:
    """Pour a small body away, packed as it is; False where there is more."""
    left = SMALL
    while chunk := response.read1(left, decode_content=False):
        left -= len(chunk)
        if left <= 0:
            return False
    return True


@cache
def trust() -> ssl.SSLContext:
    """The certificates that this machine trusts."""
    return ssl.create_default_context()
