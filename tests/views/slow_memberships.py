"""Memberships that are written slowly, so that two people at once really meet."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from webapp.store import database

SLOWLY = """
create function slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.05); return new; end';
create trigger slowly before insert on license_member for each row execute function slowly()
"""


@contextmanager
def slow_memberships() -> Iterator[None]:
    """Whoever counts seats meanwhile without a lock, counts too few."""
    with database.engine().begin() as connection:
        connection.execute(text(SLOWLY))
    try:
        yield
    finally:
        with database.engine().begin() as connection:
            connection.execute(text("drop trigger slowly on license_member; drop function slowly()"))
