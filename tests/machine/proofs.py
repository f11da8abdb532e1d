"""The invariants of TEST-3, as the database tells them: row versions, the journal replayed, tenants, leases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from webapp.store.database import engine
from webapp.store.tables import Base

TENANTED = {name: table for name, table in Base.metadata.tables.items() if "district_id" in table.columns}
BOOKS = {"sync_run", "held_removal", "lease", "connection"}
"""What a run writes about itself."""
NO_ROSTERS = {"outbox", "record_set_aside"}
"""Letters, and what was set aside, which is dated anew once a day."""
_VERSIONS = " union all ".join(
    f"select '{name}' as name, count(*), md5(string_agg(ctid || '/' || xmin, ',' order by ctid))"
    f" from {name} where district_id = :district"
    for name in sorted(TENANTED.keys() - BOOKS)
)
_JOURNAL = """
select record, record_id, what, before, after from change
where district_id = :district and record in ('class', 'enrollment', 'account', 'section', 'term') order by id
"""
_TABLES = {
    "class": "school_class",
    "enrollment": "enrollment",
    "account": "account",
    "section": "section",
    "term": "term",
}
_NOW = " union all ".join(
    f"select '{record}' as record, id::text as id, to_jsonb(t) as told from {table} t where district_id = :district"
    for record, table in _TABLES.items()
)
NOT_REPLAYED = {"name", "hand", "roles", "enabled"}
"""`name` is what people saw, computed of two columns; the others stand in other tables, or are marks of a hand."""

_STRAYS = " union all ".join(
    f"select '{name}.{key.parent.name}' from {name} here join {key.column.table.name} there"
    f" on there.{key.column.name} = here.{key.parent.name} where there.district_id <> here.district_id"
    for name, table in TENANTED.items()
    for key in table.foreign_keys
    if key.column.table.name in TENANTED
)


def versions(district_id: UUID) -> list[tuple[Any, ...]]:
    """Differs whenever a row of this district was written, even with equal values, or a letter was."""
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(_VERSIONS), {"district": district_id})]


def strays() -> list[str]:
    """Columns in which a row names something of another district, once for each such row."""
    with engine().connect() as connection:
        return list(connection.execute(text(_STRAYS)).scalars())


def lease(connection_id: UUID, now: datetime) -> tuple[int, int]:
    """How many may apply to the connection at this moment, and its fence. A dead worker's lease runs out by itself."""
    with engine().connect() as connection:
        row = connection.execute(
            text("""select count(holder) filter (where expires_at > :now), coalesce(max(fence), 0) from lease
                    where connection_id = :connection"""),
            {"connection": connection_id, "now": now},
        ).one()
        return int(row[0]), int(row[1])


def replay(district_id: UUID) -> list[str]:
    """Where the journal, read from its beginning, tells something else than the tables do; empty is right."""
    with engine().connect() as connection:
        journal = connection.execute(text(_JOURNAL), {"district": district_id}).all()
        tables = {(row.record, row.id): row.told for row in connection.execute(text(_NOW), {"district": district_id})}
    told: dict[tuple[str, str], dict[str, Any]] = {}
    faults = []
    for record, record_id, what, before, after in journal:
        known = told.setdefault((record, record_id), {"state": "active"} if record == "class" else {})
        if what == "removed" and record == "enrollment" and known.get("state", "ended") == "ended":
            faults.append(f"{record} {record_id} ends twice")
        faults += [f"{record} {record_id}: {field} was not {was}" for field, was in _differ(before, known)]
        known |= after or {}
    faults += [f"{key}: in the journal, and not in its table" for key in told.keys() - tables.keys()]
    for key in told.keys() & tables.keys():
        known = told[key]
        faults += [f"{key}: the table has another {field} than {value}" for field, value in _differ(known, tables[key])]
    silent = {key for key in tables if key[0] in ("class", "enrollment")} - set(told)
    return faults + [f"{key}: nothing in the journal" for key in silent]


def _differ(one: dict[str, Any] | None, other: dict[str, Any]) -> list[tuple[str, Any]]:
    pairs = (one or {}).items()
    return [
        (field, value)
        for field, value in pairs
        if field in other and field not in NOT_REPLAYED and other[field] != value
    ]


def rosters(told: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Of `versions`, what a roster consists of, and its journal."""
    return [row for row in told if row[0] not in NO_ROSTERS]


def letters(told: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Of `versions`, the letters."""
    return [row for row in told if row[0] == "outbox"]
