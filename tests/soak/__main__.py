"""`python -m tests.soak`: TEST-10, a virtual day of 50 districts with random faults. A seed that is told replays it."""

import argparse
import json
import logging
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from cryptography.fernet import Fernet

from tests.network_guard import close_the_network
from tests.servers import Servers, empty, running_servers
from tests.soak.day import Day
from webapp.jobs import work
from webapp.settings import Settings

MOST_TOLD = 40


def main() -> None:
    """One day after the other until the minutes are over, one at least; exit code 1 where something did not hold."""
    asked = _arguments()
    close_the_network()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    ends, seed, failures = time.monotonic() + 60 * asked.minutes, asked.seed, 0
    with _servers(asked.servers) as servers, tempfile.TemporaryDirectory() as home:
        url = servers.database(asked.name)
        work.prepare(_settings(Path(home), url, servers.valkey.url(15)))
        while not failures and (seed == asked.seed or time.monotonic() < ends):
            empty(url)
            failures += _passed(_settings(Path(home), url, servers.valkey.url(15)), seed, asked)
            seed += 1
    sys.exit(1 if failures else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=0, help="days are begun until so many minutes are over")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--tenants", type=int, default=50)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--pace", type=float, default=1, help="so many times as much happens as on a usual day")
    parser.add_argument("--servers", type=json.loads, help="servers that run already, as they tell of themselves")
    parser.add_argument("--name", default="soak", help="of the database")
    return parser.parse_args()


@contextmanager
def _servers(told: dict[str, str] | None) -> Iterator[Servers]:
    if told:
        yield Servers.from_told(told)
        return
    with running_servers() as servers:
        yield servers


def _settings(home: Path, database_url: str, queue_url: str) -> Settings:
    given = {"data_dir": home, "database_url": database_url, "queue_url": queue_url}
    return Settings(_env_file=None, secret_key="secret", token_keys=KEY, **given)  # type: ignore[arg-type]


def _passed(settings: Settings, seed: int, asked: argparse.Namespace) -> int:
    """How much did not hold on this day; told as it is found."""
    began, day = time.monotonic(), Day(settings, seed=seed, tenants=asked.tenants, pace=asked.pace)
    broken = day.pass_by(asked.hours)
    broken += day.come_to_rest()
    print(*broken[:MOST_TOLD], sep="\n", end="\n" if broken else "")
    print(f"{dict(sorted(day.seen.items()))} {dict(sorted(day.workers.seen.items()))}")
    print(
        f"seed {seed}: {asked.tenants} districts, {asked.hours} virtual hours, {day.workers.seen['run_sync']} runs, "
        f"{day.workers.seen['killed']} killed, {len(broken)} breaks, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return len(broken)


KEY = Fernet.generate_key().decode()

if __name__ == "__main__":
    main()
