"""What went wrong, told by kind and place: messages quote people, PostgreSQL's whole rows of them (PRIV-3)."""

from pathlib import Path
from traceback import walk_tb

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

OURS = Path(__file__).parents[1]
DATABASE_TROUBLE = (SQLAlchemyError, psycopg.Error)
"""COPY is the driver's own, so its errors come as they are."""

_PASSING = ("08", "40", "53", "55P03", "57P", "58")
"""How the states begin that say nothing against a statement: connection lost, deadlock, no room, a lock waited for in
vain, shut down, the machine's own trouble: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def passes(error: Exception) -> bool:
    """True where the server was away, full or busy: the same may do later."""
    driver = _driver_error(error)
    if driver is None:
        return False
    if driver.sqlstate is None:  # the driver itself noticed that nobody answers
        return isinstance(driver, psycopg.OperationalError)
    return driver.sqlstate.startswith(_PASSING)


def why(error: Exception) -> str:
    """The kind of the trouble, as far as it may stand in a log."""
    driver = _driver_error(error)
    return f"{type(driver or error).__name__} {driver.sqlstate if driver else ''}".strip()


def where(error: BaseException) -> str:
    """The lines of ours that the error came through, the one that broke last."""
    lines = ((Path(frame.f_code.co_filename), number) for frame, number in walk_tb(error.__traceback__))
    return " ".join(f"{path.relative_to(OURS.parent)}:{number}" for path, number in lines if OURS in path.parents)


def _driver_error(error: Exception) -> psycopg.Error | None:
    found = error.orig if isinstance(error, DBAPIError) else error
    return found if isinstance(found, psycopg.Error) else None
