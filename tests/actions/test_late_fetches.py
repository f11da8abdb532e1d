"""A fetch that took long changes nothing that a later one has looked at; tries that were parked are no deaths."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from tests.actions.roster_rows import roster_rows
from tests.factory import LATER, MUCH_LATER, NOW, House, a_teacher, imported, roster, synced, worked
from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.actions.request_import import request_import
from webapp.actions.request_sync import request_class_sync, request_connection_sync
from webapp.actions.sweep import SILENT_TOO_LONG, TRIES, sweep
from webapp.providers.errors import Unreachable
from webapp.providers.service import Service
from webapp.roster.records import Record
from webapp.store.database import directory, engine, tenant
from webapp.store.questions.clockwork import connections_due
from webapp.store.tables import Account, Connection, LicenseMember, OutboxLetter, SyncRun


class Slow(SharedService):
    """The same service; once all its pages were read, something else happens before they are compared."""

    meanwhile: Callable[[], object]

    def reader(self, *args: Any, **more: Any) -> Any:
        reader = super().reader(*args, **more)
        sections, whole = reader.sections, reader.whole
        reader.sections = lambda source_ids: self._then(sections(source_ids))
        reader.whole = lambda on_restart=None: self._then(whole(on_restart))
        return reader

    def _then(self, pages: Iterator[Sequence[Record]]) -> Iterator[Sequence[Record]]:
        yield from list(pages)
        self.meanwhile()


def _slow(shared: SharedRoster, meanwhile: Callable[[], object]) -> Mapping[str, Service]:
    service = Slow(shared)
    service.meanwhile = meanwhile
    return {"clever": service}


def test_REL_19_an_older_fetch_does_not_bring_back_who_an_unchanged_newer_one_did_not_see(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.join("biology", "guest")
    slow = request_connection_sync(house.district_id, house.connection_id, now=LATER)
    before = roster_rows()

    def the_guest_leaves_and_a_newer_sync_finds_all_as_it_was() -> None:
        shared.leave("biology", "guest")
        newer = request_connection_sync(house.district_id, house.connection_id, now=MUCH_LATER)
        assert worked(house, newer, services, MUCH_LATER).counts["added"] == 0

    worked(house, slow, _slow(shared, the_guest_leaves_and_a_newer_sync_finds_all_as_it_was), LATER)
    assert roster(house, "Biology")["student"] == sorted(PUPILS)
    assert roster_rows() == before


@pytest.mark.parametrize("newer_reads_whole", [True, False], ids=["newer whole", "newer by section"])
@pytest.mark.parametrize("older_reads_whole", [True, False], ids=["older whole", "older by section"])
def test_REL_19_an_older_fetch_skips_what_a_newer_one_found_unchanged_however_either_was_read(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    older_reads_whole: bool,
    newer_reads_whole: bool,
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.join("biology", "guest")
    shared.leave("chemistry", "s1")
    slow = request_connection_sync(house.district_id, house.connection_id, now=LATER)
    before = roster_rows()

    def all_is_as_it_was() -> None:
        shared.leave("biology", "guest")
        shared.join("chemistry", "s1")
        _whole_costs(1 if newer_reads_whole else 1_000)
        newer = request_connection_sync(house.district_id, house.connection_id, now=MUCH_LATER)
        assert worked(house, newer, services, MUCH_LATER).state == "done"

    _whole_costs(1 if older_reads_whole else 1_000)
    worked(house, slow, _slow(shared, all_is_as_it_was), LATER)
    assert roster_rows() == before


def _whole_costs(requests: int) -> None:
    with engine().begin() as connection:
        connection.execute(text(f"""update connection set cursors = '{{"whole_requests": {requests}}}'"""))


def test_REL_19_a_newer_look_at_one_class_leaves_the_others_to_the_older_fetch(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology", "chemistry"], services)
    shared.join("biology", "guest")
    shared.join("drama", "t1")
    shared.join("chemistry", "newcomer")
    slow = request_connection_sync(house.district_id, house.connection_id, now=LATER)

    def biology_alone_is_looked_at() -> None:
        shared.leave("biology", "guest")
        with tenant(house.district_id) as session:
            run = SyncRun(connection_id=house.connection_id, kind="sync", scope=["biology"], state="requested")
            run.district_id, run.requested_at = house.district_id, MUCH_LATER
            session.add(run)
            session.flush()
        worked(house, run.id, services, MUCH_LATER)

    worked(house, slow, _slow(shared, biology_alone_is_looked_at), LATER)
    assert "guest" not in roster(house, "Biology")["student"]
    assert "newcomer" in roster(house, "Chemistry")["student"]


def test_REL_19_a_class_made_after_a_newer_sync_began_is_not_taken_for_looked_at(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    mine = request_import(house.district_id, teacher, ["chemistry"], services=services, now=LATER)

    def a_nightly_sync_that_knows_nothing_of_it() -> None:
        synced(house, services, MUCH_LATER)

    assert worked(house, mine, _slow(shared, a_nightly_sync_that_knows_nothing_of_it), LATER).state == "done"
    assert roster(house, "Chemistry")["student"] == PUPILS[:5]


def test_REL_19_a_newer_run_that_failed_has_not_looked(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.join("biology", "newcomer")
    slow = request_connection_sync(house.district_id, house.connection_id, now=LATER)

    def a_newer_sync_gets_no_answer() -> None:
        newer = request_connection_sync(house.district_id, house.connection_id, now=MUCH_LATER)
        shared.trouble = Unreachable("no answer")
        assert worked(house, newer, services, MUCH_LATER).state == "parked"

    worked(house, slow, _slow(shared, a_newer_sync_gets_no_answer), LATER)
    assert "newcomer" in roster(house, "Biology")["student"]


def test_REL_24_a_service_that_is_away_for_days_uses_up_no_patience_of_the_sweeper(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.trouble = Unreachable("no answer")
    run, now = synced(house, services, LATER), LATER
    waited = []
    for _ in range(TRIES + 2):
        assert run.next_try_at is not None
        waited.append(run.next_try_at - now)
        now = run.next_try_at
        run = worked(house, run.id, services, now)
    hours = [wait.total_seconds() / 3600 for wait in waited]
    assert [round(hour) for hour in hours] == [2, 6, 12, 24, 48, 24, 24]
    _dies(house, run, now)
    later = now + 2 * SILENT_TOO_LONG
    sweep(later)
    shared.trouble = None
    assert worked(house, run.id, services, later).state == "done"


def _dies(house: House, run: SyncRun, now: datetime) -> None:
    """A worker begins the run and is not heard of again."""
    with tenant(house.district_id) as session:
        row = session.get_one(SyncRun, run.id)
        row.state, row.alive_at, row.attempts, row.next_try_at = "running", now, row.attempts + 1, None


def test_REL_24_an_import_is_tried_five_times_more_and_then_has_failed(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    run_id = request_import(house.district_id, a_teacher(house), ["biology"], services=services, now=NOW)
    shared.trouble = Unreachable("no answer")
    states, now = [], NOW
    for _ in range(6):
        run = worked(house, run_id, services, now)
        states.append(run.state)
        now = (run.next_try_at or now) + timedelta(seconds=1)
    assert states == ["parked"] * 5 + ["failed"]


def test_REL_24_a_service_that_is_away_for_four_weeks_is_asked_no_more_and_a_person_is_told(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    _an_admin(house)
    shared.trouble = Unreachable("Clever did not answer.")
    run, now = synced(house, services, LATER), LATER
    while run.state == "parked":
        assert run.next_try_at is not None and _letters() == []
        now = run.next_try_at
        assert _due(now) == []
        run = worked(house, run.id, services, now)
    assert run.state == "failed" and timedelta(days=28) < now - LATER < timedelta(days=29) + timedelta(minutes=1)
    assert _letters() == ["attention"]
    with tenant(house.district_id) as session:
        connection = session.get_one(Connection, house.connection_id)
        assert connection.state == "attention" and connection.state_reason
        assert connection.state_reason.startswith("Clever did not answer.")
    assert [_due(now + timedelta(days=days)) for days in (1, 2, 30)] == [[], [], []]
    assert roster(house, "Biology")["student"] == sorted(PUPILS)


def test_REL_24_a_service_that_was_given_up_is_asked_again_after_one_good_sync(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.trouble = Unreachable("Clever did not answer.")
    run_id = request_connection_sync(house.district_id, house.connection_id, now=LATER)
    now = LATER + timedelta(days=29)
    assert worked(house, run_id, services, now).state == "failed"
    shared.trouble = None
    assert _due(now + timedelta(days=1)) == []
    assert synced(house, services, now + timedelta(days=1)).state == "done"
    with tenant(house.district_id) as session:
        assert session.get_one(Connection, house.connection_id).state == "connected"
    assert _due(now + timedelta(days=2)) == [house.connection_id]


def _due(now: datetime) -> list[UUID]:
    with directory() as session:
        return [one.connection_id for one in connections_due(session, now, 2)]


def _an_admin(house: House) -> None:
    with tenant(house.district_id) as session:
        admin = Account(given_name="Ada", family_name="Min", email="admin@school.example", made_at=NOW)
        admin.district_id = house.district_id
        session.add(admin)
        session.flush()
        member = LicenseMember(license_id=house.license_id, role="district_admin", joined_at=NOW)
        member.district_id, member.account_id = house.district_id, admin.id
        session.add(member)


def _letters() -> list[str]:
    with directory() as session:
        return list(session.scalars(select(OutboxLetter.kind)))


@pytest.mark.parametrize(("days", "state"), [(27, "parked"), (28, "parked"), (29, "failed")])
def test_REL_24_a_sync_is_tried_for_four_weeks(
    house: House, services: Mapping[str, Service], shared: SharedRoster, days: int, state: str
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    with tenant(house.district_id) as session:
        biology = session.execute(text("select id from school_class")).scalar_one()
    run_id = request_class_sync(house.district_id, biology, teacher, now=LATER)
    shared.trouble = Unreachable("no answer")
    assert worked(house, run_id, services, LATER + timedelta(days=days) - timedelta(seconds=1)).state == state
