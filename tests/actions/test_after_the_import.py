"""What becomes of classes as sections vanish and return, terms end and are moved, and people move (product.md)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, MUCH_LATER, House, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.request_sync import request_class_sync
from webapp.providers.service import Service
from webapp.roster.records import Role, Term
from webapp.store.database import tenant
from webapp.store.tables import License

FALL = Term("fall", "Fall", date(2026, 8, 1), date(2026, 12, 18))
JANUARY = datetime(2027, 1, 12, 12, tzinfo=UTC)


def _teach_in_fall(shared: SharedRoster, ends_on: date = FALL.ends_on or date.max) -> None:
    shared.terms = [replace(FALL, ends_on=ends_on)]
    shared.sections = [replace(one, term_source_ids=("fall",)) for one in shared.sections]


def _ask(house: House, question: str) -> list[tuple[Any, ...]]:
    with tenant(house.district_id) as session:
        return [tuple(row) for row in session.execute(text(question))]


def _class(house: House, name: str) -> UUID:
    return UUID(str(_ask(house, f"select id from school_class where provider_name = '{name}'")[0][0]))


def _told(house: House, name: str) -> list[tuple[str, str]]:
    """The states that the journal tells of a class, in order."""
    return [
        (row[0], row[1])
        for row in _ask(
            house,
            f"""select before ->> 'state', after ->> 'state' from change
                where record = 'class' and class_id = '{_class(house, name)}' and after ? 'state' order by id""",
        )
    ]


def test_a_section_that_vanishes_freezes_its_class_and_thaws_it_when_it_returns(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    before, truth = _class(house, "Chemistry"), (list(shared.sections), list(shared.enrollments))
    shared.withdraw("chemistry")
    synced(house, services, LATER)
    assert classes(house)["Chemistry"] == "frozen" and roster(house, "Chemistry")["student"] == PUPILS[:5]
    shared.sections, shared.enrollments = truth
    shared.leave("chemistry", "s5")
    synced(house, services, MUCH_LATER)
    assert (classes(house)["Chemistry"], _class(house, "Chemistry")) == ("active", before)
    assert roster(house, "Chemistry")["student"] == PUPILS[:4]
    assert _told(house, "Chemistry") == [("active", "frozen"), ("frozen", "active")]


def test_REL_26_a_section_that_is_not_found_freezes_an_unknown_one_is_ignored_and_the_run_goes_on(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology", "chemistry"], services)
    shared.withdraw("chemistry")
    shared.join("biology", "newcomer")
    with tenant(house.district_id) as session:
        session.execute(
            text("""insert into sync_run (id, district_id, connection_id, kind, scope, state, requested_at)
                    values (:id, :d, :c, 'sync', '{biology,chemistry,never-heard-of}', 'requested', :now)"""),
            {"id": house.license_id, "d": house.district_id, "c": house.connection_id, "now": LATER},
        )
    assert worked(house, house.license_id, services, LATER).state == "done"
    assert classes(house) == {"Biology": "active", "Chemistry": "frozen"}
    assert "newcomer" in roster(house, "Biology")["student"]


def test_REL_26_a_person_who_is_not_found_leaves_by_a_complete_answer_only(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.people = [one for one in shared.people if one.source_id != "s1"]
    assert synced(house, services, LATER).counts["removed"] == 1
    assert roster(house, "Biology")["student"] == sorted(PUPILS[1:])


def test_a_class_passes_to_the_sections_new_teacher_with_its_history(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["chemistry"], services)
    before = _class(house, "Chemistry")
    shared.leave("chemistry", "t1")
    shared.join("chemistry", "t3", Role.TEACHER, primary=True)
    assert synced(house, services, LATER).state == "done"
    assert roster(house, "Chemistry") == {"teacher": ["t3"], "student": PUPILS[:5]}
    assert _class(house, "Chemistry") == before
    told = _ask(
        house,
        """select i.subject, h.what from change h join identity i on i.account_id = h.account_id
           where h.record = 'enrollment' and i.subject in ('t1', 't3') order by h.id""",
    )
    assert [row for row in told if row[1] == "removed"] == [("t1", "removed")]
    assert {row for row in told if row[1] == "added"} == {("t1", "added"), ("t3", "added")}


def test_a_pupil_who_changes_period_leaves_and_joins_in_one_run(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.leave("biology", "s9")
    shared.join("chemistry", "s9")
    run = synced(house, services, LATER)
    assert (run.state, run.counts["added"], run.counts["removed"]) == ("done", 1, 1)
    assert "s9" not in roster(house, "Biology")["student"] and "s9" in roster(house, "Chemistry")["student"]
    rows = _ask(house, "select what, run_id from change where record = 'enrollment' order by id desc limit 2")
    assert {row[0] for row in rows} == {"added", "removed"} and {row[1] for row in rows} == {run.id}


@pytest.mark.parametrize(("days", "state"), [(13, "active"), (14, "active"), (15, "archived")])
def test_a_class_is_archived_after_its_terms_grace_and_keeps_its_roster(
    house: House, services: Mapping[str, Service], shared: SharedRoster, days: int, state: str
):
    _teach_in_fall(shared)
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS)
    after = datetime(2026, 12, 18, 12, tzinfo=UTC) + timedelta(days=days)
    assert synced(house, services, after).state == "done"
    assert classes(house) == {"Biology": state}
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_an_archived_class_returns_when_its_term_is_extended(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in_fall(shared)
    imported(house, a_teacher(house), ["biology"], services)
    synced(house, services, JANUARY)
    assert classes(house) == {"Biology": "archived"}
    before = _class(house, "Biology")
    _teach_in_fall(shared, date(2027, 1, 29))
    shared.leave("biology", "s1")
    shared.join("biology", "newcomer")
    run = synced(house, services, JANUARY + timedelta(days=1))
    assert (run.state, classes(house), _class(house, "Biology")) == ("done", {"Biology": "active"}, before)
    assert roster(house, "Biology")["student"] == sorted([*PUPILS[1:], "newcomer"])
    assert _told(house, "Biology") == [("active", "archived"), ("archived", "active")]


@pytest.mark.parametrize(
    ("ends_on", "state"),
    [(date(2027, 1, 11), "archived"), (date(2027, 1, 12), "archived"), (date(2027, 1, 13), "active")],
)
def test_an_archived_class_returns_only_where_its_term_goes_on(
    house: House, services: Mapping[str, Service], shared: SharedRoster, ends_on: date, state: str
):
    _teach_in_fall(shared)
    imported(house, a_teacher(house), ["biology"], services)
    synced(house, services, JANUARY)
    _teach_in_fall(shared, ends_on)
    shared.rename("biology", "Biology II")
    synced(house, services, JANUARY + timedelta(days=1))
    assert list(classes(house).values()) == [state]
    assert ("Biology II" in classes(house)) is (state == "active")


def test_REL_17_archived_classes_are_asked_about_for_a_month_and_nothing_is_written(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in_fall(shared)
    imported(house, a_teacher(house), ["biology"], services)
    synced(house, services, JANUARY)
    before = roster_rows()
    for days, asked in [(1, True), (29, True), (30, True), (31, False)]:
        shared.asked_by_name.clear()
        synced(house, services, JANUARY + timedelta(days=days))
        assert (shared.asked_by_name == ["biology"]) is asked
    assert roster_rows() == before


def test_a_teacher_who_presses_sync_now_later_still_gets_her_class_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in_fall(shared)
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    synced(house, services, JANUARY)
    _teach_in_fall(shared, date(2027, 6, 30))
    spring = JANUARY + timedelta(days=90)
    run_id = request_class_sync(house.district_id, _class(house, "Biology"), teacher, now=spring)
    worked(house, run_id, services, spring)
    assert classes(house) == {"Biology": "active"}


def test_SEC_21_who_comes_back_with_an_archived_class_and_finds_no_seat_waits(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in_fall(shared)
    shared.sections = [replace(one, term_source_ids=()) if one.name == "Chemistry" else one for one in shared.sections]
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    synced(house, services, JANUARY)
    with tenant(house.district_id) as session:
        session.get_one(License, house.license_id).student_seats = 12
    _teach_in_fall(shared, date(2027, 1, 29))
    synced(house, services, JANUARY + timedelta(days=1))
    assert len(roster(house, "Biology")["student"]) == 12
    assert set(PUPILS[:5]) <= set(roster(house, "Biology")["student"]), "they have seats by Chemistry"
    waiting = _ask(house, "select count(*) from change where record = 'enrollment' and after ->> 'state' = 'waiting'")
    assert waiting == [(8,)]


def test_an_import_of_a_section_whose_class_is_archived_revives_it(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in_fall(shared)
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    before = _class(house, "Biology")
    synced(house, services, JANUARY)
    shared.join("biology", "newcomer")
    run = imported(house, teacher, ["biology"], services, JANUARY + timedelta(days=1))
    assert run.state == "done" and run.counts["added"] == 2
    assert (classes(house), _class(house, "Biology")) == ({"Biology": "active"}, before)
    assert "newcomer" in roster(house, "Biology")["student"]


def test_an_import_of_a_section_whose_class_stayed_in_an_ended_license_makes_a_new_class(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in_fall(shared)
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    old = _class(house, "Biology")
    synced(house, services, JANUARY)
    with tenant(house.district_id) as session:
        session.get_one(License, house.license_id).ends_on = JANUARY.date()
        renewed = License(name="Renewed", starts_on=JANUARY.date(), student_seats=50, made_at=JANUARY)
        renewed.district_id = house.district_id
        session.add(renewed)
        session.flush()
        session.execute(text("update license_member set license_id = :l"), {"l": renewed.id})
    _teach_in_fall(shared, date(2027, 6, 30))
    run = imported(house, teacher, ["biology"], services, JANUARY + timedelta(days=2))
    assert run.state == "done", run.reason
    states = _ask(house, "select id, state from school_class order by made_at")
    assert [state for _id, state in states] == ["archived", "active"] and states[0][0] == old
    followed = _ask(house, "select class_id, until_at is null from class_source order by from_at")
    assert followed == [(old, False), (states[1][0], True)]
    assert synced(house, services, JANUARY + timedelta(days=3)).counts["updated"] == 0
