"""HTTP manners, in one place for all services: limits, retries, only the configured hosts, no redirects."""

import http.client
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

import stamina
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, NotShared, ProviderError, Unreachable
from webapp.providers.waiting import capped, told_to_return

CHUNK = 1 << 18


@dataclass(frozen=True)
class Limits:
    """How long, how much and how often; tests use tiny ones."""

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    body_seconds: float = 60.0
    body_bytes: int = 20_000_000
    depth: int = 50
    pages: int = 5_000
    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 8.0
    jitter: float = 1.0
    patience: float = 5.0
    """A rate limit that ends within so many seconds is waited for here; a longer one is the caller's business."""

    def hurried(self) -> "Limits":
        """The same, but with one quick second try only."""
        return replace(self, tries=min(self.tries, 2), patience=0.0)


class Failed(Unreachable):
    """The service answered with an error status, or with none at all (0)."""

    def __init__(self, message: str, status: int, retry_at: datetime | None = None) -> None:
        super().__init__(message, retry_at)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """A good answer, whole. Header names are matched without case."""

    headers: Mapping[str, str]
    body: bytes


class Wire:
    """HTTP GET to one service. It keeps its connections open, counts its requests, and serves one thread."""

    def __init__(self, service: str, bases: Sequence[str], limits: Limits) -> None:
        self.service = service
        self.limits = limits
        self.requests = 0
        self._lines: dict[str, HTTPConnection] = {}
        self._origins = frozenset(origin(base) for base in bases)

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET, asked again with growing waits while that may help. Raises ProviderError otherwise."""
        if origin(url) not in self._origins:
            raise IncompleteAnswer(f"{self.service} pointed to another host, which is never asked.")
        limits = self.limits
        for attempt in stamina.retry_context(
            on=self._worth_another_try,
            attempts=limits.tries,
            timeout=None,
            wait_initial=limits.first_wait,
            wait_max=limits.longest_wait,
            wait_jitter=limits.jitter,
        ):
            with attempt:
                return self._ask(url, headers)
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def while_somebody_waits(self) -> Iterator[None]:
        """Give up sooner within: a person looks at a blank page meanwhile, and holds a thread of the web server."""
        patient, self.limits = self.limits, self.limits.hurried()
        try:
            yield
        finally:
            self.limits = patient

    def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            line.close()
        self._lines.clear()

    def __del__(self) -> None:
        self.close()

    def _worth_another_try(self, error: Exception) -> bool | float:
        if not isinstance(error, Failed):
            return False
        if error.status == 429 and error.retry_at:
            seconds = max(0.0, (error.retry_at - datetime.now(UTC)).total_seconds())
            return seconds if seconds <= self.limits.patience else False
        return error.status in {0, 429} or (error.status >= 500 and error.status != 501)

    def _ask(self, url: str, headers: Mapping[str, str]) -> Answer:
        self.requests += 1
        line = self._line(origin(url))
        try:
            response = self._exchange(line, url, headers)
            body = self._read_whole(response)
        except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
            line.close()
            raise Failed(f"{self.service} did not answer.", 0) from error
        except Failed:
            line.close()
            raise
        if response.status != 200:
            raise self._refusal(response.status, response.headers)
        return Answer(response.headers, body)

    def _exchange(self, line: HTTPConnection, url: str, headers: Mapping[str, str]) -> urllib3.BaseHTTPResponse:
        if not line.is_connected:
            line.close()
            line.timeout = self.limits.connect_seconds
            line.connect()
            line.timeout = self.limits.read_seconds
        # Not through urllib3's pool: that rewrites percent-encodings (%3d to %3D), and ClassLink's application ids
        # are compared byte for byte.
        target = url[len(origin(url)) :]
        line.request("GET", target, headers={**headers, **ACCEPT}, preload_content=False)
        return line.getresponse()

    def _read_whole(self, response: urllib3.BaseHTTPResponse) -> bytes:
        give_up = time.monotonic() + self.limits.body_seconds
        body = bytearray()
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > self.limits.body_bytes:
                raise Failed(f"{self.service} sent too much in one answer.", 413)
            if time.monotonic() > give_up:
                raise Failed(f"{self.service} answered too slowly.", 0)
        return bytes(body)

    def _refusal(self, status: int, headers: Mapping[str, str]) -> ProviderError:
        if status in {401, 403}:
            return AccessWithdrawn(f"{self.service} refuses our credentials ({status}).")
        if status == 404:
            return NotShared(f"{self.service} does not share this record.")
        now = datetime.now(UTC)
        retry_at = capped(told_to_return(headers, now), now) if status in {429, 503} else None
        return Failed(f"{self.service} answered with status {status}.", status, retry_at)

    def _line(self, where: str) -> HTTPConnection:
        if where not in self._lines:
            parts = urlsplit(where)
            host = parts.hostname or ""
            if parts.scheme == "https":
                self._lines[where] = HTTPSConnection(host, parts.port, ssl_context=_trust())
            else:
                self._lines[where] = HTTPConnection(host, parts.port)
        return self._lines[where]


ACCEPT = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Rollbook"}


def origin(url: str) -> str:
    """Scheme and authority of an address, as written there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
