"""While something waits for a person, everything harmless goes on for everybody else (REL-6, REL-7)."""

from collections.abc import Mapping

from tests.factory import LATER, House, a_house, a_teacher, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.enter import enter
from webapp.providers.service import Service, Visitor


def test_REL_6_one_class_is_emptied_and_forty_nine_others_are_updated(
    database_url: str, services: Mapping[str, Service], shared: SharedRoster
):
    house = a_house(seats=2_000)
    names = [f"Class {number}" for number in range(50)]
    for number, name in enumerate(names):
        shared.add_section(name, students=[f"p{number}-{place}" for place in range(20)])
    imported(house, a_teacher(house), [name.lower() for name in names], services)
    shared.leave("class 0", *(f"p0-{place}" for place in range(20)))
    for number, name in enumerate(names[1:], 1):
        shared.leave(name.lower(), f"p{number}-0")
        shared.join(name.lower(), f"n{number}")
    run = synced(house, services, LATER)
    assert (run.state, run.counts["held"]) == ("held", 20)
    assert len(roster(house, "Class 0")["student"]) == 20
    for number, name in enumerate(names[1:], 1):
        wanted = {f"n{number}", *(f"p{number}-{place}" for place in range(1, 20))}
        assert set(roster(house, name)["student"]) == wanted


def test_REL_7_who_is_new_signs_in_while_removals_are_held(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    shared.join("biology", "newcomer")
    assert synced(house, services, LATER).state == "held"
    visitor = Visitor("clever", house.authority, {"user_id": "newcomer"}, "Newcomer", "Example")
    assert enter(visitor, services=dict(services), now=LATER).district_id == house.district_id
