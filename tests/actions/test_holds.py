"""What the guard holds back waits for a person: approved, dropped, or gone by itself; everything else goes on."""

from collections.abc import Mapping

from tests.factory import LATER, MUCH_LATER, House, a_teacher, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.decide_hold import approve_hold, discard_hold
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import SyncRun


def test_REL_6_a_class_that_would_lose_most_students_waits_and_the_others_go_on(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    many = [f"p{number}" for number in range(200)]
    shared.add_section("Everybody", teachers=["t1"], students=many)
    imported(house, a_teacher(house), ["biology", "chemistry", "everybody"], services)
    shared.leave("chemistry", *PUPILS[:5])
    shared.leave("everybody", "p0")
    run = synced(house, services, LATER)
    assert run.state == "held" and run.counts["held"] == 5
    assert roster(house, "Chemistry")["student"] == PUPILS[:5]
    assert "p0" not in roster(house, "Everybody")["student"]


def test_REL_7_while_removals_are_held_additions_are_applied(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    shared.join("biology", "newcomer")
    run = synced(house, services, LATER)
    assert run.state == "held"
    assert roster(house, "Biology")["student"] == sorted([*PUPILS, "newcomer"])


def test_REL_9_an_approved_hold_removes_exactly_what_was_shown(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    run = worked(house, held.id, services, MUCH_LATER)
    assert (run.state, run.counts["removed"]) == ("done", 15)
    assert roster(house, "Biology")["student"] == sorted(PUPILS[15:])


def test_REL_9_what_left_after_the_preview_is_held_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:12])
    held = synced(house, services, LATER)
    shared.leave("biology", "s13")
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    run = worked(house, held.id, services, MUCH_LATER)
    assert (run.state, run.counts["removed"], run.counts["held"]) == ("held", 12, 1)
    assert "s13" in roster(house, "Biology")["student"]


def test_a_discarded_hold_leaves_everything_as_it_is(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    assert discard_hold(house.district_id, held.id, now=MUCH_LATER).state == "discarded"
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_REL_10_a_hold_goes_away_by_itself_when_the_data_return(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    everybody = list(shared.enrollments)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    shared.enrollments = everybody
    assert synced(house, services, MUCH_LATER).state == "done"
    with tenant(house.district_id) as session:
        assert session.get_one(SyncRun, held.id).state == "superseded"
