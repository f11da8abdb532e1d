"""OneRoster's filter, sort, fields, limit and offset."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from webapp.simulator.oneroster.errors import Refused
from webapp.simulator.oneroster.fields import FIELDS
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
Clause = tuple[str, str, str]


def selected(collection: Collection, found: Found, query: Mapping[str, str], *, filters: bool) -> list[int]:
    """The places of the records that the query asks for, in its order."""
    places = in_order(collection, found, query)
    if not query.get("filter") or not filters:
        return places
    groups = parsed(query["filter"])
    for field, _, _ in (clause for group in groups for clause in group):
        if field.split(".")[0] not in FIELDS[found.collection]:
            raise Refused(400, "invalid_filter_field", f"there is no field {field}")
    return [place for place in places if matches(collection.records[place], groups)]


def in_order(collection: Collection, found: Found, query: Mapping[str, str]) -> list[int]:
    """The found places, sorted if the query names a field; an unknown one sorts nothing and is no error."""
    field = query.get("sort", "")
    if field not in FIELDS[found.collection]:
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
            raise Refused(400, "invalid data", f"this is no filter: {text[place:]}")
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
    if field == "dateLastModified":
        return COMPARE[sign](moment(str(value)), moment(wanted))
    return COMPARE[sign]("" if value is None else str(value), wanted)


def moment(text: str) -> str:
    """A date or a time in one form, so that texts compare as moments do; what is neither stays as it is."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    at = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    return at.isoformat(timespec="microseconds")


def reached(value: Any, path: list[str]) -> Any:
    """What a dotted path leads to, through lists too."""
    for step in path:
        if isinstance(value, list):
            value = [one.get(step, "") for one in value if isinstance(one, dict)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def window(query: Mapping[str, str], cap: int, *, refuses: bool = False) -> tuple[int, int]:
    """Where the page starts, and how long it may be; a limit above the largest is clamped, or refused."""
    limit, offset = query.get("limit", str(DEFAULT_LIMIT)), query.get("offset", "0")
    if not limit.isdigit() or not offset.isdigit() or int(limit) < 1:
        raise Refused(400, "invalid data", "limit and offset must be whole numbers")
    largest = min(cap or LARGEST_LIMIT, LARGEST_LIMIT)
    if refuses and int(limit) > largest:
        raise Refused(400, "invalid data", f"the largest limit is {largest}")
    return int(offset), min(int(limit), largest)


def fields_of(collection: str, query: Mapping[str, str]) -> list[str] | None:
    """The fields to send, or nothing for all of them; unknown fields select nothing, blank ones are refused."""
    if "fields" not in query:
        return None
    fields = [field.strip() for field in query["fields"].split(",")]
    if not any(fields):
        raise Refused(400, "invalid_blank_selection_field", "name a field")
    return fields if FIELDS[collection].issuperset(fields) else None


def warnings(collection: str, query: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was asked for and not done: the standard's word and a sentence."""
    known = FIELDS[collection]
    found = []
    if query.get("sort") and query["sort"] not in known:
        found.append(("invalid_sort_field", f"there is no field {query['sort']}"))
    if not known.issuperset(field.strip() for field in query.get("fields", "sourcedId").split(",")):
        found.append(("invalid_selection_field", "some of these fields are unknown"))
    return found
