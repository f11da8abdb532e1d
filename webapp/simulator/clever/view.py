"""A district as Clever's customers see it: what is shared of it, and one user for employees of one e-mail."""

from copy import deepcopy
from dataclasses import dataclass, replace

from webapp.simulator.world import Course, District, Enrollment, Person, Records, Section, Term


@dataclass(frozen=True)
class Seen:
    """What is seen, and for each user the people whose roles it holds, the one who gave it its id first."""

    district: District
    parts: dict[str, list[Person]]


def freeze(district: District) -> Records:
    """The records as they are now, whatever happens to them later."""
    return deepcopy(
        Records(
            schools=district.schools,
            terms=district.terms,
            courses=district.courses,
            sections=district.sections,
            people=district.people,
            enrollments=district.enrollments,
        )
    )


def as_clever_sees(district: District) -> Seen:
    """The district without what is not shared, and with merged employees as one."""
    seen = replace(district, **vars(district.frozen)) if district.frozen else district
    if seen.unshared:
        seen = shared_part(seen)
    parts = {key: [one] for key, one in seen.people.items() if not leader_of(seen, one)}
    for person in seen.people.values():
        if leader := leader_of(seen, person):
            parts[leader].append(person)
    return Seen(merged(seen, parts) if len(parts) < len(seen.people) else seen, parts)


def leader_of(district: District, person: Person) -> str:
    """Whose user this person is part of; empty for a user of their own."""
    return person.merged_into if person.merged_into in district.people else ""


def merged(district: District, parts: dict[str, list[Person]]) -> District:
    """Only users, each in every school and section of the people it is made of."""
    users: dict[str, Person] = {}
    whose: dict[str, str] = {}
    for leader, people in parts.items():
        schools = list(dict.fromkeys(school for one in people for school in one.schools))
        users[leader] = replace(people[0], schools=schools) if people[1:] else people[0]
        whose |= dict.fromkeys((one.sourced_id for one in people[1:]), leader)
    enrollments = {
        key: replace(one, person=whose[one.person]) if one.person in whose else one
        for key, one in district.enrollments.items()
    }
    return replace(district, people=users, enrollments=enrollments)


def shared_part(district: District) -> District:
    """Without the schools and sections that are not shared, and whoever and whatever belongs to them alone."""
    hidden = set(district.unshared)
    sections = {key: one for key, one in district.sections.items() if key not in hidden and one.school not in hidden}
    enrollments = {key: one for key, one in district.enrollments.items() if one.section in sections}
    return replace(
        district,
        schools={key: one for key, one in district.schools.items() if key not in hidden},
        sections=sections,
        enrollments=enrollments,
        people=shared_people(district, hidden, enrollments),
        courses={key: one for key, one in district.courses.items() if still_taught(district, sections, one)},
        terms={key: one for key, one in district.terms.items() if still_taught(district, sections, one)},
    )


def shared_people(district: District, hidden: set[str], enrollments: dict[str, Enrollment]) -> dict[str, Person]:
    """Whoever belongs to a shared school or section, or to no school at all; guardians with their children."""
    busy = {one.person for one in enrollments.values()}
    kept = {
        key: one
        for key, one in district.people.items()
        if key in busy or not one.schools or not hidden.issuperset(one.schools)
    }
    leaders = {one.merged_into for one in kept.values()}
    kept |= {key: one for key, one in district.people.items() if key in leaders}
    everybody = {guardian for one in district.people.values() for guardian in one.guardians}
    wanted = {guardian for one in kept.values() for guardian in one.guardians}
    return {key: one for key, one in kept.items() if key in wanted or key not in everybody}


def still_taught(district: District, sections: dict[str, Section], record: Course | Term) -> bool:
    """Whether a shared section names the course or term, or none at all ever did."""

    def names(section: Section) -> bool:
        return record.sourced_id in (section.course, *section.terms)

    return any(map(names, sections.values())) or not any(map(names, district.sections.values()))
