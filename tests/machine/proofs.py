"""The invariants of TEST-3, as the database tells them: row versions, the journal replayed, tenants, leases."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from webapp.store.database import engine

WRITTEN = (
    "account account_role identity school term course section school_class class_source enrollment change outbox"
).split()
_VERSIONS = " union all ".join(
    f"select '{table}', count(*), md5(string_agg(ctid || '/' || xmin, ',' order by id))"
    f" from {table} where district_id = :district"
    for table in WRITTEN
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

_STRAY = """
select (select count(*) from enrollment n join school_class c on c.id = n.class_id join account a on a.id = n.account_id
        where n.district_id <> c.district_id or n.district_id <> a.district_id)
     + (select count(*) from identity i join account a on a.id = i.account_id where i.district_id <> a.district_id)
     + (select count(*) from class_source s
        join school_class c on c.id = s.class_id join section x on x.id = s.section_id
        join connection o on o.id = s.connection_id
        where s.district_id <> c.district_id or s.district_id <> x.district_id or s.district_id <> o.district_id)
     + (select count(*) from change c join sync_run r on r.id = c.run_id where c.district_id <> r.district_id)
     + (select count(*) from held_removal h join sync_run r on r.id = h.run_id where h.district_id <> r.district_id)
"""


def versions(district_id: UUID) -> list[tuple[Any, ...]]:
    """Differs whenever a row of this district was written, even with equal values, or a letter was."""
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(_VERSIONS), {"district": district_id})]


def strays() -> int:
    """How many rows name something of another district."""
    with engine().connect() as connection:
        return int(connection.execute(text(_STRAY)).scalar_one())


def lease(connection_id: UUID) -> tuple[int, int]:
    """How many leases the connection has, and its fence."""
    with engine().connect() as connection:
        row = connection.execute(
            text("select count(*), coalesce(max(fence), 0) from lease where connection_id = :connection"),
            {"connection": connection_id},
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
    for key, known in told.items():
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
    """Of `versions`, all but the letters."""
    return [row for row in told if row[0] != "outbox"]


def letters(told: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Of `versions`, the letters."""
    return [row for row in told if row[0] == "outbox"]
