"""Records that could not be used: the card that lists them, and the file that has them all."""

from collections.abc import Collection
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from webapp.store.database import tenant
from webapp.store.questions.set_aside import (
    SHOWN_AT_ONCE,
    count_set_aside,
    every_record_set_aside,
    records_set_aside,
)
from webapp.views.csv_files import csv_file
from webapp.views.deciding import write_down

HEADER = ("what", "id", "name", "reason", "since")
WHAT = {"person": "Person", "section": "Section", "enrollment": "Enrollment", "school": "School"}


def set_aside_in(session: Session, licenses: Collection[UUID]) -> dict[str, object]:
    """What the rostering services shared that could not be used, or only with a note."""
    return {
        "counts": count_set_aside(session, licenses, odd=False),
        "records": records_set_aside(session, licenses, odd=False),
        "odd_counts": count_set_aside(session, licenses, odd=True),
        "odd": records_set_aside(session, licenses, odd=True),
        "shown": SHOWN_AT_ONCE,
    }


def as_file(district_id: UUID, licenses: Collection[UUID], about: tuple[str, UUID]) -> Response:
    """All that could not be used, as a download; that it was read stands in the district's book."""
    with tenant(district_id) as session:
        found = every_record_set_aside(session, licenses)
    write_down(district_id, "set_aside.file", about, [one.account_id for one in found])
    rows = [
        (WHAT.get(one.record, one.record.capitalize()), one.source_id, one.name, one.reason, one.since.isoformat())
        for one in found
    ]
    return csv_file("set-aside.csv", HEADER, rows)
