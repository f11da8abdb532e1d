"""Merely odd records are imported and noted, and a note goes once the record is mended (REL-29)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from tests.actions.aside import aside, replace_person
from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, MUCH_LATER, NOW, House, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.request_sync import request_class_sync
from webapp.providers.service import Condition, Service
from webapp.roster.records import Enrollment, Person, Role
from webapp.store.database import tenant


def test_REL_29_merely_odd_data_are_imported_and_noted(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    tidy.sections = [
        replace(one, term_source_ids=(), course_source_id="") if one.source_id == "biology" else one
        for one in tidy.sections
    ]
    tidy.leave("chemistry", *PUPILS[:5])
    replace_person(tidy, "t1", email="same@school.example")
    replace_person(tidy, "t2", email="SAME@school.example")
    tidy.join("biology", "t3", Role.TEACHER)
    run = imported(house, a_teacher(house), ["biology", "chemistry"], services)
    assert (run.state, run.counts["held_back"]) == ("done", 0)
    assert aside(house, odd=True) == [
        ("person", "t1", "biology", "has the e-mail address of somebody else, too"),
        ("person", "t2", "biology", "has the e-mail address of somebody else, too"),
        ("person", "t3", "biology", "has no e-mail address"),
        ("section", "biology", "biology", "has no course"),
        ("section", "biology", "biology", "has no term"),
        ("section", "chemistry", "chemistry", "has no student"),
    ]
    assert roster(house, "Biology")["teacher"] == ["t1", "t2", "t3"]
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}


def test_REL_29_a_class_without_a_teacher_and_names_of_nothing_are_odd(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    tidy.leave("chemistry", "t1")
    tidy.sections = [
        replace(one, school_source_id="lost", course_source_id="lost", term_source_ids=("year", "lost"))
        if one.source_id == "biology"
        else one
        for one in tidy.sections
    ]
    synced(house, services, LATER)
    assert [one[1:4:2] for one in aside(house, odd=True)] == [
        ("biology", "names a course that is not shared"),
        ("biology", "names a school that is not shared"),
        ("biology", "names a term that is not shared"),
        ("chemistry", "has no teacher"),
    ]


def test_REL_29_what_concerns_none_of_our_classes_is_not_noted(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["chemistry"], services)
    with tenant(house.district_id) as session:
        session.execute(text("""update connection set cursors = '{"whole_requests": 1}'"""))
    tidy.sections.append(replace(tidy.sections[0], name="Another Biology"))
    tidy.people.append(Person("s19", (Role.STUDENT,), "Nul\0", "Twin"))
    replace_person(tidy, "s20", given_name="", family_name="")
    tidy.enrollments.append(Enrollment("biology", "nobody", Role.STUDENT))
    run = synced(house, services, LATER)
    assert run.counts["held_back"] == 0
    assert aside(house) == [] and aside(house, odd=True) == []


def test_REL_29_what_is_mended_comes_in_and_its_note_goes_with_the_next_sync_that_reads_it(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology", "chemistry"], services)
    replace_person(tidy, "s7", given_name="", family_name="")
    tidy.join("chemistry", "s7")
    synced(house, services, LATER)
    assert aside(house)
    replace_person(tidy, "s7", given_name="Sam")
    with tenant(house.district_id) as session:
        chemistry = session.execute(text("select id from school_class where provider_name = 'Chemistry'")).scalar_one()
    run_id = request_class_sync(house.district_id, chemistry, teacher, now=MUCH_LATER)
    worked(house, run_id, services, MUCH_LATER)
    assert aside(house) == [] and "s7" in roster(house, "Chemistry")["student"]


def test_REL_29_a_sync_of_other_sections_leaves_a_note_as_it_is(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    tidy.join("drama", "t1", Role.TEACHER)
    teacher = a_teacher(house)
    replace_person(tidy, "s7", given_name="", family_name="")
    imported(house, teacher, ["biology"], services)
    before = aside(house)
    imported(house, teacher, ["drama"], services, LATER)
    assert before and aside(house) == before


def test_REL_29_who_is_no_longer_shared_at_all_is_no_longer_noted_after_a_sync_of_everything(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "s7", given_name="", family_name="")
    synced(house, services, LATER)
    tidy.leave("biology", "s7")
    tidy.people = [one for one in tidy.people if one.source_id != "s7"]
    synced(house, services, MUCH_LATER)
    assert aside(house) == []


def test_REL_29_while_a_service_is_paused_what_it_leaves_out_is_not_mended(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    replace_person(tidy, "s3", given_name="", family_name="")
    synced(house, services, LATER)
    tidy.withdraw("biology", "chemistry")
    tidy.condition = Condition(settled=False, sentence="Clever itself is paused.")
    synced(house, services, MUCH_LATER)
    assert [one[1] for one in aside(house)] == ["s3"]


def test_REL_17_the_same_oddities_again_write_nothing(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    replace_person(shared, "s7", given_name="", family_name="")
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    assert aside(house) and aside(house, odd=True)
    before = roster_rows("record_set_aside")
    synced(house, services, NOW + timedelta(hours=1))
    synced(house, services, NOW + timedelta(hours=2))
    assert roster_rows("record_set_aside") == before


def test_REL_17_a_service_that_stops_telling_who_is_primary_changes_nobody(
    house: House, services: Mapping[str, Service], tidy: SharedRoster
):
    tidy.leave("biology", "t1")
    tidy.join("biology", "t1", Role.TEACHER, primary=True)
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    before = roster_rows("enrollment")
    tidy.enrollments = [replace(one, primary=None) for one in tidy.enrollments]
    assert synced(house, services, LATER).counts["unchanged"]
    assert roster_rows("enrollment") == before
