"""The two doors to the database. Every transaction goes through one of them, and nothing else commits.

`tenant(district_id)` sees one district, by forced row-level security; `directory()` sees districts, connection heads,
identity keys, hashes of tokens, run heads and the outbox, for what happens before a district is known, or across them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

APP_ROLE = "rollbook_app"
DIRECTORY_ROLE = "rollbook_directory"

# A page that waits longer than this for the database has failed its reader; a sync sets its own limits.
TIMEOUTS = "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"

_engine: Engine | None = None


class NotConnected(Exception):
    """The database was used before `connect`."""


def connect(url: str, *, pool_size: int = 20) -> Engine:
    """Open the pool that both doors use, replacing any earlier one. The URL names its driver (postgresql+psycopg)."""
    global _engine
    if _engine is not None:
        _engine.dispose()
    _engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,  # a logged error must not carry names (PRIV-3)
        connect_args={"options": TIMEOUTS},
    )
    return _engine


def engine() -> Engine:
    """The pool. Raises NotConnected before `connect`."""
    if _engine is None:
        raise NotConnected
    return _engine


def forget_connections() -> None:
    """In a forked child: leave the parent's sockets alone and open new ones (safety.md STACK-7)."""
    engine().dispose(close=False)


@contextmanager
def tenant(district_id: UUID) -> Iterator[Session]:
    """A transaction that sees this district's rows and no others; committed at the end, rolled back on an exception."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        _enter(session.connection(), APP_ROLE, str(district_id))
        yield session


@contextmanager
def directory() -> Iterator[Session]:
    """A transaction that sees keys and heads of all districts, but no names and no rosters."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        _enter(session.connection(), DIRECTORY_ROLE, "")
        yield session


class TenantConnection:
    """One connection for a whole run, so that its temporary tables live across transactions; close it by `with`."""

    def __init__(self, district_id: UUID) -> None:
        self._district = str(district_id)
        self._connection = engine().connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        # The temporary tables must not come back with the pooled connection.
        self._connection.invalidate()
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction as the tenant, on this connection."""
        with self._connection.begin():
            _enter(self._connection, APP_ROLE, self._district)
            yield self._connection


def _enter(connection: Connection, role: str, district: str) -> None:
    connection.execute(
        text("select set_config('role', :role, true), set_config('rollbook.district', :district, true)"),
        {"role": role, "district": district},
    )
