"""Records as some districts' servers write them: other flags, empty values, roles, lists, and masks."""

from collections.abc import Callable
from typing import Any

from webapp.simulator.oneroster.manners import RecordManners

Json = dict[str, Any]
Rewrite = Callable[[Json], Json]

FLAGS: dict[str, Callable[[bool], Any]] = {
    "booleans": bool,
    "numbers": int,
    "capitals": lambda flag: "TRUE" if flag else "FALSE",
}
REFERENCES = {
    "orgs": ("parent", "children"),
    "academicSessions": ("parent", "children"),
    "courses": ("schoolYear", "org"),
    "classes": ("course", "school", "terms"),
    "users": ("agents",),
    "enrollments": ("beginDate", "endDate"),
}
"""What may be missing from a plain record; other empty values are there, and empty."""

NEVER_EMPTY = ("sourcedId", "status", "dateLastModified")
STAFF = {
    "words of 1.2": {"administrator": "principal", "aide": "counselor"},
    "ext: values": {"administrator": "ext:registrar", "aide": "ext:para-educator", "proctor": "ext:proctor"},
    "unknown words": {"administrator": "wizard", "aide": "wizard", "proctor": "wizard"},
}
SECOND_TEACHER = {"words of 1.2": "teacher", "ext: values": "ext:co-teacher", "unknown words": "wizard"}
MASKED = ("givenName", "familyName", "middleName", "username", "email", "identifier", "title")


def rewrites(collection: str, manners: RecordManners) -> list[Rewrite]:
    """What happens to each record of a collection before it is sent; nothing while no oddity is on."""
    steps: list[Rewrite] = []
    if manners.oneroster_role_words:
        steps.append(lambda record: with_odd_roles(record, collection, manners.oneroster_role_words))
    if manners.oneroster_roles and collection == "users":
        steps.append(lambda record: with_roles_array(record, manners.oneroster_roles))
    if manners.oneroster_all_primary and collection == "enrollments":
        steps.append(lambda record: record | {"primary": "true" if record["role"] == "teacher" else record["primary"]})
    if manners.oneroster_masks:
        steps.append(masked)
    if manners.oneroster_lists_as_text:
        steps.append(lambda record: with_texts(record, manners.oneroster_lists_as_text))
    if manners.oneroster_flags:
        steps.append(lambda record: with_flags(record, FLAGS[manners.oneroster_flags]))
    if manners.oneroster_empties:
        steps.append(lambda record: with_empties(record, collection, manners.oneroster_empties))
    if hidden := {name.strip() for name in manners.oneroster_hides_fields.split(",") if name.strip()}:
        steps.append(lambda record: {name: value for name, value in record.items() if name not in hidden})
    return steps


def with_odd_roles(record: Json, collection: str, words: str) -> Json:
    """Roles beyond 1.1's list; students and first teachers keep theirs, but for the capital letter."""
    role = record.get("role", "")
    if words == "capitals":
        return record | {"role": role.capitalize()} if role else record
    if collection == "users":
        return record | {"role": STAFF[words].get(role, role)}
    if collection == "enrollments" and role == "teacher" and record["primary"] == "false":
        return record | {"role": SECOND_TEACHER[words]}
    return record


def with_roles_array(record: Json, how: str) -> Json:
    """The user with 1.2's `roles`: one for each org, the first of them primary."""
    roles = [
        {"roleType": "secondary" if place else "primary", "role": record["role"], "org": org}
        for place, org in enumerate(record["orgs"])
    ]
    kept = record if how == "beside role and orgs" else {k: v for k, v in record.items() if k not in ("role", "orgs")}
    return kept | {"roles": roles}


def masked(record: Json) -> Json:
    """DataGuard's made-up values; the same for the same record each time."""
    mark = record["sourcedId"]
    return record | {name: f"masked-{name}-{mark}" for name in MASKED if record.get(name)}


def with_texts(record: Json, which: str) -> Json:
    """Lists as one text, their items parted by commas."""
    names = ("periods", "grades") if which == "both" else (which,)
    return record | {name: ",".join(record[name]) for name in names if isinstance(record.get(name), list)}


def with_flags(record: Json, write: Callable[[bool], Any]) -> Json:
    """Flags written another way."""
    flags = {name: write(value == "true") for name, value in record.items() if value in ("true", "false")}
    return record | flags


def with_empties(record: Json, collection: str, how: str) -> Json:
    """Empty values written another way, and with them the references that a plain record leaves out."""
    filled = {name: value for name, value in record.items() if name in NEVER_EMPTY or value not in ("", [], None)}
    if how == "left out":
        return filled
    empty = {*record, *REFERENCES.get(collection, ())} - filled.keys()
    return filled | dict.fromkeys(sorted(empty), None if how == "null" else "")
