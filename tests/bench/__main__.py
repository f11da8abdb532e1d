"""Run the benchmarks and print them as a table of ratios."""

import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table

from tests.bench.district import Customer, a_customer, ask, sandbox_process
from tests.bench.measure import Cost, cost, seconds
from tests.bench.yardstick import pull_classlink, pull_clever
from tests.servers import running_servers
from webapp.providers.table import services
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import connect

SIZE = sys.argv[1] if len(sys.argv) > 1 else "S"
REPEATS = 5


def main() -> None:
    """Measure district S through both services."""
    table = Table(title=f"District {SIZE}; times as multiples of fetching and decoding the same pages in the same run")
    for heading in ("what", "× yardstick", "seconds", "yardstick s", "requests", "statements", "roster rows", "WAL kB"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    with tempfile.TemporaryDirectory() as folder, running_servers() as servers:
        connect(servers.database("bench"))
        seal.use_keys(Fernet.generate_key().decode())
        with sandbox_process(Path(folder)) as told:
            settings = _settings(told)
            made = ask(f"{told['url']}/sandbox/districts", {"seed": 5, "size": SIZE})
            for provider in ("clever", "classlink"):
                _measure(table, provider, made, settings, told["url"])
    Console(width=140).print(table)


def _settings(told: dict[str, Any]) -> Settings:
    given = {name.removeprefix("ROLLBOOK_").lower(): value for name, value in told["settings"].items()}
    return Settings(_env_file=None, **given)


def _measure(table: Table, provider: str, made: dict[str, Any], settings: Settings, url: str) -> None:
    now = datetime.now(UTC)
    known = services(settings)
    customer = a_customer(provider, made, known, url, now)
    yardstick = _yardstick(provider, settings, made, known)
    yardstick()  # warms the sandbox
    floor = statistics.median(seconds(yardstick) for _ in range(REPEATS))
    _row(table, f"{provider}: first import of every section", *_once(lambda: customer.import_all(now)), floor)
    _row(table, f"{provider}: sync of unchanged data", *_syncs(customer, now), floor)


def _yardstick(provider: str, settings: Settings, made: dict[str, Any], known: dict[str, Any]) -> Callable[[], int]:
    if provider == "clever":
        district = made["clever_district"]
        return partial(pull_clever, settings, known["clever"].district_token(district))
    return partial(pull_classlink, settings, str(made["classlink_tenant"]))


def _once(work: Callable[[], Any]) -> tuple[Cost, int]:
    with cost() as told:
        run = work()
    return told, run.counts["requests"]


def _syncs(customer: Customer, now: datetime) -> tuple[Cost, int]:
    """The sync of median length out of several."""
    told = [_once(partial(customer.sync, now + timedelta(hours=hours))) for hours in range(1, REPEATS + 1)]
    return sorted(told, key=lambda one: one[0].seconds)[REPEATS // 2]


def _row(table: Table, what: str, told: Cost, requests: int, floor: float) -> None:
    table.add_row(
        what,
        f"{told.seconds / floor:.1f}",
        f"{told.seconds:.2f}",
        f"{floor:.2f}",
        str(requests),
        str(told.statements),
        str(told.rows),
        f"{told.wal / 1000:.0f}",
    )


if __name__ == "__main__":
    main()
