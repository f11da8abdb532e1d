"""One district through every service gives equal records, but for the source ids."""

from dataclasses import replace
from typing import Any

from tests.providers.at_sandbox import At, records
from webapp.roster.records import Course, Enrollment, Person, Record, Role, School, Section, Term

IN_CLASSES = {Role.STUDENT, Role.TEACHER}


def names(at: At, service: str) -> dict[str, str]:
    """One name for each record, whatever the service calls it: its ids at both."""
    key = at.ids(service)
    told: list[dict[str, Any]] = [one for kind in at.truth().values() for one in kind if one["clever_id"]]
    return {one[key]: f"{one['clever_id']} {one['sourced_id']}" for one in told}


def renamed(record: Record, name: dict[str, str]) -> Record:
    """The record with every source id exchanged for that name."""
    match record:
        case Enrollment():
            section, person = name[record.section_source_id], name[record.person_source_id]
            return replace(record, section_source_id=section, person_source_id=person)
        case Section():
            return replace(
                record,
                source_id=name[record.source_id],
                school_source_id=name[record.school_source_id],
                course_source_id=name[record.course_source_id],
                term_source_ids=tuple(name[term] for term in record.term_source_ids),
            )
        case Person():
            schools = tuple(name[school] for school in record.school_source_ids)
            return replace(record, source_id=name[record.source_id], school_source_ids=schools)
        case School() | Term() | Course():
            return replace(record, source_id=name[record.source_id])


def read(at: At, service: str) -> set[Record]:
    """All that matters for classes, with neutral ids.

    Not compared: staff (Clever calls principals, aides and clerks all `staff`, OneRoster does not roster aides), and
    terms that no section names (OneRoster's are not taken over).
    """
    found = records(at.reader(service).whole())
    terms = {term for one in found if isinstance(one, Section) for term in one.term_source_ids}
    kept = [
        one
        for one in found
        if not (isinstance(one, Person) and not IN_CLASSES & set(one.roles))
        and not (isinstance(one, Term) and one.source_id not in terms)
    ]
    name = names(at, service)
    return {renamed(one, name) for one in kept}


def test_both_services_give_equal_records_but_for_source_ids(at: At) -> None:
    assert read(at, "clever") == read(at, "classlink")


def test_they_stay_equal_as_time_moves_on(at: At) -> None:
    section = at.truth()["sections"][1]["clever_id"]
    for move in ("student_joins", "student_leaves", "student_moves", "teacher_replaced", "section_renamed"):
        at.move(move, section=section)
        assert read(at, "clever") == read(at, "classlink")


def test_a_demo_district_is_equal_too(at: At) -> None:
    demo = At(at.url, at.settings, size="demo")
    clever = read(demo, "clever")
    assert len([one for one in clever if isinstance(one, Section)]) == 60
    assert clever == read(demo, "classlink")
