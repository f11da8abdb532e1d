"""What an undo or a hand has put stays until the service agrees, or until somebody says to follow it again."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.actions.undo_steps import account_of, call, class_of, later, marks, name_of, students, undone
from tests.factory import House, classes, imported, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.follow_source import follow_source
from webapp.actions.hand_roster import add_by_hand, remove_by_hand
from webapp.actions.rename_class import rename_class
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import Enrollment


def test_REL_14_the_mark_goes_when_the_service_agrees_and_then_the_service_is_followed(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", "s1")
    shared.join("biology", "newcomer")
    undone(house, synced(house, services, later(1)).id, later(2))
    shared.join("biology", "s1")
    shared.leave("biology", "newcomer")
    synced(house, services, later(3))
    assert marks(house) == {} and students(house) == sorted(PUPILS)
    shared.leave("biology", "s1")
    shared.join("biology", "newcomer")
    synced(house, services, later(4))
    assert students(house) == sorted({*PUPILS, "newcomer"} - {"s1"})


def test_REL_14_a_class_that_a_sync_froze_is_put_back_and_stays_active_until_the_service_agrees(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    imported(house, teacher, ["chemistry"], services, now=later(0.5))
    everything = (list(shared.sections), list(shared.enrollments))
    shared.withdraw("chemistry")
    run = synced(house, services, later(1))
    if run.state == "held":
        pytest.fail(f"one class of two is not held: {run.reason}")
    assert classes(house)["Chemistry"] == "frozen"
    undone(house, run.id, later(2))
    synced(house, services, later(3))
    assert classes(house)["Chemistry"] == "active" and class_of(house, "Chemistry").hand
    shared.sections, shared.enrollments = everything
    synced(house, services, later(4))
    assert not class_of(house, "Chemistry").hand
    shared.withdraw("chemistry")
    synced(house, services, later(5))
    assert classes(house)["Chemistry"] == "frozen"


def test_REL_14_a_name_that_the_service_changed_comes_back_and_stays(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.rename("biology", "Period 4")
    run = synced(house, services, later(1))
    undo = undone(house, run.id, later(2))
    synced(house, services, later(3))
    assert "Biology" in classes(house)
    undone(house, undo.id, later(4))
    assert "Period 4" in classes(house)
    rename_class(house.district_id, class_of(house, "Period 4").id, teacher, "Bugs", now=later(5))
    undone(house, run.id, later(6))
    assert "Bugs" in classes(house)


def test_REL_14_names_of_people_come_back_and_stay_until_the_service_agrees(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    call(shared, "s1", "Wrong")
    run = synced(house, services, later(1))
    assert name_of(house, "s1") == "Wrong"
    undo = undone(house, run.id, later(2))
    synced(house, services, later(3))
    assert name_of(house, "s1") == "S1"
    call(shared, "s1", "S1")
    synced(house, services, later(4))
    call(shared, "s1", "Newname")
    synced(house, services, later(5))
    assert name_of(house, "s1") == "Newname"
    assert undone(house, undo.id, later(6)).counts["skipped"] == 1
    assert name_of(house, "s1") == "Newname"


def test_REL_16_hand_made_changes_stick_and_follow_the_source_again_when_told(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    imported(house, teacher, ["chemistry"], services, now=later(0.2))
    chemistry = class_of(house, "Chemistry").id
    add_by_hand(house.district_id, chemistry, account_of(house, "s9"), "student", teacher, now=later(0.5))
    remove_by_hand(house.district_id, chemistry, account_of(house, "s1"), "student", teacher, now=later(0.5))
    by_hand = ["s2", "s3", "s4", "s5", "s9"]
    for hours in (1, 2):
        synced(house, services, later(hours))
        assert students(house, "Chemistry") == by_hand
    assert follow_source(house.district_id, chemistry, teacher, now=later(3)) == 2
    assert students(house, "Chemistry") == by_hand
    synced(house, services, later(4))
    assert students(house, "Chemistry") == PUPILS[:5] and marks(house) == {}


def test_REL_16_follow_the_source_again_can_be_said_of_one_person(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    klass = class_of(house).id
    for pupil in ("s1", "s2"):
        remove_by_hand(house.district_id, klass, account_of(house, pupil), "student", teacher, now=later(1))
    with tenant(house.district_id) as session:
        one = session.scalars(select(Enrollment).where(Enrollment.account_id == account_of(house, "s1"))).one().id
    follow_source(house.district_id, klass, teacher, now=later(2), enrollment_id=one)
    synced(house, services, later(3))
    assert students(house) == sorted(set(PUPILS) - {"s2"})
