"""OneRoster's filter, sort, fields, limit and offset."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.exceptions import BadRequest

from webapp.simulator.oneroster.paths import Found
from webapp.simulator.oneroster.records import Json
from webapp.simulator.oneroster.shelf import Collection

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 10_000
CLAUSE = re.compile(r"\s*([A-Za-z][\w.]*)\s*(!=|>=|<=|=|>|<|~)\s*'([^']*)'\s*(?:(AND|OR)\b|$)", re.IGNORECASE)
COMPARE: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    "~": lambda value, wanted: wanted.casefold() in value.casefold(),
}
OPTIONAL = frozenset({"beginDate", "endDate", "parent", "children", "course", "schoolYear", "org", "metadata"})
Clause = tuple[str, str, str]


def selected(collection: Collection, found: Found, query: Mapping[str, str]) -> list[int]:
    """The places of the records that the query asks for, in its order."""
    places = in_order(collection, found, query)
    if not query.get("filter"):
        return places
    groups = parsed(query["filter"])
    known = OPTIONAL.union(*(record.keys() for record in collection.records[:1]))
    for field, _, _ in (clause for group in groups for clause in group):
        if collection.records and field.split(".")[0] not in known:
            raise BadRequest(f"invalid_filter_field: {field}")
    return [place for place in places if matches(collection.records[place], groups)]


def in_order(collection: Collection, found: Found, query: Mapping[str, str]) -> list[int]:
    """The found places, sorted if the query names a field that the records have."""
    field = query.get("sort", "")
    if field and collection.records and field not in collection.records[0]:
        field = ""  # an unknown field sorts nothing and is no error
    if not field:
        places = found.places
    elif found.whole:
        places = collection.ordered(field)
    else:
        places = sorted(found.places, key=lambda place: str(collection.records[place].get(field, "")))
    return places[::-1] if query.get("orderBy", "").lower() == "desc" else places


def parsed(text: str) -> list[list[Clause]]:
    """The filter as groups joined by OR, each of clauses joined by AND, as ClassLink reads it."""
    groups: list[list[Clause]] = [[]]
    place, joined = 0, True
    while joined:
        clause = CLAUSE.match(text, place)
        if clause is None:
            raise BadRequest(f"invalid filter: {text[place:]}")
        groups[-1].append((clause[1], clause[2], clause[3]))
        place, joined = clause.end(), bool(clause[4])
        if joined and clause[4].upper() == "OR":
            groups.append([])
    return groups


def matches(record: Json, groups: list[list[Clause]]) -> bool:
    """Whether the record fits all clauses of any group."""
    return any(all(fits(record, *clause) for clause in group) for group in groups)


def fits(record: Json, field: str, sign: str, wanted: str) -> bool:
    """Whether one field fits; of a list `=` compares the whole, `~` looks for a member."""
    value = reached(record, field.split("."))
    if isinstance(value, list):
        members = [str(one) for one in value]
        return wanted in members if sign == "~" else COMPARE[sign](",".join(members), wanted)
    return COMPARE[sign]("" if value is None else str(value), wanted)


def reached(value: Any, path: list[str]) -> Any:
    """What a dotted path leads to, through lists too."""
    for step in path:
        if isinstance(value, list):
            value = [one.get(step, "") for one in value]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def window(query: Mapping[str, str], cap: int | None) -> tuple[int, int]:
    """Where the page starts, and how long it may be; a limit above the largest is clamped."""
    limit, offset = query.get("limit", str(DEFAULT_LIMIT)), query.get("offset", "0")
    if not limit.isdigit() or not offset.isdigit() or int(limit) < 1:
        raise BadRequest("limit and offset must be whole numbers")
    return int(offset), min(int(limit), LARGEST_LIMIT, cap or LARGEST_LIMIT)


def fields_of(collection: Collection, query: Mapping[str, str]) -> list[str] | None:
    """The fields to send, or nothing for all of them; unknown fields select nothing, blank ones are refused."""
    if "fields" not in query:
        return None
    fields = [field.strip() for field in query["fields"].split(",")]
    if not any(fields):
        raise BadRequest("invalid_blank_selection_field")
    known = collection.records[0] if collection.records else {}
    return fields if all(field in known for field in fields) else None
