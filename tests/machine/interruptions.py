"""A worker that is killed, or stands still for minutes, at a chosen statement or transaction of its run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from webapp.store.database import engine

TRANSACTION_BEGINS = "select set_config('role'"
"""The first statement of each transaction: nothing is locked yet."""


class Killed(BaseException):
    """The worker is dead: like signal 9, no `except Exception` gets in its way."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Whoever talks to the database inside dies at its n-th statement, and says nothing more: no clean-up arrives."""
    said = 0

    def count(*_event: object) -> None:
        nonlocal said
        said += 1
        if said >= statement:
            raise Killed

    with _listening(count):
        try:
            yield
        except Killed:
            return


@contextmanager
def standing_still_at(transaction: int, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Before the n-th transaction inside, everything that `meanwhile` does has been done by others."""
    begun, happened = 0, False

    def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        nonlocal begun, happened
        if happened or not statement.startswith(TRANSACTION_BEGINS):
            return
        begun += 1
        if begun == transaction:
            happened = True
            meanwhile()

    with _listening(count):
        yield
    if not happened:
        meanwhile()


@contextmanager
def _listening(to: Callable[..., None]) -> Iterator[None]:
    event.listen(engine(), "before_cursor_execute", to)
    try:
        yield
    finally:
        event.remove(engine(), "before_cursor_execute", to)
