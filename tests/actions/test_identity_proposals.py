"""A new id with a known number is asked about, never merged by itself (REL-30)."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from tests.actions.proposal_steps import add_person, comes_anew, numbered, proposals, the_proposal
from tests.actions.roster_rows import roster_rows
from tests.actions.undo_steps import account_of, later, students
from tests.factory import House, a_house, a_teacher, imported, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.providers.service import Service
from webapp.roster.records import Role


@pytest.fixture
def teacher(house: House, services: Mapping[str, Service], shared: SharedRoster) -> UUID:
    """A teacher who has imported Biology, of whose people everybody has a number."""
    numbered(shared)
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    return teacher


def test_REL_30_a_new_id_with_a_known_number_comes_as_a_new_account_and_is_asked_about(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    known = account_of(house, "s1")
    comes_anew(shared, "s1", "s1-new", grade="5")
    run = synced(house, services, later(1))
    asked = the_proposal(house)
    assert (asked.known_account_id, asked.new_account_id) == (known, account_of(house, "s1-new"))
    assert asked.state == "open" and asked.run_id == run.id and known != account_of(house, "s1-new")
    assert asked.evidence["by"] == "sis_id" and asked.evidence["alike"] == 1
    assert set(asked.evidence["agree"]) == {"sis_id", "student_number", "given_name", "family_name"}
    assert students(house) == sorted({*PUPILS, "s1-new"} - {"s1"})


def test_REL_30_REL_17_a_second_sync_asks_nothing_and_writes_nothing(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    comes_anew(shared, "s1", "s1-new")
    synced(house, services, later(1))
    before = roster_rows("identity_proposal")
    synced(house, services, later(2))
    assert roster_rows("identity_proposal") == before


def test_REL_30_an_id_that_splits_is_asked_about_while_both_are_there(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    comes_anew(shared, "s1", "s1-new", stays=True)
    synced(house, services, later(1))
    assert the_proposal(house).known_account_id == account_of(house, "s1")
    assert {"s1", "s1-new"} <= set(students(house))


def test_REL_30_the_sis_id_is_stronger_evidence_than_the_student_number(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    add_person(shared, "biology", "newcomer", sis_id="sis-s1", student_number="n-s2")
    synced(house, services, later(1))
    assert the_proposal(house).known_account_id == account_of(house, "s1")


def test_REL_30_a_student_number_alone_is_enough_to_ask(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    comes_anew(shared, "s1", "s1-new", sis_id="another")
    synced(house, services, later(1))
    assert the_proposal(house).evidence["by"] == "student_number"
    assert "sis_id" not in the_proposal(house).evidence["agree"]


def test_REL_30_a_number_that_comes_later_asks_then_and_the_older_account_is_the_known_one(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    comes_anew(shared, "s1", "s1-new", stays=True, sis_id="", student_number="")
    synced(house, services, later(1))
    assert proposals(house) == []
    comes_anew(shared, "s1-new", "s1-new", sis_id="sis-s1")
    synced(house, services, later(2))
    assert the_proposal(house).known_account_id == account_of(house, "s1")


def test_REL_30_two_candidates_are_asked_about_one_by_one_and_told_as_unsure(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    comes_anew(shared, "s1", "s1-twin", stays=True)
    synced(house, services, later(1))
    add_person(shared, "biology", "third", sis_id="sis-s1")
    synced(house, services, later(2))
    of_third = [one for one in proposals(house) if one.new_account_id == account_of(house, "third")]
    assert [one.evidence["alike"] for one in of_third] == [2, 2]


def test_REL_30_a_number_that_many_share_asks_nothing(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.people = [one for one in shared.people if one.source_id not in PUPILS[:5]]
    shared.enrollments = [one for one in shared.enrollments if one.person_source_id not in PUPILS[:4]]
    for pupil in PUPILS[:4]:
        add_person(shared, "biology", pupil, sis_id="0")
    synced(house, services, later(1))
    add_person(shared, "biology", "newcomer", sis_id="0")
    synced(house, services, later(2))
    assert not [one for one in proposals(house) if one.new_account_id == account_of(house, "newcomer")]


def test_REL_30_neither_name_nor_address_alone_asks_anything(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    comes_anew(shared, "t2", "t2", email="lee@school.example")
    synced(house, services, later(1))
    comes_anew(shared, "t2", "t2-new", sis_id="", student_number="")
    comes_anew(shared, "s1", "s1-new", sis_id="", student_number="")
    comes_anew(shared, "s2", "s2-new", sis_id="x", student_number="y")
    synced(house, services, later(2))
    assert proposals(house) == []


def test_REL_30_a_student_is_never_taken_for_a_teacher(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    add_person(shared, "biology", "t3", Role.TEACHER, sis_id="sis-s1", student_number="n-s1")
    synced(house, services, later(1))
    assert proposals(house) == []


def test_REL_30_people_who_come_together_are_not_asked_about(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    numbered(shared)
    comes_anew(shared, "s1", "s1-twin", stays=True)
    imported(house, a_teacher(house), ["biology"], services)
    assert proposals(house) == []


def test_REL_30_the_number_of_another_district_asks_nothing(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    other = a_house()
    comes_anew(shared, "s1", "s1-new")
    imported(other, a_teacher(other), ["biology"], services)
    assert proposals(other) == [] and proposals(house) == []
