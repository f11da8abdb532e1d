"""What a hostile reader tried on the sync: odd records, runs that overlap, workers that die or wake too late."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.factory import LATER, MUCH_LATER, NOW, House, a_house, a_teacher, classes, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.actions import sync_connection as syncing
from webapp.actions.decide_hold import approve_hold
from webapp.actions.request_import import request_import
from webapp.actions.request_sync import CannotSync, request_class_sync, request_connection_sync
from webapp.actions.sweep import SILENT_TOO_LONG, sweep
from webapp.providers.errors import Unreachable
from webapp.providers.service import Service
from webapp.roster.records import Person, Record, Role, Term
from webapp.store.database import tenant
from webapp.store.tables import Connection, License, LicenseMember, SyncRun

FALL = Term("fall", "Fall", date(2026, 8, 1), date(2026, 12, 18))
SPRING = Term("spring", "Spring", date(2027, 1, 5), date(2027, 6, 10))
JANUARY = datetime(2027, 1, 12, 12, tzinfo=UTC)


@dataclass
class Interrupted(SharedService):
    """The same service, where something else happens once: after the last page was read, before it is compared."""

    during: list[Callable[[], object]] = field(default_factory=list)

    def reader(self, *args: Any, **more: Any) -> Any:
        reader = super().reader(*args, **more)
        sections, whole = reader.sections, reader.whole
        reader.sections = lambda source_ids: self._then(sections(source_ids))
        reader.whole = lambda on_restart=None: self._then(whole(on_restart))
        return reader

    def _then(self, pages: Iterator[Sequence[Record]]) -> Iterator[Sequence[Record]]:
        yield from list(pages)
        if self.during:
            self.during.pop()()


def test_a_class_imported_while_the_nightly_sync_reads_is_not_frozen_by_it(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    colleague = a_teacher(house, "t2")
    imported(house, a_teacher(house), ["biology"], services)
    hers = request_import(house.district_id, colleague, ["drama"], services=services, now=LATER)
    nightly = request_connection_sync(house.district_id, house.connection_id, now=MUCH_LATER)
    meanwhile = Interrupted(shared, during=[lambda: worked(house, hers, services, LATER)])
    assert worked(house, nightly, {"clever": meanwhile}, MUCH_LATER).state == "done"
    assert classes(house) == {"Biology": "active", "Drama": "active"}


def test_two_teachers_who_import_one_section_at_once_get_one_class(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    mine = request_import(house.district_id, a_teacher(house), ["biology"], services=services, now=NOW)
    hers = request_import(house.district_id, a_teacher(house, "t2"), ["biology"], services=services, now=NOW)
    slow = Interrupted(shared, during=[lambda: worked(house, hers, services, LATER)])
    assert worked(house, mine, {"clever": slow}, NOW).state == "done"
    assert classes(house) == {"Biology": "active"}
    assert roster(house, "Biology") == {"teacher": ["t1", "t2"], "student": sorted(PUPILS)}


@pytest.mark.parametrize("name", ["Nul\0", "Lone\ud800", ""])
def test_REL_29_a_student_whose_record_is_set_aside_stays_where_the_section_still_names_them(
    house: House, services: Mapping[str, Service], shared: SharedRoster, name: str
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    odd = Person("s1", (Role.STUDENT,), name, name, school_source_ids=("school",))
    shared.people = [odd if one.source_id == "s1" else one for one in shared.people]
    shared.leave("chemistry", "s1")
    assert synced(house, services, LATER).counts["held_back"] >= 1
    assert "s1" in roster(house, "Biology")["student"]
    assert "s1" not in roster(house, "Chemistry")["student"]


def test_REL_29_a_section_whose_record_is_set_aside_leaves_its_class_as_it_is(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.rename("biology", "Bio\0logy")
    synced(house, services, LATER)
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_REL_9_what_a_dying_run_held_anew_is_not_taken_for_approved(
    house: House, services: Mapping[str, Service], shared: SharedRoster, monkeypatch: pytest.MonkeyPatch
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", *PUPILS[:12])
    held = synced(house, services, LATER)
    shared.leave("biology", *PUPILS[12:18])
    approve_hold(house.district_id, held.id, now=MUCH_LATER)
    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(syncing, "finish", _dies)
        worked(house, held.id, services, MUCH_LATER)
    awake = MUCH_LATER + 2 * SILENT_TOO_LONG
    sweep(awake)
    assert worked(house, held.id, services, awake).state == "held"
    assert roster(house, "Biology")["student"] == sorted(PUPILS[12:])


def _dies(*_args: object, **_more: object) -> None:
    raise SystemExit("killed")


def test_REL_19_a_worker_that_wakes_too_late_leaves_the_run_as_its_successor_ended_it(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    run_id = request_connection_sync(house.district_id, house.connection_id, now=LATER)

    def overtaken() -> None:
        sweep(LATER + 2 * SILENT_TOO_LONG)
        assert worked(house, run_id, services, LATER + 2 * SILENT_TOO_LONG).state == "done"
        raise Unreachable("the sleeper's own connection had gone")

    late = Interrupted(shared, during=[overtaken])
    assert worked(house, run_id, {"clever": late}, LATER).state == "done"


def test_REL_17_two_source_ids_of_one_account_do_not_rename_it_each_night(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    with tenant(house.district_id) as session:
        session.execute(
            text("""insert into identity (district_id, account_id, provider, authority, kind, subject, valid_from)
                    select district_id, account_id, provider, authority, kind, 's1-old', :now from identity
                    where subject = 's1'"""),
            {"now": LATER},
        )
    shared.people.append(Person("s1-old", (Role.STUDENT,), "Other", "Name", school_source_ids=("school",)))
    shared.join("biology", "s1-old")
    for hours in (1, 2):
        synced(house, services, NOW + timedelta(hours=hours))
    counts = synced(house, services, NOW + timedelta(hours=3)).counts
    assert (counts["added"], counts["updated"], counts["removed"]) == (0, 0, 0)


def test_an_ended_license_keeps_its_classes_readable_and_stops_their_syncs(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(ends_on=date(2026, 10, 10))
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    shared.leave("biology", "s1")
    synced(house, services, NOW + timedelta(days=7))
    assert roster(house, "Biology")["student"] == sorted(PUPILS)
    with pytest.raises(CannotSync):
        _press_sync(house, teacher, NOW + timedelta(days=7))


def _teach_in(shared: SharedRoster, term: Term) -> None:
    shared.terms = [FALL, SPRING]
    shared.sections = [replace(one, term_source_ids=(term.source_id,)) for one in shared.sections]


def test_a_section_that_goes_on_in_a_new_term_is_not_archived_with_the_old_one(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in(shared, FALL)
    imported(house, a_teacher(house), ["biology"], services)
    _teach_in(shared, SPRING)
    shared.join("biology", "newcomer")
    synced(house, services, JANUARY)
    assert classes(house) == {"Biology": "active"}
    assert "newcomer" in roster(house, "Biology")["student"]


def test_a_frozen_class_whose_section_returns_after_its_term_is_archived_at_once(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    _teach_in(shared, FALL)
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    everything = shared.sections, shared.enrollments
    shared.withdraw("chemistry")
    synced(house, services, LATER)
    shared.sections, shared.enrollments = everything
    run = synced(house, services, JANUARY)
    assert classes(house) == {"Biology": "archived", "Chemistry": "archived"}
    assert run.counts["updated"] == 0


def test_SEC_21_a_seat_that_is_bought_later_goes_to_who_waits(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(seats=18)
    imported(house, a_teacher(house), ["biology"], services)
    with tenant(house.district_id) as session:
        session.get_one(License, house.license_id).student_seats = 19
    synced(house, services, LATER)
    assert len(roster(house, "Biology")["student"]) == 19


def test_REL_23_an_import_does_not_wait_for_a_colleague_who_is_joining_the_license(
    house: House, services: Mapping[str, Service]
):
    teacher, colleague = a_teacher(house), a_teacher(house, "t2")
    with tenant(house.district_id) as session:
        joining = LicenseMember(license_id=house.license_id, role="school_admin", joined_at=NOW)
        joining.district_id, joining.account_id = house.district_id, colleague
        session.add(joining)
        session.flush()
        assert imported(house, teacher, ["biology"], services).state == "done"


def test_a_later_sync_of_more_classes_takes_the_place_of_what_an_earlier_one_held(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    shared.leave("biology", *PUPILS[:15])
    held = worked(house, _press_sync(house, teacher, LATER), services, LATER)
    imported(house, teacher, ["chemistry"], services, LATER)
    again = worked(house, _press_sync(house, teacher, MUCH_LATER), services, MUCH_LATER)
    with tenant(house.district_id) as session:
        assert (session.get_one(SyncRun, held.id).state, again.state) == ("superseded", "held")


def _press_sync(house: House, teacher: UUID, now: datetime) -> UUID:
    with tenant(house.district_id) as session:
        biology = session.execute(text("select id from school_class where provider_name = 'Biology'")).scalar_one()
    return request_class_sync(house.district_id, biology, teacher, now=now)


def test_a_sync_that_had_nothing_to_ask_does_not_say_that_the_service_let_us_in(
    house: House, services: Mapping[str, Service]
):
    imported(house, a_teacher(house), ["biology"], services)
    with tenant(house.district_id) as session:
        session.execute(text("update school_class set state = 'archived'"))
        session.get_one(Connection, house.connection_id).state = "attention"
    assert synced(house, services, LATER).state == "done"
    with tenant(house.district_id) as session:
        connection = session.get_one(Connection, house.connection_id)
        assert (connection.state, connection.last_good_sync_at) == ("attention", None)
