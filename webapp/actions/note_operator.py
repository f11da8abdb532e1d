"""What an operator does inside a district stands in that district's book."""

from datetime import datetime
from uuid import UUID

from webapp.store.audit import note
from webapp.store.database import tenant


def note_operator(district_id: UUID, operator_id: UUID, action: str, run_id: UUID, *, now: datetime) -> None:
    """It is written down that this operator saw the names of a held run, or decided it (safety.md SEC-32)."""
    with tenant(district_id) as session:
        about = ("sync_run", run_id)
        note(session, action, at=now, district_id=district_id, operator_id=operator_id, about=about)
