"""A worker that is killed at a chosen statement of its run, or stands still for minutes at a named place of it."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sqlalchemy import event

from webapp.store import checkpoints
from webapp.store.database import engine

WHILE_FETCHING = ("fetch.begin", "fetch.page_read", "fetch.page_staged", "fetch.complete", "lease.wanted")
WHILE_APPLYING = ("lease.committed", "plan.committed", "records.after_commit", "people.after_commit")
WHEN_DONE = ("classes.after_commit", "finish.after_commit")
"""Places between two transactions: nothing is locked there, so others can go on meanwhile."""


class Killed(BaseException):
    """The worker is dead: like signal 9, no `except Exception` gets in its way."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Whoever works inside dies at its n-th statement to the database, and says nothing more: no clean-up arrives.

    What the heart of the run says beside it is not counted, for nobody knows when it beats.
    """
    said, worker = 0, threading.get_ident()

    def count(*_event: object) -> None:
        nonlocal said
        if threading.get_ident() == worker:
            said += 1
            if said >= statement:
                raise Killed

    event.listen(engine(), "before_cursor_execute", count)
    try:
        yield
    except Killed:
        return
    finally:
        event.remove(engine(), "before_cursor_execute", count)


@contextmanager
def standing_still_at(place: str, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Where the worker inside first passes this place, others have done everything that `meanwhile` does."""
    happened = False

    def passed(name: str, *_told: str) -> None:
        nonlocal happened
        if name == place and not happened:
            happened = True
            meanwhile()

    told = {checkpoints.VARIABLE: f"{place} stop 1"}
    with patch.dict(os.environ, told), patch.object(checkpoints, "_pass", passed):
        yield
    if not happened:
        meanwhile()
