"""How connections are, across districts: for operators and the command line, through the directory door."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.database import directory
from webapp.store.questions.services import waiting_districts
from webapp.store.tables import UnclaimedDistrict

_LINES = """
select c.id, c.provider, coalesce(c.provider_district, '') as provider_district, c.method, c.state, c.last_good_sync_at,
       exists (select from sync_run r where r.connection_id = c.id and r.state = 'held') as held
from connection c
where cast(:license as uuid) is null or c.district_id = (select district_id from license where id = :license)
order by c.id
"""


def connection_lines(license_id: UUID | None = None) -> list[dict[str, Any]]:
    """A line for each connection: `connection_id provider district method state last_good_sync held`.

    Where no license is named, districts that wait to be claimed follow, `unclaimed`.
    """
    with directory() as session:
        rows = session.execute(text(_LINES), {"license": license_id}).all()
        waiting = [] if license_id else waiting_districts(session)
    lines = [
        {
            "connection_id": str(row.id),
            "provider": row.provider,
            "district": row.provider_district,
            "method": row.method,
            "state": row.state,
            "last_good_sync": row.last_good_sync_at.isoformat() if row.last_good_sync_at else None,
            "held": row.held,
        }
        for row in rows
    ]
    return lines + [_unclaimed_line(one) for one in waiting]


def _unclaimed_line(waiting: UnclaimedDistrict) -> dict[str, Any]:
    return {
        "connection_id": None,
        "provider": waiting.provider,
        "district": waiting.provider_district,
        "method": None,
        "state": "unclaimed",
        "last_good_sync": None,
        "held": False,
    }


def district_of_connection(session: Session, connection_id: UUID) -> UUID | None:
    """The district that a connection belongs to."""
    found = session.execute(text("select district_id from connection where id = :id"), {"id": connection_id}).scalar()
    return None if found is None else UUID(str(found))


def district_of_run(session: Session, run_id: UUID) -> UUID | None:
    """The district that a run belongs to."""
    found = session.execute(text("select district_id from sync_run where id = :id"), {"id": run_id}).scalar()
    return None if found is None else UUID(str(found))


def held_run_heads(session: Session, connection_id: UUID | None) -> list[tuple[UUID, UUID, UUID]]:
    """(run, connection, district) of every run that waits for a person."""
    rows = session.execute(
        text("""
select id, connection_id, district_id from sync_run where state = 'held'
and (cast(:connection as uuid) is null or connection_id = :connection) order by requested_at"""),
        {"connection": connection_id},
    )
    return [(row.id, row.connection_id, row.district_id) for row in rows]
