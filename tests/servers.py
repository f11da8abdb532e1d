"""The PostgreSQL and the Valkey of one test run: started once, shared by its workers, gone at the end."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from webapp.commands.postgres import Postgres, start_postgres
from webapp.commands.valkey import Valkey, start_valkey
from webapp.store.migrations import migrate

TEMPLATE = "rollbook_template"
# What a power cut would lose, nobody misses.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Servers:
    """Where the servers of this run are."""

    postgres: Postgres
    valkey: Valkey

    def told(self) -> dict[str, str]:
        """The same, to hand to another process."""
        postgres = self.postgres
        return {"data": str(postgres.data), "sockets": str(postgres.sockets), "valkey": str(self.valkey.socket)}

    @classmethod
    def from_told(cls, told: dict[str, str]) -> "Servers":
        """The servers that another process started."""
        postgres = Postgres(Path(told["data"]), Path(told["sockets"]), None)
        return cls(postgres, Valkey(Path(told["valkey"]), None))

    def database(self, name: str) -> str:
        """The address of a database with all tables and no rows, made at the first call."""
        return self.postgres.ensure_database(name, TEMPLATE)


@contextmanager
def running_servers() -> Iterator[Servers]:
    """Start both servers, with a migrated database to copy from, and stop and forget them at the end."""
    home = Path(tempfile.mkdtemp(prefix="rollbook-tests-"))
    try:
        postgres, valkey = start_postgres(home, CARELESS), start_valkey(home)
        try:
            migrate(postgres.ensure_database(TEMPLATE))
            yield Servers(postgres, valkey)
        finally:
            valkey.stop()
            postgres.stop()
    finally:
        shutil.rmtree(home)


def empty(database_url: str) -> None:
    """Take every row out of our tables. Only those that hold one are touched, which is a hundred times faster."""
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        # Without foreign keys and triggers, so that the order does not matter and append-only tables are no exception.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET lock_timeout = '10s'")
        full = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in _tables(connection))
        for (name,) in connection.execute(full.encode()).fetchall():
            connection.execute(f"DELETE FROM {name}".encode())


def _tables(connection: psycopg.Connection[tuple[object, ...]]) -> list[object]:
    rows = connection.execute(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'alembic_version'"
        # Other connections' temporary tables may be gone before they are looked into.
        r" AND schemaname NOT LIKE 'pg\_temp%'"
    )
    return [name for (name,) in rows.fetchall()]
