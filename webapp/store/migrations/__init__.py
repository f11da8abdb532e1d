"""Schema changes, run in-process by `rollbook migrate`. One file each in `versions/`, named for what it does.

A migration works while the code of the version before it still runs. No application code is imported by a version file.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

# Two processes that start at once must not migrate at once; any constant that only we use.
ADVISORY_LOCK = 7_655_265


def migrate(url: str) -> str:
    """Bring the database at `url` up to the newest schema and return its revision. Safe to run twice, and at once."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": ADVISORY_LOCK})
            connection.commit()
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()
