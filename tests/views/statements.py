"""What is asked of the database meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from webapp.store import database


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent meanwhile, without the doors' own."""
    seen: list[str] = []

    def see(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "set_config" not in statement:
            seen.append(statement)

    event.listen(database.engine(), "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(database.engine(), "before_cursor_execute", see)
