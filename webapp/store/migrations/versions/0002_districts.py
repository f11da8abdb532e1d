"""The services' tables of districts: who waits to be claimed, who is missing, where each change feed stands."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add two tables, and columns that code which does not know them leaves alone."""
    op.get_bind().connection.cursor().execute((Path(__file__).parent / "0002_districts.sql").read_text())
