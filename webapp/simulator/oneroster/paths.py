"""OneRoster's addresses: which records stand behind each path, and under which key they are sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

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
    shape = (parts[0], *parts[2::2])
    if len(parts) not in (3, 5) or shape not in RESULTS:
        return None
    if one(shelf, parts[0], parts[1]) is None or (len(parts) == 5 and not in_school(shelf, parts[1], parts[3])):
        return below_nothing(shelf, RESULTS[shape])
    if len(parts) == 3:
        return NESTED[parts[0], parts[2]](shelf, parts[1])
    return of_class(shelf, parts[3], parts[4])


def below_nothing(shelf: RosterShelf, collection: str) -> Found | None:
    """What is below a record that is not there: nothing, or at some servers an empty list."""
    return Found(collection, []) if shelf.manners.oneroster_unknown_parent else None


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
    if place is None or not fits(shelf.collection(whole).plain[place]):
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
        for record in shelf.collection("classes").plain
        if record["school"]["sourcedId"] == school
        for term in record["terms"]
    }
    return Found("academicSessions", shelf.where("academicSessions", lambda one: one["sourcedId"] in named))


def term_periods(shelf: RosterShelf, term: str) -> Found:
    """The grading periods within a term."""
    sessions = shelf.district.terms
    inside = {one.sourced_id for one in sessions.values() if one.parent == term and one.kind == "gradingPeriod"}
    return Found("academicSessions", shelf.where("academicSessions", lambda one: one["sourcedId"] in inside))


def taught(shelf: RosterShelf, teacher: str) -> Found:
    """A teacher's classes; some servers leave out those that do not run now."""
    only = date.today().isoformat() if shelf.manners.oneroster_current_classes_only else ""
    return Found("classes", shelf.classes_of(teacher, running_on=only))


def attended(shelf: RosterShelf, person: str) -> Found:
    """Anybody's classes."""
    return Found("classes", shelf.classes_of(person))


def in_school(shelf: RosterShelf, school: str, section: str) -> bool:
    """Whether the class is there and belongs to the school."""
    return one(shelf, "classes", section) is not None and shelf.sharing.school_of(section) == school


def of_class(shelf: RosterShelf, section: str, what: str) -> Found:
    """The people or enrollments of a class."""
    if what == "enrollments":
        return Found("enrollments", shelf.enrollments_in(section))
    return Found("users", shelf.members(section, what.removesuffix("s")))


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
    ("classes", "students"): lambda shelf, section: of_class(shelf, section, "students"),
    ("classes", "teachers"): lambda shelf, section: of_class(shelf, section, "teachers"),
    ("teachers", "classes"): taught,
    ("students", "classes"): attended,
    ("users", "classes"): attended,
}
"""Collections below one record of another."""

RESULTS: dict[tuple[str, ...], str] = {
    ("schools", "terms"): "academicSessions",
    ("schools", "courses"): "courses",
    ("schools", "classes"): "classes",
    ("schools", "enrollments"): "enrollments",
    ("schools", "students"): "users",
    ("schools", "teachers"): "users",
    ("courses", "classes"): "classes",
    ("terms", "classes"): "classes",
    ("terms", "gradingPeriods"): "academicSessions",
    ("classes", "students"): "users",
    ("classes", "teachers"): "users",
    ("teachers", "classes"): "classes",
    ("students", "classes"): "classes",
    ("users", "classes"): "classes",
    ("schools", "classes", "students"): "users",
    ("schools", "classes", "teachers"): "users",
    ("schools", "classes", "enrollments"): "enrollments",
}
"""Every nested path without its ids -> the collection under whose name it answers."""
