"""Records that were told once and are gone: what a server tells as `tobedeleted`. What is merely hidden is not gone."""

from typing import TYPE_CHECKING, Any

from webapp.simulator.oneroster.manners import COLLECTIONS
from webapp.simulator.world import District

if TYPE_CHECKING:
    from webapp.simulator.oneroster.shelf import RosterShelf

Departed = dict[str, dict[str, dict[str, Any]]]
"""Collection -> sourced id -> the record as it was told last, dated by its departure."""


def gone_since(now: "RosterShelf", before: "RosterShelf") -> Departed:
    """What was told up to `before` and is in the district no longer."""
    moment = moment_of_change(now, before)
    departed: Departed = {}
    for name in COLLECTIONS:
        here = ids_of(now.district, name)
        told = now.told[name].plain if name in now.told else []
        fresh = {row["sourcedId"]: row | {"dateLastModified": moment} for row in told if row["sourcedId"] not in here}
        known = before.departed.get(name, {})
        departed[name] = fresh | {key: row for key, row in known.items() if key not in here}
    return departed


def moment_of_change(now: "RosterShelf", before: "RosterShelf") -> str:
    """When the records left: the newest change that is seen in the district, if it came after the last look."""
    district = now.district
    dated = (district.sections, district.people, district.enrollments, district.courses, district.terms)
    changes = (record.modified for records in dated for record in records.values())
    newest = max((change for change in changes if change[:19] <= now.built[:19]), default="")
    return newest if newest[:19] >= before.built[:19] else now.built


def ids_of(district: District, name: str) -> set[str]:
    """The sourced ids that a collection has now, shared or not."""
    if name == "orgs":
        return {district.sourced_id, *district.schools}
    found: dict[str, dict[str, Any]] = {
        "academicSessions": {**district.terms},
        "courses": {**district.courses},
        "classes": {**district.sections},
        "users": {**district.people},
        "enrollments": {**district.enrollments},
        "demographics": {**district.people},
    }
    return set(found[name])
