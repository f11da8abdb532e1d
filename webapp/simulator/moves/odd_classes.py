"""What happens to classes and ids that OneRoster alone tells: codes, terms, dates, primary teachers, sourced ids."""

from datetime import date, timedelta
from typing import Any

from webapp.simulator.index import Index
from webapp.simulator.moves.mover import CannotMove, Move, Mover, find, told
from webapp.simulator.people import make_person
from webapp.simulator.world import Enrollment, Person, Section

Happened = dict[str, Any]


def class_code_emptied(mover: Mover) -> Happened:
    """A class loses its code."""
    section = mover.section(lambda one: one.code)
    section.code, section.modified = "", mover.now
    return told(f"{section.name} has no code any more.", section)


def class_in_two_terms(mover: Mover) -> Happened:
    """A class goes on into another term."""
    section = mover.section(lambda one: len(one.terms) == 1)
    terms = [one for one in mover.district.terms.values() if one.kind == "term" and one.sourced_id not in section.terms]
    term = mover.pick(terms)
    section.terms, section.modified = [*section.terms, term.sourced_id], mover.now
    return told(f"{section.name} is in {term.name} too.", section)


def second_primary_teacher(mover: Mover) -> Happened:
    """A second teacher joins a class, and both are its primary one."""
    section = mover.section(lambda one: mover.free_teachers(one))
    teacher = mover.person(mover.free_teachers(section))
    mover.enroll(section, teacher, "teacher", primary=True)
    return told(f"{teacher.name} is a primary teacher of {section.name} too.", section, teacher)


def enrollment_ended(mover: Mover) -> Happened:
    """A student's enrollment ended yesterday; its record stays."""
    section, student, enrollment = one_enrollment(mover)
    enrollment.ends = (date.fromisoformat(mover.now[:10]) - timedelta(days=1)).isoformat()
    return told(f"{student.name}'s time in {section.name} ended on {enrollment.ends}.", section, student)


def enrollment_not_begun(mover: Mover) -> Happened:
    """A student's enrollment begins in two weeks."""
    section, student, enrollment = one_enrollment(mover)
    enrollment.begins = (date.fromisoformat(mover.now[:10]) + timedelta(days=14)).isoformat()
    return told(f"{student.name} begins in {section.name} on {enrollment.begins}.", section, student)


def one_enrollment(mover: Mover) -> tuple[Section, Person, Enrollment]:
    """A student's enrollment that is about to change."""
    section = mover.section_with_students()
    student = mover.person(mover.index.students[section.sourced_id])
    both = (section.sourced_id, student.sourced_id)
    found = (one for one in mover.district.enrollments.values() if (one.section, one.person) == both)
    enrollment = next(found, None)
    if enrollment is None:
        raise CannotMove(f"{student.name} is not in {section.name}.")
    enrollment.modified = mover.now
    return section, student, enrollment


def sourced_id_reused(mover: Mover) -> Happened:
    """A student leaves the district, and a new one gets the same sourced id, and a place in one of the classes."""
    before = somebody(mover)
    classes = mover.index.sections_of(before.sourced_id)
    mover.district.forget(before.sourced_id)
    given, _, family = mover.wish.name.partition(" ")
    person = make_person(
        mover.district,
        mover.random,
        kind=before.kind,
        sourced_id=before.sourced_id,
        school=next(iter(before.schools), ""),
        name=(given, family) if mover.wish.name else None,
    )
    person.grade, person.created, person.modified = before.grade, mover.now, mover.now
    mover.index = Index(mover.district)
    for section in classes[:1]:
        mover.enroll(mover.district.sections[section], person, "student" if person.kind == "student" else "teacher")
    sentence = f"{person.name} has the sourced id that {before.name} had."
    return told(sentence, None, person) | {"left": before.clever_id}


def sourced_id_changed(mover: Mover) -> Happened:
    """A student, or whoever is asked for, gets another sourced id; user name and everything else stay."""
    person = somebody(mover)
    before = person.sourced_id
    person.sourced_id, person.modified = mover.wish.name or f"{before}-new", mover.now
    district = mover.district
    district.people = {one.sourced_id: one for one in district.people.values()}
    removed = (one for gone in district.removed.values() for one in gone.enrollments)
    for enrollment in (*district.enrollments.values(), *removed):
        if enrollment.person == before:
            enrollment.person, enrollment.modified = person.sourced_id, mover.now
    for ward in district.people.values():
        ward.guardians = [person.sourced_id if one == before else one for one in ward.guardians]
        ward.merged_into = person.sourced_id if ward.merged_into == before else ward.merged_into
    return told(f"{person.name} has another sourced id.", None, person) | {"before": before}


def somebody(mover: Mover) -> Person:
    """Whoever is asked for, or a student."""
    if mover.wish.person:
        return find(mover.district.people, mover.wish.person)
    return mover.pick([one for one in mover.district.people.values() if one.kind == "student"])


MOVES: dict[str, Move] = {
    "class_code_emptied": class_code_emptied,
    "class_in_two_terms": class_in_two_terms,
    "second_primary_teacher": second_primary_teacher,
    "enrollment_ended": enrollment_ended,
    "enrollment_not_begun": enrollment_not_begun,
    "sourced_id_reused": sourced_id_reused,
    "sourced_id_changed": sourced_id_changed,
}
