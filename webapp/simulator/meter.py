"""Counts what the services were asked, and keeps Clever's rate limit."""

import math
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from webapp.simulator.played import Played

WINDOW = 60


class Meter:
    """Requests by service, token exchanges apart, and the last paths."""

    def __init__(self, services: Sequence["Played"]) -> None:
        self.services = services
        self.counts: Counter[str] = Counter()
        self.paths: deque[str] = deque(maxlen=200)

    def saw(self, method: str, path: str, address: str) -> None:
        """Note one request; a browser's visit to an authorize page is listed, not counted."""
        service = self.service_of(path)
        if service is None:
            return
        self.paths.append(f"{method} {address}")
        if method == "POST" and path == service.exchange:
            self.counts[f"{service.key}_token_exchanges"] += 1
        elif path not in service.browser_paths:
            self.counts[service.key] += 1

    def service_of(self, path: str) -> "Played | None":
        """Whose machinery a path belongs to; steering and portal pages belong to none."""
        return next((one for one in self.services if path.startswith(one.api_paths)), None)

    def told(self) -> dict[str, Any]:
        """Everything counted since the last reset."""
        names = [name for one in self.services for name in (one.key, f"{one.key}_token_exchanges")]
        return {name: self.counts[name] for name in names} | {"paths": list(self.paths)}


class RateLimit:
    """A fixed window for each bearer token, as Clever has it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.used: Counter[tuple[str, int]] = Counter()

    def spend(self, token: str, limit: int) -> tuple[bool, dict[str, str]]:
        """Whether one more request is allowed, and the headers that say so."""
        window = int(self.clock() // WINDOW)
        if len(self.used) > 1000:
            self.used = Counter({key: count for key, count in self.used.items() if key[1] == window})
        self.used[token, window] += 1
        left = limit - self.used[token, window]
        return left >= 0, limit_headers(limit, max(left, 0), (window + 1) * WINDOW)


def limit_headers(limit: int, left: int, reset: float) -> dict[str, str]:
    """Clever's own four headers."""
    return {
        "X-Ratelimit-Bucket": "bearer",
        "X-Ratelimit-Limit": str(limit),
        "X-Ratelimit-Remaining": str(left),
        "X-Ratelimit-Reset": str(math.ceil(reset)),
    }
