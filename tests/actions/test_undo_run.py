"""Undo of a run: what it did is taken back, and what somebody changed since is left alone and told."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from tests.actions.undo_steps import account_of, call, class_of, later, marks, name_of, students, undone
from tests.factory import House, a_house, a_teacher, imported, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions import undo_run
from webapp.actions.hand_roster import add_by_hand, remove_by_hand
from webapp.actions.request_undo import CannotUndo, request_undo
from webapp.actions.sweep import sweep
from webapp.providers.service import Service
from webapp.store import leases
from webapp.store.database import tenant
from webapp.store.tables import Enrollment
from webapp.store.undoing import LeftAlone, undo_classes


def test_REL_14_undo_brings_back_who_left_and_takes_out_who_joined_and_syncs_leave_it_so(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", "s1", "s2")
    shared.join("biology", "newcomer")
    run = synced(house, services, later(1))
    undo = undone(house, run.id, later(2))
    assert (undo.state, undo.kind, undo.reason) == ("done", "undo", None)
    assert (undo.counts["added"], undo.counts["removed"], undo.counts["skipped"]) == (2, 1, 0)
    assert students(house) == sorted(PUPILS)
    for hours in (3, 4):
        assert synced(house, services, later(hours)).counts["updated"] == 0
        assert students(house) == sorted(PUPILS)
    assert marks(house) == {"s1": "added", "s2": "added", "newcomer": "removed"}


def test_REL_14_undo_of_an_undo_is_as_before_it_without_marks(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", "s1")
    shared.join("biology", "newcomer")
    run = synced(house, services, later(1))
    undo = undone(house, run.id, later(2))
    again = undone(house, undo.id, later(3))
    assert again.state == "done" and marks(house) == {}
    assert students(house) == sorted({*PUPILS, "newcomer"} - {"s1"})
    assert synced(house, services, later(4)).counts["added"] == 0
    third = undone(house, again.id, later(5))
    assert third.state == "done" and students(house) == sorted(PUPILS)
    assert marks(house) == {"s1": "added", "newcomer": "removed"}
    with pytest.raises(CannotUndo, match="already"):  # what took the undo back was taken back itself
        request_undo(house.district_id, run.id, now=later(5))
    assert undone(house, third.id, later(6)).state == "done"
    undone(house, run.id, later(7))
    assert students(house) == sorted(PUPILS)


def test_REL_14_what_a_person_changed_since_is_left_alone_and_listed(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", "s1", "s2")
    run = synced(house, services, later(1))
    klass = class_of(house).id
    add_by_hand(house.district_id, klass, account_of(house, "s1"), "student", teacher, now=later(2))
    remove_by_hand(house.district_id, klass, account_of(house, "s1"), "student", teacher, now=later(2.5))
    undo = undone(house, run.id, later(3))
    assert students(house) == sorted(set(PUPILS) - {"s1"})
    assert undo.counts["skipped"] == 1 and undo.reason and "1 record stayed" in undo.reason
    assert [(one["record"], one["why"], one["account_id"]) for one in undo.counts["left_alone"]] == [
        ("enrollment", "edited", str(account_of(house, "s1")))
    ]


def test_REL_14_what_a_later_sync_took_out_again_is_not_brought_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", "s1")
    run = synced(house, services, later(1))
    shared.join("biology", "s1")
    synced(house, services, later(2))
    shared.leave("biology", "s1")
    synced(house, services, later(3))
    undo = undone(house, run.id, later(4))
    assert "s1" not in students(house)
    assert [one["why"] for one in undo.counts["left_alone"]] == ["changed since"]


def test_REL_14_a_run_can_be_undone_for_thirty_days_and_once(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", "s1")
    run = synced(house, services, later(1))
    with pytest.raises(CannotUndo, match="30 days"):
        request_undo(house.district_id, run.id, now=later(1) + timedelta(days=30, minutes=1))
    asked = request_undo(house.district_id, run.id, now=later(1) + timedelta(days=29))
    assert request_undo(house.district_id, run.id, now=later(1) + timedelta(days=29)) == asked
    worked(house, asked, services, later(1) + timedelta(days=29))
    assert "s1" in students(house)
    with pytest.raises(CannotUndo, match="already"):
        request_undo(house.district_id, run.id, now=later(1) + timedelta(days=29))


def test_REL_14_a_run_that_changed_nothing_or_is_another_districts_cannot_be_undone(
    house: House, services: Mapping[str, Service], teacher: UUID
):
    run = synced(house, services, later(1))
    with pytest.raises(CannotUndo, match="changed nothing"):
        request_undo(house.district_id, run.id, now=later(2))
    for district, one in ((house.district_id, uuid4()), (a_house().district_id, run.id)):
        with pytest.raises(CannotUndo, match="no such sync"):
            request_undo(district, one, now=later(2))


def test_REL_14_the_applied_part_of_a_held_run_can_be_undone(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    shared.leave("biology", *PUPILS[:15])
    shared.join("biology", "newcomer")
    run = synced(house, services, later(1))
    assert run.state == "held" and "newcomer" in students(house)
    undone(house, run.id, later(2))
    assert students(house) == sorted(PUPILS)


def test_REL_14_undo_in_one_class_leaves_the_other_classes_and_the_people_as_they_are(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    imported(house, teacher, ["chemistry"], services, now=later(0.5))
    shared.leave("biology", "s20")
    shared.leave("chemistry", "s5")
    call(shared, "s1", "Other")
    run = synced(house, services, later(1))
    undone(house, run.id, later(2), class_id=class_of(house).id)
    assert "s20" in students(house) and "s5" not in students(house, "Chemistry")
    assert name_of(house, "s1") == "Other"


def test_SEC_21_who_comes_back_by_an_undo_waits_where_no_seat_is_free(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(seats=20)
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", "s1")
    run = synced(house, services, later(1))
    shared.join("biology", "newcomer")
    synced(house, services, later(2))
    undone(house, run.id, later(3))
    assert students(house) == sorted({*PUPILS, "newcomer"} - {"s1"})
    with tenant(house.district_id) as session:
        waits = session.scalars(select(Enrollment.account_id).where(Enrollment.state == "waiting")).all()
    assert waits == [account_of(house, "s1")]
    shared.leave("biology", "s2")
    synced(house, services, later(4))
    assert "s1" in students(house)


def test_REL_13_who_comes_back_by_an_undo_is_the_same_account_class_and_enrollment(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    ids = _ids(house)
    shared.leave("biology", "s1")
    run = synced(house, services, later(1))
    undone(house, run.id, later(2))
    assert _ids(house) == ids


def test_REL_12_no_sync_and_no_undo_deletes_a_row_of_people_classes_or_rosters(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID
):
    tables = ("account", "school_class", "enrollment", "class_source", "section", "identity")
    before = _row_counts(house, tables)
    shared.leave("biology", "s1")
    shared.withdraw("drama")
    run = synced(house, services, later(1))
    undo = undone(house, run.id, later(2))
    undone(house, undo.id, later(3))
    assert _row_counts(house, tables) == before


def test_an_undo_waits_for_the_sync_that_holds_the_lease(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, monkeypatch: pytest.MonkeyPatch
):
    shared.leave("biology", "s1")
    run = synced(house, services, later(1))
    with tenant(house.district_id) as session:
        session.execute(
            text("update lease set holder = uuidv7(), expires_at = :until"), {"until": later(2) + timedelta(minutes=1)}
        )
    monkeypatch.setattr("webapp.actions.take_lease.BUSY_PATIENCE", 0)
    undo_id = request_undo(house.district_id, run.id, now=later(2))
    assert worked(house, undo_id, services, later(2)).state == "requested" and "s1" not in students(house)
    assert worked(house, undo_id, services, later(3)).state == "done" and "s1" in students(house)


def test_REL_19_an_undo_that_has_lost_its_lease_writes_nothing_and_is_tried_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, monkeypatch: pytest.MonkeyPatch
):
    shared.leave("biology", "s1")
    undo_id = request_undo(house.district_id, synced(house, services, later(1)).id, now=later(2))
    take = leases.take
    with monkeypatch.context() as outlived:
        outlived.setattr(leases, "take", lambda *given: take(*given) - 1)
        assert worked(house, undo_id, services, later(2)).state == "requested"
    assert "s1" not in students(house)
    assert worked(house, undo_id, services, later(3)).state == "done" and "s1" in students(house)


def test_REL_18_an_undo_that_broke_off_goes_on_where_it_was_and_counts_everything(
    house: House, services: Mapping[str, Service], shared: SharedRoster, teacher: UUID, monkeypatch: pytest.MonkeyPatch
):
    imported(house, teacher, ["chemistry"], services, now=later(0.5))
    shared.leave("biology", "s20")
    shared.leave("chemistry", "s5")
    undo_id = request_undo(house.district_id, synced(house, services, later(1)).id, now=later(2))
    monkeypatch.setattr(undo_run, "CLASSES_AT_ONCE", 1)
    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(undo_run, "undo_classes", breaks_off_at_its_second_call())
        worked(house, undo_id, services, later(2))
    assert ("s20" in students(house)) != ("s5" in students(house, "Chemistry"))
    sweep(later(3))
    undo = worked(house, undo_id, services, later(3))
    assert undo.state == "done" and (undo.counts["added"], undo.counts["skipped"]) == (2, 0)
    assert "s20" in students(house) and "s5" in students(house, "Chemistry")


def breaks_off_at_its_second_call() -> Callable[..., list[LeftAlone]]:
    """`undo_classes`, whose worker dies at its second batch."""
    calls = iter([undo_classes])

    def once(*given: Any, **named: Any) -> list[LeftAlone]:
        for real in calls:
            return real(*given, **named)
        raise ConnectionError

    return once


def _ids(house: House) -> list[tuple[object, ...]]:
    with tenant(house.district_id) as session:
        rows = session.execute(text("select id, class_id, account_id, began_on from enrollment order by id"))
        return [tuple(row) for row in rows]


def _row_counts(house: House, tables: tuple[str, ...]) -> list[int]:
    with tenant(house.district_id) as session:
        return [session.execute(text(f"select count(*) from {name}")).scalar_one() for name in tables]
