"""What is true in a district, told plainly, to compare with what others make of it."""

from dataclasses import asdict
from typing import Any

from webapp.simulator.pages import role_word
from webapp.simulator.world import District, Enrollment, Person, Section

Told = dict[str, Any]


def truth_of(district: District) -> dict[str, list[Told]]:
    """Every record with its id at either service."""
    return {
        "schools": [asdict(one) for one in district.schools.values()],
        "terms": [asdict(one) for one in district.terms.values()],
        "courses": [asdict(one) for one in district.courses.values()],
        "sections": [section(district, one) for one in district.sections.values()],
        "people": [person(one) for one in district.people.values()],
        "enrollments": [enrollment(district, one) for one in district.enrollments.values()],
    }


def section(district: District, section: Section) -> Told:
    """A section with both ids of its school, course and terms."""
    school, course = district.schools.get(section.school), district.courses.get(section.course)
    terms = [district.terms[one] for one in section.terms if one in district.terms]
    return asdict(section) | {
        "school_clever_id": school.clever_id if school else None,
        "course_clever_id": course.clever_id if course else None,
        "term_clever_ids": [one.clever_id for one in terms],
    }


def person(person: Person) -> Told:
    """A person, without the private details."""
    told = asdict(person)
    del told["private"]
    return told | {"name": person.name, "role": role_word(person)}


def enrollment(district: District, enrollment: Enrollment) -> Told:
    """An enrollment with both ids of its section and person. Clever has none of its own for it."""
    section, person = district.sections[enrollment.section], district.people[enrollment.person]
    return asdict(enrollment) | {
        "clever_id": None,
        "section_clever_id": section.clever_id,
        "section_sourced_id": section.sourced_id,
        "person_clever_id": person.clever_id,
        "person_sourced_id": person.sourced_id,
    }
