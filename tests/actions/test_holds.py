"""What the guard holds back waits for a person: approved, dropped, or gone by itself; everything else goes on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, MUCH_LATER, House, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.decide_hold import NothingHeld, PlanChanged, approve_hold, discard_hold
from webapp.providers.service import Service
from webapp.roster.records import Role, School
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


def _held_rows(house: House, run_id: UUID) -> dict[str, int]:
    """What a run holds: record and role or kind -> how many."""
    with tenant(house.district_id) as session:
        rows = session.execute(
            text("""select case record when 'enrollment' then record_id else record end, count(*) from held_removal
                    where run_id = :run group by 1"""),
            {"run": run_id},
        )
        return {row[0]: row[1] for row in rows}


def test_REL_3_a_hold_on_teachers_holds_no_student(house: House, services: Mapping[str, Service], shared: SharedRoster):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.leave("biology", "t1", "t2", "s1")
    shared.leave("chemistry", "t1")
    run = synced(house, services, LATER)
    assert (run.state, run.reason, run.counts["removed"]) == ("held", "every teacher would go", 1)
    assert roster(house, "Biology") == {"teacher": ["t1", "t2"], "student": sorted(PUPILS[1:])}
    assert _held_rows(house, run.id) == {"teacher": 3}


def test_REL_3_a_hold_on_students_holds_no_teacher(house: House, services: Mapping[str, Service], shared: SharedRoster):
    for name in ("Art", "Band", "Choir"):
        shared.add_section(name, teachers=["t1"], students=PUPILS[:14])
    imported(house, a_teacher(house), ["art", "band", "biology", "choir"], services)
    shared.leave("biology", "t2", *PUPILS[14:])
    shared.leave("band", "t1")
    run = synced(house, services, LATER)
    assert run.reason == "6 of 20 students would go" and _held_rows(house, run.id) == {"student": 6}
    assert roster(house, "Biology") == {"teacher": ["t1"], "student": sorted(PUPILS)}
    assert roster(house, "Band")["teacher"] == []


def test_REL_3_a_hold_on_classes_holds_no_enrollment(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    names = [f"Class {number}" for number in range(19)]
    for name in names:
        shared.add_section(name, teachers=["t1"], students=PUPILS[:2])
    imported(house, a_teacher(house), ["biology", *(name.lower() for name in names)], services)
    shared.withdraw(*(name.lower() for name in names[:5]))
    shared.leave("biology", "s20")
    run = synced(house, services, LATER)
    assert (run.state, run.counts["removed"]) == ("done", 6), "five of twenty classes are a quarter"
    shared.withdraw(*(name.lower() for name in names[5:11]))
    shared.leave("biology", "s19")
    run = synced(house, services, MUCH_LATER)
    assert run.reason == "6 of 15 classes would go" and _held_rows(house, run.id) == {"class": 6}
    assert "s19" not in roster(house, "Biology")["student"]
    assert list(classes(house).values()).count("active") == 15


def test_REL_3_schools_that_would_all_go_hold_their_classes_alone(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    """Six of twenty schools have one small class each; the others have many."""
    shared.schools = [School(f"school-{number}", f"School {number}") for number in range(20)]
    for number in range(20):
        for letter in "a" if number < 6 else "ab":
            name = f"{letter}{number}"
            shared.add_section(name, teachers=["t1"], students=["s1", "s2"])
            shared.sections[-1] = replace(shared.sections[-1], school_source_id=f"school-{number}")
    small, large = [f"a{number}" for number in range(6)], ["a19"]
    imported(house, a_teacher(house), [one.source_id for one in shared.sections[3:]], services)
    shared.withdraw(*small, *large)
    run = synced(house, services, LATER)
    assert run.reason == "6 of 20 schools would go" and _held_rows(house, run.id) == {"class": 6}
    assert {name for name, state in classes(house).items() if state == "frozen"} == set(large)


def test_REL_9_a_decision_about_another_list_than_the_one_that_waits_is_refused(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:12])
    shown = synced(house, services, LATER)
    approve_hold(house.district_id, shown.id, now=MUCH_LATER, plan_hash=shown.plan_hash)
    shared.leave("biology", "s13")
    again = worked(house, shown.id, services, MUCH_LATER)
    assert again.state == "held" and again.plan_hash != shown.plan_hash
    with pytest.raises(PlanChanged):
        approve_hold(house.district_id, shown.id, now=MUCH_LATER, plan_hash=shown.plan_hash)
    with pytest.raises(PlanChanged):
        discard_hold(house.district_id, shown.id, now=MUCH_LATER, plan_hash=shown.plan_hash)
    approve_hold(house.district_id, shown.id, now=MUCH_LATER, plan_hash=again.plan_hash)
    whole = worked(house, shown.id, services, MUCH_LATER + timedelta(hours=1))
    assert whole.counts["removed"] == 13, "twelve at the first approval, one at the second"


def test_REL_9_what_a_later_sync_holds_instead_is_to_be_approved_there(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:12])
    shown = synced(house, services, LATER)
    shared.leave("biology", "s13")
    newer = synced(house, services, MUCH_LATER)
    before = roster_rows()
    with pytest.raises(NothingHeld):
        approve_hold(house.district_id, shown.id, now=MUCH_LATER, plan_hash=shown.plan_hash)
    assert newer.state == "held" and roster_rows() == before


def test_REL_12_whoever_is_removed_after_an_approval_keeps_account_and_rows(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    counted = text("select (select count(*) from account), (select count(*) from enrollment)")
    with tenant(house.district_id) as session:
        before = session.execute(counted).one()
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    worked(house, held.id, services, MUCH_LATER)
    with tenant(house.district_id) as session:
        assert session.execute(counted).one() == before


def test_REL_7_nothing_that_is_no_removal_waits_with_a_hold(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", "t2", *PUPILS[:15])
    shared.rename("biology", "Biology II")
    shared.join("biology", "t3", Role.TEACHER)
    assert synced(house, services, LATER).state == "held"
    assert "t3" in roster(house, "Biology II")["teacher"]
