"""A class goes on with next term's section: by the teacher's choice, with its history, and never against the guard."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.actions.next_term import DECEMBER, FALL, JANUARY, OCTOBER, SPRING, TermByTerm, Town
from tests.actions.undo_steps import undone
from tests.factory import House, a_teacher, classes, imported
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.continuations import CannotContinue
from webapp.actions.rename_class import rename_class
from webapp.actions.request_import import NotYourSection, request_import
from webapp.providers.service import Condition, Service
from webapp.roster.records import Role
from webapp.store.database import tenant
from webapp.store.tables import License

SPRING_PUPILS = sorted(PUPILS[2:12])


@pytest.fixture
def shared() -> SharedRoster:
    """A service that shares nothing yet."""
    return TermByTerm()


@pytest.fixture
def town(house: House, services: Mapping[str, Service], shared: SharedRoster) -> Town:
    """Algebra, imported in October."""
    return Town(house, services, shared)


def test_a_class_goes_on_with_the_spring_section_and_keeps_its_id_and_its_peoples_places(town: Town):
    before, places = town.algebra, town.enrollments()
    town.spring()
    town.sync(JANUARY)
    assert classes(town.house) == {"Algebra P3 S1": "archived"}
    run = town.go_on(JANUARY + timedelta(hours=1))
    assert (run.state, classes(town.house)) == ("done", {"Algebra P3 S2": "active"}), run.reason
    assert town.algebra == before and town.follows() == [("Algebra P3 S2", "algebra-s2")]
    assert town.students() == SPRING_PUPILS
    assert {who: town.enrollments()[who] for who in places} == places
    ended = town.rows("select count(*) from enrollment where state = 'ended' and ended_on = '2027-01-12'")
    assert ended == [(2,)]


def test_a_continuation_is_in_the_journal_under_one_run_and_later_syncs_follow_the_new_section(town: Town):
    town.spring()
    town.sync(JANUARY)
    run = town.go_on(JANUARY + timedelta(hours=1))
    told = town.rows(f"select before, after from change where run_id = '{run.id}' and record = 'class'")
    assert told[0][0]["follows"] == "algebra-s1" and told[0][1]["follows"] == "algebra-s2"
    town.shared.join("algebra-s2", "newcomer")
    town.end_enrollments("algebra-s1")
    assert town.sync(JANUARY + timedelta(hours=2)).counts["removed"] == 0
    assert "newcomer" in town.students() and len(town.students()) == 11
    assert town.sync(JANUARY + timedelta(hours=3)).counts["updated"] == 0


def test_REL_3_a_continuation_with_all_other_students_is_no_question_for_the_guard(town: Town):
    others = [f"p{number}" for number in range(10)]
    town.spring(others)
    town.sync(JANUARY)
    assert town.go_on(JANUARY + timedelta(hours=1)).state == "done"
    assert town.students() == sorted(others)


def test_a_class_whose_term_still_runs_may_go_on_early_and_its_students_leave_at_once(town: Town):
    town.spring()
    assert town.go_on(DECEMBER).state == "done"
    assert classes(town.house) == {"Algebra P3 S2": "active"} and town.students() == SPRING_PUPILS


def test_a_class_whose_section_vanished_goes_on_with_another_of_the_same_term(town: Town):
    town.vanish(OCTOBER + timedelta(days=1))
    town.add("algebra-anew", "Algebra P3 S1", FALL, PUPILS[:9], period="3")
    assert classes(town.house)["Algebra P3 S1"] == "frozen"
    assert town.offers(OCTOBER + timedelta(days=2))["algebra-anew"].continues
    town.go_on(OCTOBER + timedelta(days=2), "algebra-anew")
    assert classes(town.house)["Algebra P3 S1"] == "active" and len(town.students()) == 9


def test_a_section_that_returns_after_its_class_went_on_is_offered_anew_and_changes_nothing(town: Town):
    town.vanish(OCTOBER + timedelta(days=1))
    town.add("algebra-anew", "Algebra P3", FALL, PUPILS[:9])
    town.go_on(OCTOBER + timedelta(days=2), "algebra-anew")
    town.add("algebra-s1", "Algebra P3 S1", FALL, PUPILS[:10], period="3")
    assert town.sync(OCTOBER + timedelta(days=3)).counts["updated"] == 0
    assert town.follows()[0] == ("Algebra P3", "algebra-anew") and len(town.students()) == 9
    offer = town.offers(OCTOBER + timedelta(days=3))["algebra-s1"]
    assert (offer.state, offer.was) == ("importable", "Algebra P3")


def test_a_spring_section_imported_as_a_new_class_leaves_the_fall_class_to_the_archive(town: Town):
    town.spring()
    imported(town.house, town.teacher, ["algebra-s2"], town.services, DECEMBER)
    town.sync(JANUARY)
    assert classes(town.house) == {"Algebra P3 S1": "archived", "Algebra P3 S2": "active"}
    assert town.students() == sorted(PUPILS[:10]), "the fall roster stays as it was"
    assert town.follows() == [("Algebra P3 S1", "algebra-s1"), ("Algebra P3 S2", "algebra-s2")]


def test_the_teachers_own_name_stays_with_a_class_that_goes_on(town: Town):
    rename_class(town.house.district_id, town.algebra, town.teacher, "My third period", now=OCTOBER)
    town.spring()
    town.go_on(DECEMBER)
    assert classes(town.house) == {"My third period": "active"}


def test_REL_14_the_classs_undo_brings_back_the_section_the_roster_and_the_name(town: Town):
    town.spring()
    town.sync(JANUARY)
    run = town.go_on(JANUARY + timedelta(hours=1))
    town.shared.join("algebra-s2", "newcomer")
    town.sync(JANUARY + timedelta(hours=2))
    undone(town.house, run.id, JANUARY + timedelta(hours=3), class_id=town.algebra)
    assert classes(town.house) == {"Algebra P3 S1": "archived"}
    assert town.follows() == [("Algebra P3 S1", "algebra-s1")] and town.students() == sorted(PUPILS[:10])
    town.sync(JANUARY + timedelta(hours=4))
    assert classes(town.house) == {"Algebra P3 S1": "archived"} and town.students() == sorted(PUPILS[:10])


def test_REL_14_after_its_undo_a_class_can_go_on_again_and_an_undo_of_the_undo_is_exact(town: Town):
    town.spring()
    town.sync(JANUARY)
    run = town.go_on(JANUARY + timedelta(hours=1))
    undo = undone(town.house, run.id, JANUARY + timedelta(hours=2), class_id=town.algebra)
    undone(town.house, undo.id, JANUARY + timedelta(hours=3), class_id=town.algebra)
    assert town.follows() == [("Algebra P3 S2", "algebra-s2")] and town.students() == SPRING_PUPILS
    undone(town.house, run.id, JANUARY + timedelta(hours=4), class_id=town.algebra)
    town.go_on(JANUARY + timedelta(hours=5))
    assert town.follows() == [("Algebra P3 S2", "algebra-s2")] and town.students() == SPRING_PUPILS
    assert classes(town.house) == {"Algebra P3 S2": "active"}


def test_REL_14_the_undo_of_an_early_continuation_follows_the_running_section_again(town: Town):
    town.spring()
    run = town.go_on(DECEMBER)
    undone(town.house, run.id, DECEMBER + timedelta(hours=1), class_id=town.algebra)
    town.shared.leave("algebra-s1", "s1")
    town.sync(DECEMBER + timedelta(hours=2))
    assert classes(town.house) == {"Algebra P3 S1": "active"} and town.students() == sorted(PUPILS[1:10])


def test_a_section_whose_import_was_undone_can_still_be_the_continuation(town: Town):
    town.spring()
    mistake = imported(town.house, town.teacher, ["algebra-s2"], town.services, JANUARY)
    undone(town.house, mistake.id, JANUARY + timedelta(hours=1))
    assert town.offers(JANUARY + timedelta(hours=2))["algebra-s2"].continues
    town.go_on(JANUARY + timedelta(hours=2))
    assert [follows for _name, follows in town.follows()] == ["algebra-s2", None]
    assert town.students() == SPRING_PUPILS


def test_two_tabs_that_continue_one_class_with_two_sections_lose_nothing(town: Town):
    town.spring()
    town.add("algebra-other", "Algebra P3 evening", SPRING, PUPILS[12:15])
    town.sync(JANUARY)
    later = JANUARY + timedelta(hours=1)
    first, second = town.ask("algebra-s2", town.algebra, later), town.ask("algebra-other", town.algebra, later)
    assert town.work(first, later).state == "done"
    assert town.work(second, later + timedelta(minutes=1)).state == "done"
    assert town.follows() == [("Algebra P3 S2", "algebra-s2"), ("Algebra P3 evening", "algebra-other")]
    assert town.students() == SPRING_PUPILS


def test_the_same_request_twice_continues_once(town: Town):
    town.spring()
    town.sync(JANUARY)
    later = JANUARY + timedelta(hours=1)
    first, second = town.ask("algebra-s2", town.algebra, later), town.ask("algebra-s2", town.algebra, later)
    town.work(first, later)
    assert town.work(second, later + timedelta(minutes=1)).state == "done"
    assert town.follows() == [("Algebra P3 S2", "algebra-s2")]
    assert town.rows("select count(*) from class_source") == [(2,)]


def test_SEC_21_students_who_had_seats_are_free_and_whoever_is_too_many_waits(town: Town):
    with tenant(town.house.district_id) as session:
        session.get_one(License, town.house.license_id).student_seats = 10
    town.spring(PUPILS[2:14])
    town.go_on(DECEMBER)
    assert len(town.students()) == 10 and set(PUPILS[2:10]) <= set(town.students())
    assert town.rows("select count(*) from enrollment where state = 'waiting'") == [(2,)]


def test_SEC_16_a_class_of_another_teacher_does_not_go_on_for_her(town: Town):
    other = a_teacher(town.house, "t2")
    town.add("algebra-t2", "Algebra P3 S2", SPRING, PUPILS[:5], teacher="t2")
    town.sync(JANUARY)
    assert town.offers(JANUARY, other)["algebra-t2"].continues is None
    with pytest.raises(CannotContinue):
        town.ask("algebra-t2", town.algebra, JANUARY, other)
    with pytest.raises(NotYourSection):
        town.ask("algebra-t2", town.algebra, JANUARY)
    assert town.rows("select count(*) from sync_run where kind = 'import'") == [(1,)]


def test_a_class_that_still_runs_for_long_does_not_go_on(town: Town):
    town.spring()
    assert town.offers(OCTOBER)["algebra-s2"].continues is None
    with pytest.raises(CannotContinue):
        town.ask("algebra-s2", town.algebra, OCTOBER)


def test_one_class_is_not_continued_by_two_sections_at_once(town: Town):
    town.spring()
    town.add("algebra-other", "Algebra P3 evening", SPRING, PUPILS[12:15])
    with pytest.raises(CannotContinue, match="Only one section can continue Algebra P3 S1"):
        request_import(
            town.house.district_id,
            town.teacher,
            ["algebra-s2", "algebra-other"],
            services=town.services,
            now=DECEMBER,
            continuing={"algebra-s2": town.algebra, "algebra-other": town.algebra},
        )


def test_REL_32_while_a_service_is_paused_no_class_goes_on(town: Town):
    town.spring()
    town.sync(JANUARY)
    town.shared.condition = Condition(settled=False, sentence="Clever is paused.")
    run = town.go_on(JANUARY + timedelta(hours=1))
    assert (run.state, run.reason) == ("done", "Clever is paused.")
    assert town.follows() == [("Algebra P3 S1", "algebra-s1")] and town.students() == sorted(PUPILS[:10])


def renewed(town: Town, seats: int) -> None:
    """The license has ended, and the teacher is on a new one."""
    with tenant(town.house.district_id) as session:
        session.get_one(License, town.house.license_id).ends_on = JANUARY.date() - timedelta(days=1)
        new = License(name="Renewed", starts_on=JANUARY.date(), student_seats=seats, made_at=JANUARY)
        new.district_id = town.house.district_id
        session.add(new)
        session.flush()
        session.execute(text("update license_member set license_id = :l"), {"l": new.id})


@pytest.mark.parametrize("archived", [True, False])
def test_SEC_21_a_class_of_an_ended_license_goes_on_in_the_running_one_with_its_seats(town: Town, archived: bool):
    town.spring()
    if archived:
        town.sync(JANUARY)
    renewed(town, seats=7)
    town.go_on(JANUARY + timedelta(hours=1))
    assert town.rows("select l.name from school_class c join license l on l.id = c.license_id") == [("Renewed",)]
    assert len(town.students()) == 7 and set(town.students()) < set(SPRING_PUPILS)
    assert town.rows("select count(*) from enrollment where state = 'waiting'") == [(3,)]


def test_a_co_teacher_of_the_new_section_comes_along_and_one_who_is_not_in_it_leaves(town: Town):
    a_teacher(town.house, "t2")
    town.shared.join("algebra-s1", "t2", Role.TEACHER)
    town.sync(OCTOBER + timedelta(days=1))
    town.spring()
    town.shared.join("algebra-s2", "t3", Role.TEACHER)
    town.go_on(DECEMBER)
    found = town.rows(
        """select i.subject, n.state from enrollment n join identity i on i.account_id = n.account_id
           where n.role = 'teacher' order by 1"""
    )
    assert found == [("t1", "active"), ("t2", "ended"), ("t3", "active")]
