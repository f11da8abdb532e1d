"""Who would go by a list is looked up once more by class; whoever is found again stays (REL-2)."""

from collections.abc import Mapping

import pytest

from tests.factory import LATER, MUCH_LATER, House, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions import look_again
from webapp.actions.decide_hold import approve_hold
from webapp.providers.errors import Unreachable
from webapp.providers.service import Condition, Service
from webapp.roster.records import Role
from webapp.store.database import tenant
from webapp.store.tables import Connection, SyncRun


def _reads_whole_collections(house: House) -> None:
    with tenant(house.district_id) as session:  # a whole pull is known to be cheap, so it is chosen
        session.get_one(Connection, house.connection_id).cursors = {"whole_requests": 1}


def _imported(house: House, services: Mapping[str, Service], shared: SharedRoster, sections: list[str]) -> None:
    imported(house, a_teacher(house), sections, services)
    _reads_whole_collections(house)
    shared.asked_by_name.clear()


def test_REL_2_twenty_students_whom_a_list_lost_stay_where_their_class_still_names_them(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.lost_in_lists = set(PUPILS)
    run = synced(house, services, LATER)
    assert (run.state, run.counts["removed"]) == ("done", 0)
    assert roster(house, "Biology")["student"] == sorted(PUPILS)
    assert sorted(shared.asked_by_name) == ["biology", "chemistry"]


def test_REL_2_a_section_that_a_list_lost_freezes_no_class(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.lost_in_lists = {"chemistry"}
    shared.leave("biology", "s1")
    assert synced(house, services, LATER).counts["removed"] == 1
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}
    assert roster(house, "Chemistry")["student"] == PUPILS[:5]


def test_REL_2_who_has_really_left_is_removed_after_the_second_look(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.lost_in_lists = {"s2"}
    shared.leave("biology", "s1")
    assert synced(house, services, LATER).counts["removed"] == 1
    assert roster(house, "Biology")["student"] == sorted(set(PUPILS) - {"s1"})
    assert shared.asked_by_name == ["biology", "chemistry"]


def test_REL_2_nothing_is_looked_up_where_nobody_would_go(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.join("biology", "newcomer")
    assert synced(house, services, LATER).counts["added"] == 2
    assert not shared.asked_by_name


def test_REL_2_nothing_is_looked_up_where_an_absence_proves_nothing(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.leave("biology", "s1")
    shared.condition = Condition(settled=False, sentence="Clever itself is paused.")
    synced(house, services, LATER)
    assert not shared.asked_by_name


def test_REL_2_a_section_by_section_fetch_was_that_look_already(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.asked_by_name.clear()
    shared.leave("biology", "s1")
    assert synced(house, services, LATER).counts["removed"] == 1
    assert shared.asked_by_name == ["biology", "chemistry"]


@pytest.mark.parametrize(("most", "removed", "held"), [(2, 2, 1), (3, 3, 0), (4, 3, 0)])
def test_REL_2_what_is_too_much_to_look_up_waits_for_a_person(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    removed: int,
    held: int,
):
    assert look_again.LOOK_UPS == 200
    monkeypatch.setattr(look_again, "LOOK_UPS", most)
    shared.join("drama", "t1", Role.TEACHER)
    _imported(house, services, shared, ["biology", "chemistry", "drama"])
    shared.leave("biology", "s1")
    shared.leave("chemistry", "s2")
    shared.leave("drama", "s3")
    run = synced(house, services, LATER)
    assert (run.counts["removed"], run.counts["held"]) == (removed, held)
    assert ("s3" in roster(house, "Drama")["student"]) is bool(held)
    assert (run.reason or "").startswith("1 class more than can be looked up again") is bool(held)


def test_REL_2_the_next_sync_looks_up_what_the_last_one_could_not(
    house: House, services: Mapping[str, Service], shared: SharedRoster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(look_again, "LOOK_UPS", 1)
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.leave("biology", "s1")
    shared.leave("chemistry", "s2")
    held = synced(house, services, LATER)
    assert (held.state, synced(house, services, MUCH_LATER).state) == ("held", "done")
    assert "s2" not in roster(house, "Chemistry")["student"]
    with tenant(house.district_id) as session:
        assert session.get_one(SyncRun, held.id).state == "superseded"


def test_REL_2_what_was_not_looked_up_goes_where_a_person_approves(
    house: House, services: Mapping[str, Service], shared: SharedRoster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(look_again, "LOOK_UPS", 0)
    _imported(house, services, shared, ["biology"])
    shared.leave("biology", "s1")
    held = synced(house, services, LATER)
    approve_hold(house.district_id, held.id, now=MUCH_LATER, plan_hash=held.plan_hash)
    assert worked(house, held.id, services, MUCH_LATER).counts["removed"] == 1


class _GoneSilent(SharedRoster):
    """Whole collections can be read, single sections cannot."""

    def sections_(self, source_ids):
        raise Unreachable("no answer")


def test_REL_2_a_second_look_that_fails_removes_nobody_and_parks_the_run(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _imported(house, services, shared, ["biology", "chemistry"])
    shared.leave("biology", "s1")
    shared.__class__ = _GoneSilent
    assert synced(house, services, LATER).state == "parked"
    assert "s1" in roster(house, "Biology")["student"]
