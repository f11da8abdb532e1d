"""A second tenant with the same sourced ids: other people, whom only the tenant tells apart."""

from copy import deepcopy
from random import Random

from webapp.simulator import names
from webapp.simulator.doors import doors_of
from webapp.simulator.people import give_address
from webapp.simulator.world import District, Person, clever_id


def twin_of(district: District, number: int) -> District:
    """A district of that number whose records have the other's sourced ids, and ids of their own at either service."""
    twin = District(
        number=number,
        seed=district.seed,
        name=f"{district.name} Twin",
        sourced_id=district.sourced_id,
        clever_id=clever_id(number, 0),
        nces_id=district.nces_id,
        domain=f"twin-{number}.{district.domain}",
        opened=district.opened,
        doors=doors_of(number),
    )
    twin.schools, twin.terms = deepcopy(district.schools), deepcopy(district.terms)
    twin.courses, twin.sections = deepcopy(district.courses), deepcopy(district.sections)
    twin.enrollments, people = deepcopy(district.enrollments), deepcopy(district.people)
    for records in (twin.schools, twin.terms, twin.courses, twin.sections):
        for record in records.values():
            record.clever_id = twin.next_ids()[0]
    random = Random(f"twin {number}")
    twin.people = {one.sourced_id: somebody_else(one, twin, random) for one in people.values()}
    return twin


def somebody_else(person: Person, twin: District, random: Random) -> Person:
    """Another person in the same place, under the same sourced id."""
    person.clever_id, person.classlink_id = twin.next_ids()
    person.given, person.family, person.middle = random.choice(names.GIVEN), random.choice(names.FAMILY), ""
    give_address(person, twin, person.classlink_id % 1_000_000)
    return person
