"""A process that has imported what others wrote, and nothing of ours: each run of pytest is a fork of it, made at once.

It is told on stdin what to run, a JSON line each, and says on stdout how that ended.
"""

import importlib
import json
import os
import signal
import sys
import time
from typing import Any, NoReturn

import pytest

SLOW_TO_IMPORT = (
    "alembic.command",
    "argon2",
    "authlib.integrations.requests_client",
    "babel.dates",
    "cryptography.fernet",
    "css_inline",
    "flask_limiter",
    "flask_login",
    "flask_wtf",
    "htmx_flask",
    "joserfc.jws",
    "playwright.sync_api",
    "prometheus_client",
    "psycopg",
    "pydantic_settings",
    "rich.table",
    "rq",
    "secure",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
    "stamina",
    "structlog",
)
LOOK_EVERY = 0.02


def main() -> None:
    """Run what is asked for, one after the other, until stdin ends."""
    for name in SLOW_TO_IMPORT:
        importlib.import_module(name)
    for line in sys.stdin:
        print(_run(**json.loads(line)), flush=True)


def _run(words: list[str], told: dict[str, str], out: str, patience: float) -> int:
    """Pytest's exit code; -1 where it came to no end."""
    pid = os.fork()
    if pid == 0:
        _become(words, told, out)
    ends = time.monotonic() + patience
    while (found := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.monotonic() > ends:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return -1
        time.sleep(LOOK_EVERY)
    return os.waitstatus_to_exitcode(found[1])


def _become(words: list[str], told: dict[str, str], out: str) -> NoReturn:
    code: Any = 3  # what pytest itself says of an internal error
    try:
        os.environ.update(told)
        file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = int(pytest.main(words))
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
