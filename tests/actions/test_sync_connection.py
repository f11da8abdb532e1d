"""Import and sync against a service held in memory: what ends up in the classes, and what is written."""

from collections.abc import Mapping
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.factory import LATER, MUCH_LATER, NOW, House, a_house, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.request_import import NotYourSection, request_import
from webapp.actions.sync_connection import sync_connection
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, Unreachable
from webapp.providers.service import Service
from webapp.roster.records import Enrollment, Role
from webapp.store.database import engine, tenant
from webapp.store.tables import Change, Connection


def test_ticked_sections_become_classes_with_everybody_whom_they_name(house: House, services: Mapping[str, Service]):
    run = imported(house, a_teacher(house), ["biology", "chemistry"], services)
    assert run.state == "done", run.reason
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}
    assert roster(house, "Biology") == {"teacher": ["t1", "t2"], "student": sorted(PUPILS)}


def test_importing_twice_or_by_the_co_teacher_leaves_one_class_with_both(house: House, services: Mapping[str, Service]):
    imported(house, a_teacher(house), ["biology"], services)
    with tenant(house.district_id) as session:
        t2 = session.execute(text("select account_id from identity where subject = 't2'")).scalar_one()
        session.execute(
            text("""insert into license_member (district_id, license_id, account_id, role, joined_at)
                    values (:d, :l, :a, 'teacher', now())"""),
            {"d": house.district_id, "l": house.license_id, "a": t2},
        )
    imported(house, t2, ["biology"], services, LATER)
    assert classes(house) == {"Biology": "active"}
    assert roster(house, "Biology")["teacher"] == ["t1", "t2"]


def test_REL_17_a_second_sync_of_unchanged_data_writes_no_roster_row(house: House, services: Mapping[str, Service]):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    before = _fingerprint(house)
    run = synced(house, services, LATER)
    assert (run.state, run.counts["added"], run.counts["updated"], run.counts["removed"]) == ("done", 0, 0, 0)
    assert run.counts["unchanged"] > 40
    assert _fingerprint(house) == before


def test_a_join_a_leave_and_a_rename_arrive(house: House, services: Mapping[str, Service], shared: SharedRoster):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.join("biology", "newcomer")
    shared.leave("biology", "s1")
    shared.rename("chemistry", "Chemistry II")
    run = synced(house, services, LATER)
    assert (run.counts["added"], run.counts["removed"]) == (2, 1)  # an account and its enrollment; an ended one
    assert roster(house, "Biology")["student"] == sorted([*PUPILS[1:], "newcomer"])
    assert "Chemistry II" in classes(house)


