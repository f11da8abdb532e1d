"""How often things may be tried: by account or link; by address only as a high ceiling, since a school shares one."""

from typing import cast

import structlog
from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis.exceptions import RedisError

from webapp.settings import Settings
from webapp.store.tokens import digest

log = structlog.get_logger()

CEILING = "1000 per minute"
TRIES = parse("10 per 15 minutes")
SLOW = parse("1 per 5 seconds")
"""Beyond the tries, one more every few seconds: slow for a guesser, a moment for an owner, never a lock."""

limiter = Limiter(key_func=get_remote_address, in_memory_fallback_enabled=True, strategy="fixed-window")
SPARE = "rollbook.spare_limits"


def install(app: Flask, settings: Settings) -> None:
    """Count in the queue's server; in this process while that does not answer."""
    url = settings.queue_url
    app.config["RATELIMIT_STORAGE_URI"] = f"redis+{url}" if url.startswith("unix://") else url
    limiter.init_app(app)
    app.extensions[SPARE] = FixedWindowRateLimiter(MemoryStorage())


def too_fast(doing: str, whose: str) -> bool:
    """Count a try at `doing` something `whose`; True where it comes too soon after ten within a quarter of an hour."""
    try:
        return _too_fast(limiter.limiter, doing, digest(whose))
    except RedisError:
        log.warning("counting tries in this process: the queue's server does not answer")
        return _too_fast(cast(FixedWindowRateLimiter, current_app.extensions[SPARE]), doing, digest(whose))


def _too_fast(counter: RateLimiter, *key: str) -> bool:
    return not counter.hit(TRIES, *key) and not counter.hit(SLOW, *key)
