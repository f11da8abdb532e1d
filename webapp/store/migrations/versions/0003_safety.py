"""What sync safety needs: undo, thresholds that fall back, blackouts, records set aside, people who may be the same."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add two tables, and columns that code which does not know them leaves alone."""
    op.get_bind().connection.cursor().execute((Path(__file__).parent / "0003_safety.sql").read_text())
