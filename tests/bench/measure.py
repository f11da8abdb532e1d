"""Counting what something costs: seconds, statements, rows written, bytes of write-ahead log."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event, text

from webapp.store.database import engine

ROSTER_TABLES = "account account_role identity school term course section school_class class_source enrollment change"


@dataclass
class Cost:
    """What one piece of work cost."""

    seconds: float = 0.0
    statements: int = 0
    rows: int = 0
    """Rows of roster tables that were inserted, updated or deleted."""
    wal: int = 0
    """Bytes of write-ahead log, for everything."""


@contextmanager
def cost() -> Iterator[Cost]:
    """Fill in the Cost of what happens inside."""
    told = Cost()
    statements = _Statements()
    rows, wal = _rows(), _wal()
    event.listen(engine(), "before_cursor_execute", statements)
    began = time.perf_counter()
    try:
        yield told
    finally:
        told.seconds = time.perf_counter() - began
        event.remove(engine(), "before_cursor_execute", statements)
        told.statements, told.rows, told.wal = statements.count, _rows() - rows, _wal() - wal


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class _Statements:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, *_args: object) -> None:
        self.count += 1


def _rows() -> int:
    names = ", ".join(f"'{name}'" for name in ROSTER_TABLES.split())
    question = f"select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables where relname in ({names})"
    with engine().connect() as connection:
        connection.execute(text("select pg_stat_force_next_flush()"))
        return int(connection.execute(text(question)).scalar_one())


def _wal() -> int:
    with engine().connect() as connection:
        return int(connection.execute(text("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")).scalar_one())
