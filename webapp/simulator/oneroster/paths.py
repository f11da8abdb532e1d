"""OneRoster's addresses: which records stand behind each path, and under which key they are sent."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.simulator.oneroster.records import Json
from webapp.simulator.oneroster.shelf import RosterShelf

SINGULAR = {
    "orgs": "org",
    "academicSessions": "academicSession",
    "courses": "course",
    "classes": "class",
    "users": "user",
    "enrollments": "enrollment",
    "demographics": "demographics",
}

KINDS: dict[str, tuple[str, Callable[[Json], bool]]] = {
    "schools": ("orgs", lambda one: one["type"] == "school"),
    "terms": ("academicSessions", lambda one: one["type"] == "term"),
    "gradingPeriods": ("academicSessions", lambda one: one["type"] == "gradingPeriod"),
    "students": ("users", lambda one: one["role"] == "student"),
    "teachers": ("users", lambda one: one["role"] == "teacher"),
}
"""Paths that show some records of another path's collection."""


@dataclass(frozen=True)
class Found:
    """Records of one collection; `single` for a read of one record by its id."""

    collection: str
    places: list[int]
    single: bool = False
    whole: bool = False


def find(shelf: RosterShelf, parts: list[str]) -> Found | None:
    """What a path stands for; nothing where the path or the record named in it is unknown."""
    if len(parts) == 1:
        return collection(shelf, parts[0])
    if len(parts) == 2:
        return one(shelf, parts[0], parts[1])
    parent = one(shelf, parts[0], parts[1])
    if parent is None or (len(parts) == 5 and one(shelf, parts[2], parts[3]) is None):
        return None
    if len(parts) == 3:
        nested = NESTED.get((parts[0], parts[2]))
        return nested(shelf, parts[1]) if nested else None
    if len(parts) == 5 and parts[0] == "schools" and parts[2] == "classes":
        return in_school_class(shelf, parts[1], parts[3], parts[4])
    return None


def collection(shelf: RosterShelf, name: str) -> Found | None:
    """A whole collection, or the part of one that a path like `/teachers` shows."""
    if name in SINGULAR:
        return Found(name, shelf.collection(name).everything(), whole=True)
    if name not in KINDS:
        return None
    whole, fits = KINDS[name]
    return Found(whole, shelf.where(whole, fits))


def one(shelf: RosterShelf, name: str, sourced_id: str) -> Found | None:
    """One record, byte for byte by its id."""
    whole, fits = KINDS.get(name, (name, lambda _: True))
    if whole not in SINGULAR:
        return None
    place = shelf.collection(whole).place.get(sourced_id)
    if place is None or not fits(shelf.collection(whole).records[place]):
        return None
    return Found(whole, [place], single=True)


def referring(wanted: str, field: str, role: str | None = None) -> Callable[..., Found]:
    """The records of a collection whose reference `field` names the parent."""

    def answer(shelf: RosterShelf, parent: str) -> Found:
        def fits(record: Json) -> bool:
            referred = record.get(field) or []
            near = referred if isinstance(referred, list) else [referred]
            return any(item["sourcedId"] == parent for item in near) and role in (None, record.get("role"))

        return Found(wanted, shelf.where(wanted, fits))

    return answer


def school_terms(shelf: RosterShelf, school: str) -> Found:
    """The terms that a school's classes are in."""
    named = {
        term["sourcedId"]
        for record in shelf.collection("classes").records
        if record["school"]["sourcedId"] == school
        for term in record["terms"]
    }
    return Found("academicSessions", shelf.where("academicSessions", lambda one: one["sourcedId"] in named))


def term_periods(shelf: RosterShelf, term: str) -> Found:
    """The grading periods within a term."""
    sessions = shelf.district.terms
    inside = {one.sourced_id for one in sessions.values() if one.parent == term and one.kind == "gradingPeriod"}
    return Found("academicSessions", shelf.where("academicSessions", lambda one: one["sourcedId"] in inside))


def in_school_class(shelf: RosterShelf, school: str, section: str, what: str) -> Found | None:
    """The people or enrollments of a class, by way of its school."""
    if shelf.district.sections[section].school != school:
        return None
    if what == "enrollments":
        return Found("enrollments", list(shelf.in_class.get(section, [])))
    if what in ("students", "teachers"):
        return Found("users", shelf.members(section, what[:-1]))
    return None


NESTED: dict[tuple[str, str], Callable[[RosterShelf, str], Found]] = {
    ("schools", "terms"): school_terms,
    ("schools", "courses"): referring("courses", "org"),
    ("schools", "classes"): referring("classes", "school"),
    ("schools", "enrollments"): referring("enrollments", "school"),
    ("schools", "students"): referring("users", "orgs", role="student"),
    ("schools", "teachers"): referring("users", "orgs", role="teacher"),
    ("courses", "classes"): referring("classes", "course"),
    ("terms", "classes"): referring("classes", "terms"),
    ("terms", "gradingPeriods"): term_periods,
    ("classes", "students"): lambda shelf, section: Found("users", shelf.members(section, "student")),
    ("classes", "teachers"): lambda shelf, section: Found("users", shelf.members(section, "teacher")),
    ("teachers", "classes"): lambda shelf, person: Found("classes", shelf.classes_of(person)),
    ("students", "classes"): lambda shelf, person: Found("classes", shelf.classes_of(person)),
    ("users", "classes"): lambda shelf, person: Found("classes", shelf.classes_of(person)),
}
