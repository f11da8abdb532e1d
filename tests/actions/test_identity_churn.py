"""People who look exchanged for others hold everything: nothing at all is applied until a person approves (REL-5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, MUCH_LATER, NOW, House, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.decide_hold import approve_hold
from webapp.providers.service import Condition, Service
from webapp.roster.records import Role, Term
from webapp.store.database import tenant
from webapp.store.tables import Connection, SyncRun

FALL = Term("fall", "Fall", date(2026, 8, 1), date(2026, 12, 18))
PAUSED = Condition(settled=False, sentence="Clever itself is paused.")
SPRING = Term("spring", "Spring", date(2027, 1, 5), date(2027, 6, 10))


def _renumber(shared: SharedRoster, prefix: str = "new-") -> None:
    """Every student has another id from now on."""
    shared.people = [
        replace(one, source_id=prefix + one.source_id) if Role.STUDENT in one.roles else one for one in shared.people
    ]
    shared.enrollments = [
        replace(one, person_source_id=prefix + one.person_source_id) if one.role is Role.STUDENT else one
        for one in shared.enrollments
    ]


def _rename_people(shared: SharedRoster, count: int) -> None:
    """So many students of Biology are called otherwise."""
    shared.people = [
        replace(one, given_name="Other") if one.source_id in PUPILS[:count] else one for one in shared.people
    ]


def test_REL_5_renumbered_students_write_no_roster_row(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    before = roster_rows()
    _renumber(shared)
    shared.rename("chemistry", "Chemistry II")  # not even this
    run = synced(house, services, LATER)
    assert (run.state, run.whole_held) == ("held", True)
    assert run.reason == "every student would be somebody new"
    assert (run.counts["added"], run.counts["updated"], run.counts["removed"]) == (0, 0, 0)
    assert roster_rows() == before


def test_REL_5_a_sync_that_was_held_as_a_whole_is_no_good_sync(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    synced(house, services, LATER)
    _renumber(shared)
    synced(house, services, MUCH_LATER)
    with tenant(house.district_id) as session:
        assert session.get_one(Connection, house.connection_id).last_good_sync_at == LATER


def test_REL_5_once_approved_the_whole_plan_is_applied(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    _renumber(shared)
    shared.rename("chemistry", "Chemistry II")
    held = synced(house, services, LATER)
    approve_hold(house.district_id, held.id, now=MUCH_LATER, plan_hash=held.plan_hash)
    run = worked(house, held.id, services, MUCH_LATER)
    assert (run.state, run.whole_held, run.counts["removed"]) == ("done", False, 25)
    assert roster(house, "Biology")["student"] == sorted("new-" + pupil for pupil in PUPILS)
    assert classes(house) == {"Biology": "active", "Chemistry II": "active"}


def test_REL_5_and_REL_9_a_plan_that_takes_away_more_than_was_approved_is_held_as_a_whole_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    _renumber(shared)
    held = synced(house, services, LATER)
    shared.withdraw("chemistry")
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    before = roster_rows()
    run = worked(house, held.id, services, MUCH_LATER)
    assert (run.state, run.whole_held) == ("held", True)
    assert run.plan_hash != held.plan_hash and roster_rows() == before


def test_REL_5_approving_some_removals_does_not_approve_an_exchange(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = synced(house, services, LATER)
    assert (held.state, held.whole_held) == ("held", False)
    for number in range(15):
        shared.join("biology", f"other-{number}")
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    run = worked(house, held.id, services, MUCH_LATER)
    assert (run.state, run.whole_held) == ("held", True)
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_REL_5_most_students_with_another_name_hold_everything_and_are_bound_to_the_approval(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _rename_people(shared, 16)
    held = synced(house, services, LATER)
    assert held.reason == "16 of 20 students would have another name or number" and held.counts["held"] == 16
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    _rename_people(shared, 17)
    assert worked(house, held.id, services, MUCH_LATER).whole_held
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    run = worked(house, held.id, services, MUCH_LATER)
    assert (run.state, run.counts["updated"]) == ("done", 17)


def test_REL_5_three_quarters_with_another_name_pass(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _rename_people(shared, 15)
    run = synced(house, services, LATER)
    assert (run.state, run.counts["updated"]) == ("done", 15)


def test_REL_5_other_sis_ids_are_an_exchange_and_first_ones_are_not(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.people = [replace(one, sis_id=f"sis-{one.source_id}") for one in shared.people]
    assert synced(house, services, LATER).state == "done"
    shared.people = [replace(one, sis_id=f"other-{one.source_id}") for one in shared.people]
    assert synced(house, services, MUCH_LATER).whole_held


def test_REL_10_what_was_held_as_a_whole_goes_away_by_itself_when_the_ids_return(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    truth = list(shared.people), list(shared.enrollments)
    _renumber(shared)
    held = synced(house, services, LATER)
    shared.people, shared.enrollments = truth
    assert synced(house, services, MUCH_LATER).state == "done"
    with tenant(house.district_id) as session:
        assert session.get_one(SyncRun, held.id).state == "superseded"


def test_REL_11_the_same_exchange_on_the_next_night_writes_no_second_letter(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    with tenant(house.district_id) as session:
        admin = a_teacher(house)
        session.execute(text("update license_member set role = 'license_admin' where account_id = :a"), {"a": admin})
    imported(house, a_teacher(house, "t2"), ["biology"], services)
    _renumber(shared)
    for hours in (1, 25):
        synced(house, services, NOW + timedelta(hours=hours))
    with tenant(house.district_id) as session:
        assert session.scalar(text("select count(*) from outbox where kind = 'hold'")) == 1


def test_REL_5_a_semesters_change_of_sections_passes(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.terms = [FALL, SPRING]
    shared.sections = [replace(one, term_source_ids=("fall",)) for one in shared.sections]
    teacher = a_teacher(house)
    imported(house, teacher, ["biology", "chemistry"], services)
    shared.withdraw("biology", "chemistry")
    shared.add_section("Biology S2", teachers=["t1"], students=PUPILS)
    shared.add_section("Chemistry S2", teachers=["t1"], students=[f"other-{number}" for number in range(5)])
    january = datetime(2027, 1, 12, 12, tzinfo=UTC)
    assert imported(house, teacher, ["biology s2", "chemistry s2"], services, january).state == "done"
    run = synced(house, services, january + timedelta(hours=1))
    assert (run.state, run.counts["removed"]) == ("done", 2)  # two classes archived
    assert classes(house) == {
        "Biology": "archived",
        "Chemistry": "archived",
        "Biology S2": "active",
        "Chemistry S2": "active",
    }


def test_REL_5_while_a_service_is_paused_an_exchange_is_not_even_a_hold(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    before = roster_rows("outbox", "held_removal")
    _rename_people(shared, 20)
    shared.condition = PAUSED
    run = synced(house, services, LATER)
    assert (run.state, run.reason, run.whole_held) == ("done", PAUSED.sentence, False)
    assert roster_rows("outbox", "held_removal") == before


def test_REL_5_an_approved_exchange_that_meets_a_pause_waits_as_a_whole_and_is_asked_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _renumber(shared)
    held = synced(house, services, LATER)
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    shared.condition = PAUSED
    before = roster_rows()
    again = worked(house, held.id, services, MUCH_LATER)
    assert roster_rows() == before
    assert (again.state, again.whole_held, again.plan_hash) == ("held", True, held.plan_hash)
    shared.condition = Condition()
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    assert worked(house, held.id, services, MUCH_LATER).state == "done"
