"""HTTP manners, in one place for all services: limits, retries, budget, only the configured hosts, no redirects."""

import http.client
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import stamina
import urllib3

from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, NotShared, ProviderError, Unreachable
from webapp.providers.line import Bounds, Line, Reply, StrangePacking, TooMuch
from webapp.providers.waiting import Budget, capped, told_to_return


@dataclass(frozen=True)
class Limits(Bounds):
    """How long, how much and how often; tests use tiny ones."""

    depth: int = 50
    pages: int = 5_000
    tries: int = 5
    first_wait: float = 0.5
    longest_wait: float = 8.0
    jitter: float = 1.0
    patience: float = 5.0
    """A rate limit that ends within so many seconds is waited for here; a longer one is the caller's business."""
    left_to_others: float = 0.1
    """Of what a token may ask in a minute, this share is kept for people who wait."""

    def hurried(self) -> "Limits":
        """The same for somebody who waits: one quick second try only, and the share that is kept for them."""
        return replace(self, tries=min(self.tries, 2), patience=0.0, left_to_others=0.0)


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
        self._budget = Budget()
        self._lines: dict[str, Line] = {}
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
            # Not all at the same moment, and not a moment too early by our clock.
            return seconds + random.uniform(0, self.limits.jitter) if seconds <= self.limits.patience else False
        return error.status in {0, 429} or (error.status >= 500 and error.status != 501)

    def _ask(self, url: str, headers: Mapping[str, str]) -> Answer:
        token = headers.get("Authorization", "")
        self._keep_the_budget(token)
        self.requests += 1
        reply = self._exchange(url, headers)
        self._budget.note(token, reply.headers, datetime.now(UTC))
        if reply.status != 200:
            raise self._refusal(reply.status, reply.headers)
        return Answer(reply.headers, reply.body)

    def _keep_the_budget(self, token: str) -> None:
        """Raise as if we had been refused, where the next request would take from those who wait (or is refused)."""
        until = self._budget.rest_until(token, self.limits.left_to_others, datetime.now(UTC))
        if until:
            raise Failed(f"{self.service} limits how often it may be asked.", 429, until)

    def _exchange(self, url: str, headers: Mapping[str, str]) -> Reply:
        where = origin(url)
        line = self._lines.get(where) or self._lines.setdefault(where, Line(where))
        try:
            return line.ask(url, headers, self.limits)
        except TooMuch as error:
            raise Failed(f"{self.service} sent too much in one answer.", 413) from error
        except StrangePacking as error:
            raise IncompleteAnswer(f"{self.service} sent something that is packed in an unknown way.") from error
        except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
            raise Failed(f"{self.service} did not answer.", 0) from error

    def _refusal(self, status: int, headers: Mapping[str, str]) -> ProviderError:
        if status in {401, 403}:
            return AccessWithdrawn(f"{self.service} refuses our credentials ({status}).")
        if status == 404:
            return NotShared(f"{self.service} does not share this record.")
        now = datetime.now(UTC)
        retry_at = capped(told_to_return(headers, now), now) if status in {429, 503} else None
        if status == 429:
            return Failed(f"{self.service} limits how often it may be asked.", status, retry_at)
        return Failed(f"{self.service} answered with status {status}.", status, retry_at)


def origin(url: str) -> str:
    """Scheme and authority of an address, as written there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