def test_every_leaver_is_unenrolled_and_nobody_else(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.leave("biology", "s1", "s7", "s20")
    synced(house, services, LATER)
    assert roster(house, "Biology")["student"] == sorted(set(PUPILS) - {"s1", "s7", "s20"})
    assert roster(house, "Chemistry")["student"] == PUPILS[:5]


def test_REL_13_who_returns_gets_the_same_account_and_enrollment_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    before = _enrollment_ids(house)
    shared.leave("biology", "s3")
    synced(house, services, LATER)
    shared.join("biology", "s3")
    synced(house, services, MUCH_LATER)
    assert _enrollment_ids(house) == before
    assert "s3" in roster(house, "Biology")["student"]


def test_REL_16_what_a_person_did_by_hand_survives_a_sync(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    with tenant(house.district_id) as session:
        session.execute(
            text("""update enrollment set hand = 'removed', state = 'ended', ended_on = '2026-10-05'
                    where account_id = (select account_id from identity where subject = 's2')""")
        )
        session.execute(
            text("""insert into enrollment (district_id, class_id, account_id, role, state, began_on, hand)
                    select :d, c.id, i.account_id, 'student', 'active', '2026-10-05', 'added'
                    from school_class c, identity i where c.provider_name = 'Chemistry' and i.subject = 's9'"""),
            {"d": house.district_id},
        )
        # What an undo brought back stays, though its own connection no longer names it.
        session.execute(
            text("""update enrollment set hand = 'added'
                    where account_id = (select account_id from identity where subject = 's7')""")
        )
    shared.leave("biology", "s7")
    synced(house, services, LATER)
    assert "s7" in roster(house, "Biology")["student"]
    assert "s2" not in roster(house, "Biology")["student"]
    assert "s9" in roster(house, "Chemistry")["student"]


@pytest.mark.parametrize("trouble", [Unreachable("no answer"), IncompleteAnswer("a page is missing")])
def test_REL_1_an_answer_that_is_not_whole_removes_nobody_and_parks_the_run(
    house: House, services: Mapping[str, Service], shared: SharedRoster, trouble: Unreachable
):
    imported(house, a_teacher(house), ["biology"], services)
    before = _fingerprint(house)
    shared.leave("biology", "s1")
    shared.trouble = trouble
    run = synced(house, services, LATER)
    assert (run.state, run.reason) == ("parked", str(trouble))
    assert run.next_try_at is not None and run.next_try_at > LATER
    assert _fingerprint(house) == before


def test_REL_28_pages_from_before_the_data_moved_are_forgotten(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    before = roster(house, "Biology")
    with tenant(house.district_id) as session:  # a whole pull is known to be cheap, so it is chosen
        session.get_one(Connection, house.connection_id).cursors = {"whole_requests": 1}
    shared.moved_from = [Enrollment("chemistry", "s9", Role.STUDENT)]
    assert synced(house, services, LATER).counts["added"] == 0
    assert shared.moved_from and roster(house, "Biology") == before


def test_REL_25_withdrawn_access_asks_for_attention_and_removes_nobody(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    before = _fingerprint(house)
    shared.trouble = AccessWithdrawn("the district stopped sharing")
    assert synced(house, services, LATER).state == "failed"
    assert _connection_state(house) == "attention"
    assert _fingerprint(house) == before
    shared.trouble = None
    synced(house, services, MUCH_LATER)
    assert _connection_state(house) == "connected"


def test_a_section_that_is_no_longer_shared_freezes_its_class_and_keeps_its_roster(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.withdraw("chemistry")
    assert synced(house, services, LATER).state == "done"
    assert classes(house) == {"Biology": "active", "Chemistry": "frozen"}
    assert roster(house, "Chemistry")["student"] == PUPILS[:5]


def test_SEC_21_students_beyond_the_last_seat_wait_and_come_in_when_one_frees(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(seats=18)
    imported(house, a_teacher(house), ["biology"], services)
    assert len(roster(house, "Biology")["student"]) == 18
    shared.leave("biology", "s1", "s5")
    synced(house, services, LATER)
    assert roster(house, "Biology")["student"] == sorted(set(PUPILS) - {"s1", "s5"})


def test_a_forged_section_id_or_another_teachers_section_imports_nothing(house: House, services: Mapping[str, Service]):
    teacher = a_teacher(house)
    for section in ("drama", "no-such-section"):
        with pytest.raises(NotYourSection):
            request_import(house.district_id, teacher, ["biology", section], services=services, now=NOW)
    assert classes(house) == {}


def test_REL_22_a_job_delivered_three_times_does_its_work_once(house: House, services: Mapping[str, Service]):
    run = imported(house, a_teacher(house), ["biology"], services)
    before = _fingerprint(house)
    for _ in range(2):
        worked(house, run.id, services, LATER)
    assert _fingerprint(house) == before


def test_SEC_19_a_job_with_another_tenants_district_does_nothing(house: House, services: Mapping[str, Service]):
    other = a_house()
    run_id = request_import(house.district_id, a_teacher(house), ["biology"], services=services, now=NOW)
    sync_connection(run_id, other.district_id, services=services, now=NOW)
    sync_connection(run_id, uuid4(), services=services, now=NOW)
    assert classes(house) == {} and classes(other) == {}


def test_REL_15_the_journal_tells_who_joined_and_left_and_an_insert_holds_no_names(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", "s1")
    synced(house, services, LATER)
    with tenant(house.district_id) as session:
        rows = session.query(Change).all()
    left = [row for row in rows if row.what == "removed"]
    assert [(row.record, (row.after or {})["state"], (row.after or {})["ended_on"]) for row in left] == [
        ("enrollment", "ended", "2026-10-05")
    ]
    joined = [row for row in rows if row.record == "account" and row.what == "added"]
    assert len(joined) == 21 and all(row.before is None and row.after is None for row in joined)


def _fingerprint(house: House) -> str:
    """Changes whenever a row of a roster table is written, even with equal values."""
    tables = [
        "account",
        "account_role",
        "identity",
        "school",
        "term",
        "course",
        "section",
        "school_class",
        "class_source",
        "enrollment",
        "change",
    ]
    union = " union all ".join(f"select '{name}' || ctid || xmin as line from {name}" for name in tables)
    with engine().connect() as connection:
        return str(
            connection.execute(text(f"select md5(string_agg(line, ',' order by line)) from ({union}) x")).scalar()
        )


def _enrollment_ids(house: House) -> dict[str, int]:
    with tenant(house.district_id) as session:
        rows = session.execute(
            text("select i.subject, n.id from enrollment n join identity i on i.account_id = n.account_id")
        )
        return {row.subject: row.id for row in rows}


def _connection_state(house: House) -> str:
    with tenant(house.district_id) as session:
        return session.get_one(Connection, house.connection_id).state
