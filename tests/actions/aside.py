"""What was set aside or noted as odd, and how a person's record goes wrong."""

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from tests.factory import House
from tests.shared_roster import SharedRoster
from webapp.store.database import tenant


def aside(house: House, *, odd: bool = False) -> list[tuple[Any, ...]]:
    """Every note of the district: record, source id, section, reason."""
    with tenant(house.district_id) as session:
        rows = session.execute(
            text("""select record, source_id, section_source_id, reason from record_set_aside where odd = :odd
                    order by record, source_id, reason"""),
            {"odd": odd},
        )
        return [tuple(row) for row in rows]


def replace_person(shared: SharedRoster, source_id: str, **fields: Any) -> None:
    """The service tells of this person otherwise from now on."""
    shared.people = [replace(one, **fields) if one.source_id == source_id else one for one in shared.people]
