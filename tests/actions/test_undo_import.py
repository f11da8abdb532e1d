"""Undo of an import: its classes go to the archive, and importing again brings the same classes back."""

from collections.abc import Mapping
from datetime import date, timedelta

from tests.actions.undo_steps import class_of, later, marks, students, undone
from tests.factory import House, a_house, a_teacher, classes, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.providers.service import Service
from webapp.roster.records import Term


def test_REL_14_undo_of_an_import_archives_its_class_and_importing_again_brings_the_same_back(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    run = imported(house, teacher, ["biology", "chemistry"], services)
    shared.join("biology", "newcomer")
    synced(house, services, later(1))
    undone(house, run.id, later(2))
    assert classes(house) == {"Biology": "archived", "Chemistry": "archived"}
    assert roster(house, "Biology") == {"teacher": [], "student": []}
    synced(house, services, later(3))
    assert classes(house) == {"Biology": "archived", "Chemistry": "archived"}
    before = class_of(house).id
    imported(house, teacher, ["biology"], services, now=later(4))
    assert class_of(house).id == before and len(students(house)) == len(PUPILS) + 1


def test_REL_14_undo_of_an_imports_undo_brings_the_same_class_back_and_it_follows_its_section(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    run = imported(house, a_teacher(house), ["biology"], services)
    before = class_of(house)
    undo = undone(house, run.id, later(1))
    undone(house, undo.id, later(2))
    after = class_of(house)
    assert (after.id, after.state, after.hand) == (before.id, "active", False)
    assert students(house) == sorted(PUPILS) and marks(house) == {}
    shared.leave("biology", "s1")
    synced(house, services, later(3))
    assert "s1" not in students(house)


def test_REL_14_an_import_that_was_made_again_stays_although_its_undo_is_undone(
    house: House, services: Mapping[str, Service]
):
    teacher = a_teacher(house)
    undo = undone(house, imported(house, teacher, ["biology"], services).id, later(1))
    imported(house, teacher, ["biology"], services, now=later(2))
    again = undone(house, undo.id, later(3))
    assert again.state == "done" and classes(house) == {"Biology": "active"}
    assert students(house) == sorted(PUPILS)


def test_SEC_21_a_class_that_an_undo_takes_out_of_the_archive_uses_no_more_seats_than_there_are(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(seats=20)
    teacher = a_teacher(house)
    a_teacher(house, "t2")
    run = imported(house, teacher, ["chemistry"], services)
    undo = undone(house, run.id, later(1))
    shared.add_section("Physics", teachers=["t1"], students=[f"p{number}" for number in range(18)])
    imported(house, teacher, ["physics"], services, now=later(2))
    undone(house, undo.id, later(3))
    assert len(students(house, "Physics")) == 18 and len(students(house, "Chemistry")) == 2


def test_SEC_21_a_class_whose_archiving_is_undone_uses_no_more_seats_than_there_are(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(seats=20)
    teacher = a_teacher(house)
    shared.terms = [Term("fall", "Fall", date(2026, 8, 17), date(2026, 10, 30))]
    shared.add_section("Physics", teachers=["t1"], students=[f"p{number}" for number in range(5)])
    shared.terms.append(Term("year", "Year", date(2026, 8, 17), date(2027, 6, 10)))
    imported(house, teacher, ["physics"], services)
    winter = later(24 * 50)
    archived = synced(house, services, winter)
    assert classes(house) == {"Physics": "archived"}
    shared.add_section("Botany", teachers=["t1"], students=[f"b{number}" for number in range(18)])
    imported(house, teacher, ["botany"], services, now=winter + timedelta(hours=1))
    undo = undone(house, archived.id, winter + timedelta(hours=2))
    assert undo.state == "done" and classes(house)["Physics"] == "active"
    assert len(students(house, "Botany")) == 18 and len(students(house, "Physics")) == 2
    synced(house, services, winter + timedelta(hours=3))
    assert classes(house)["Physics"] == "active"
