"""Counts what the services were asked, and keeps Clever's rate limit."""

import math
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

API_PATHS = {"clever": ("/clever-api/", "/clever/oauth/"), "classlink": ("/roster/", "/nodeapi/", "/launchpad/oauth2/")}
BROWSER_PATHS = ("/clever/oauth/authorize", "/clever/oauth/instant-login", "/launchpad/oauth2/v2/auth")
EXCHANGES = {
    "/clever/oauth/tokens": "clever_token_exchanges",
    "/launchpad/oauth2/v2/token": "classlink_token_exchanges",
}
WINDOW = 60


def service_of(path: str) -> str | None:
    """Which service's machinery a path belongs to; steering and portal pages belong to none."""
    return next((service for service, starts in API_PATHS.items() if path.startswith(starts)), None)


class Meter:
    """Requests by service, token exchanges apart, and the last paths."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.paths: deque[str] = deque(maxlen=200)

    def saw(self, method: str, path: str, address: str) -> None:
        """Note one request; a browser's visit to an authorize page is listed, not counted."""
        service = service_of(path)
        if service is None:
            return
        self.paths.append(f"{method} {address}")
        if method == "POST" and path in EXCHANGES:
            self.counts[EXCHANGES[path]] += 1
        elif path not in BROWSER_PATHS:
            self.counts[service] += 1

    def told(self) -> dict[str, Any]:
        """Everything counted since the last reset."""
        names = ("clever", "classlink", *EXCHANGES.values())
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
