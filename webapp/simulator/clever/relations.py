"""What hangs on one Clever record: its sections, people, school and so on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from webapp.simulator.clever.shelf import CleverShelf
from webapp.simulator.world import Record


@dataclass(frozen=True)
class Related:
    """Ids of another collection; `single` where Clever answers with one object instead of a list."""

    collection: str
    ids: list[str]
    single: bool = False


Query = Mapping[str, str]


def related(shelf: CleverShelf, collection: str, clever_id: str, relation: str, query: Query) -> Related | None:
    """The related records, or nothing where there is no such relation."""
    if relation == "district":
        return Related("districts", [shelf.district.clever_id], single=True)
    found = RELATIONS.get((collection, relation.lower()))
    return found(shelf, shelf.sourced[collection][clever_id], query) if found else None


def listing(collection: str, records: Mapping[str, Record], wanted: Iterable[str], shelf: CleverShelf) -> Related:
    """A list of those records, ids ascending, each once."""
    known = {records[one].clever_id for one in wanted if one in records}
    return Related(collection, sorted(known & shelf.sourced[collection].keys()))


def single(collection: str, records: Mapping[str, Record], wanted: str) -> Related:
    """One record, if it is there."""
    return Related(collection, [records[wanted].clever_id] if wanted in records else [], single=True)


def users(shelf: CleverShelf, wanted: Iterable[str], query: Query) -> Related:
    """A list of people, of the role asked for."""
    found = listing("users", shelf.district.people, wanted, shelf)
    if not query.get("role"):
        return found
    role = set(shelf.by_role.get(query["role"], []))
    return Related("users", [one for one in found.ids if one in role])


def sections(shelf: CleverShelf, wanted: Iterable[str]) -> Related:
    """A list of sections."""
    return listing("sections", shelf.district.sections, wanted, shelf)


def user_schools(shelf: CleverShelf, person: str, query: Query) -> Related:
    """A person's schools; the first is the primary one."""
    schools = shelf.district.people[person].schools
    return listing("schools", shelf.district.schools, schools[:1] if query.get("primary") == "true" else schools, shelf)


def user_contacts(shelf: CleverShelf, person: str, query: Query) -> Related:
    """A student's guardians."""
    return users(shelf, shelf.district.people[person].guardians, query)


def section_users(shelf: CleverShelf, section: str, query: Query) -> Related:
    """Everybody in a section."""
    everybody = [*shelf.index.teachers.get(section, []), *shelf.index.students.get(section, [])]
    return users(shelf, everybody, query)


def school_users(shelf: CleverShelf, school: str, query: Query) -> Related:
    """Everybody who belongs to a school, or has it as the primary one."""
    reach = 1 if query.get("primary") == "true" else None
    people = shelf.district.people.values()
    return users(shelf, [one.sourced_id for one in people if school in one.schools[:reach]], query)


def sections_where(field: str) -> Callable[[CleverShelf, str, Query], Related]:
    """A list of the sections whose `field` is or holds the record."""

    def answer(shelf: CleverShelf, wanted: str, query: Query) -> Related:
        everything = shelf.district.sections.values()
        return sections(shelf, [one.sourced_id for one in everything if wanted in as_list(getattr(one, field))])

    return answer


def through_sections(field: str, target: str) -> Callable[[CleverShelf, str, Query], Related]:
    """What the record's sections name as their `target`: the terms of a school, the schools of a course."""
    collection = {"course": "courses", "terms": "terms", "school": "schools"}[target]

    def answer(shelf: CleverShelf, wanted: str, query: Query) -> Related:
        everything = shelf.district.sections.values()
        near = [one for one in everything if wanted in as_list(getattr(one, field))]
        names = [name for one in near for name in as_list(getattr(one, target))]
        return listing(collection, getattr(shelf.district, collection), names, shelf)

    return answer


def section_one(field: str, collection: str) -> Callable[[CleverShelf, str, Query], Related]:
    """A section's course, term or school."""

    def answer(shelf: CleverShelf, section: str, query: Query) -> Related:
        names = as_list(getattr(shelf.district.sections[section], field))
        return single(collection, getattr(shelf.district, collection), names[0] if names else "")

    return answer


def as_list(value: str | list[str]) -> list[str]:
    """A field that holds one reference or several."""
    return value if isinstance(value, list) else [value]


RELATIONS: dict[tuple[str, str], Callable[[CleverShelf, str, Query], Related]] = {
    ("users", "schools"): user_schools,
    ("users", "sections"): lambda shelf, person, query: sections(shelf, shelf.index.sections_of(person)),
    ("users", "mystudents"): lambda shelf, person, query: users(shelf, shelf.index.students_of(person), query),
    ("users", "myteachers"): lambda shelf, person, query: users(shelf, shelf.index.teachers_of(person), query),
    ("users", "mycontacts"): user_contacts,
    ("sections", "users"): section_users,
    ("sections", "course"): section_one("course", "courses"),
    ("sections", "term"): section_one("terms", "terms"),
    ("sections", "school"): section_one("school", "schools"),
    ("schools", "users"): school_users,
    ("schools", "sections"): sections_where("school"),
    ("schools", "courses"): through_sections("school", "course"),
    ("schools", "terms"): through_sections("school", "terms"),
    ("courses", "sections"): sections_where("course"),
    ("courses", "schools"): through_sections("course", "school"),
    ("terms", "sections"): sections_where("terms"),
    ("terms", "schools"): through_sections("terms", "school"),
}
