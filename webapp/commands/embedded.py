"""The embedded servers of one data dir: PostgreSQL and Valkey, each only where the settings name no other."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from webapp.commands.postgres import start_postgres
from webapp.commands.valkey import start_valkey

DATABASE = "rollbook"


@dataclass(frozen=True)
class Servers:
    """Where the database and the queue answer."""

    database_url: str
    queue_url: str


@contextmanager
def embedded_servers(data_dir: Path, database_url: str = "", queue_url: str = "") -> Iterator[Servers]:
    """Start what no address is given for, and stop it at the end. What it holds stays in the data dir."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if not database_url:
            postgres = start_postgres(data_dir.resolve())
            stack.callback(postgres.stop)
            database_url = postgres.ensure_database(DATABASE)
        if not queue_url:
            valkey = start_valkey(data_dir.resolve())
            stack.callback(valkey.stop)
            queue_url = valkey.url()
        yield Servers(database_url, queue_url)
