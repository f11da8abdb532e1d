"""Logs: on stderr, one line each, with ids and counts; never names, addresses or tokens."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

PRIVATE = {"name", "given_name", "family_name", "email", "address", "token", "code", "secret", "password", "state"}
"""Keys that are blanked wherever a log line carries them; safety.md PRIV-3."""


def configure_logs(level: str) -> None:
    """Send our own and every library's log lines to stderr, from this level up."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _blank_private,
    ]
    render = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Authlib's debug lines hold the verifier of a sign-in; urllib3's hold addresses with ids.
    for name in ("authlib", "urllib3"):
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _blank_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: "-" if key in PRIVATE else value for key, value in event.items()}
