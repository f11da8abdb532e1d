"""The house: every table, and the two roles with their rights."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, then who may see what. Plain SQL: it is read more often than it is run."""
    # The driver's own cursor: SQLAlchemy would take the format() signs for parameters.
    cursor = op.get_bind().connection.cursor()
    for name in ("0001_tables.sql", "0001_doors.sql"):
        cursor.execute((Path(__file__).parent / name).read_text())
