"""A district that has disconnected us: what freezes, what is erased, who is told, and how it comes back (PRIV-9)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.actions.service_table import TEN, Table, a_listed_house, a_table, kept, poll, rows, state, work
from tests.factory import NOW, House, classes, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.disconnect import disconnect
from webapp.providers.errors import AccessWithdrawn, ProviderError, Unreachable
from webapp.settings import Settings
from webapp.store import leases
from webapp.store.database import tenant
from webapp.store.tables import Connection


@pytest.fixture
def table(shared: SharedRoster, database_url: str) -> Table:
    return a_table(shared)


@pytest.fixture
def house(table: Table) -> House:
    return a_listed_house(table)


def test_PRIV_9_a_disconnection_freezes_classes_erases_the_token_mails_once_and_deletes_nothing(
    table: Table, house: House
):
    poll(table, 0)
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).sealed_token = "sealed"
    before = rows("select count(*) from enrollment where state = 'active'")
    table.sharing = []
    poll(table, 10)
    assert (state(house), kept(house).sealed_token) == ("connected", "sealed")
    poll(table, 20)
    poll(table, 30)
    gone = kept(house)
    assert (gone.state, gone.sealed_token) == ("frozen", None)
    assert "no longer shares" in (gone.state_reason or "")
    assert classes(house) == {"Biology": "frozen", "Chemistry": "frozen"}
    assert rows("select count(*) from enrollment where state = 'active'") == before
    assert rows("select kind from outbox") == [("disconnected",)]
    assert rows("select count(*) from audit where action = 'disconnected'") == [(1,)]


def test_REL_15_the_freeze_is_in_the_journal_as_a_syncs_own(table: Table, house: House):
    table.sharing = []
    poll(table, 0)
    poll(table, 10)
    journal = "select what, before, after from change where record = 'class' order by id desc limit 2"
    assert rows(journal) == [("updated", {"state": "active"}, {"state": "frozen"})] * 2


def test_who_is_missing_for_less_than_ten_minutes_or_listed_again_in_between_stays(table: Table, house: House):
    table.sharing = []
    for minutes in (0, 5, 9.9):
        poll(table, minutes)
    assert state(house) == "connected"
    table.share(house)
    poll(table, 12)
    table.sharing = []
    poll(table, 14)
    poll(table, 20)
    assert (state(house), classes(house)["Biology"]) == ("connected", "active")


@pytest.mark.parametrize("answer", ["a token all the same", Unreachable("no answer")])
def test_a_missing_district_that_is_not_refused_by_name_too_stays(
    table: Table, house: House, answer: ProviderError | str
):
    table.sharing, table.answers_for = [], {house.authority: answer}
    for minutes in (0, 10, 20, 60):
        poll(table, minutes)
    assert (state(house), classes(house)["Biology"]) == ("connected", "active")


def test_a_district_that_comes_back_is_connected_with_a_new_token_and_its_classes_thaw(
    table: Table, house: House, shared: SharedRoster
):
    table.sharing = []
    poll(table, 0)
    poll(table, 10)
    table.share(house)
    shared.leave("biology", "s1")
    poll(table, 20)
    back = kept(house)
    assert (back.state, back.missing_since, bool(back.sealed_token)) == ("connected", None, True)
    assert rows("select count(*) from audit where action = 'reconnected'") == [(1,)]
    assert classes(house)["Biology"] == "frozen"
    work(house, table, 21)
    assert classes(house) == {"Biology": "active", "Chemistry": "active"}
    assert roster(house, "Biology")["student"] == sorted(set(PUPILS) - {"s1"})


def test_a_disconnection_that_comes_and_goes_is_told_of_once_a_day(table: Table, house: House):
    for minutes in (0, 60):
        table.sharing = []
        poll(table, minutes)
        poll(table, minutes + 10)
        assert state(house) == "frozen"
        table.share(house)
        poll(table, minutes + 20)
    assert rows("select count(*) from outbox where kind = 'disconnected'") == [(1,)]


def test_REL_19_what_was_fetched_before_a_disconnection_does_not_thaw_its_classes(
    table: Table, house: House, shared: SharedRoster
):
    table.sharing = []
    poll(table, 0)
    poll(table, 10)
    table.answers_for = {house.authority: "still open for a moment"}
    assert synced(house, {"clever": table}, NOW + timedelta(minutes=9)).state == "done"
    assert (state(house), classes(house)["Biology"]) == ("frozen", "frozen")


def test_REL_19_a_disconnection_waits_for_the_run_that_applies(table: Table, house: House):
    table.sharing = []
    poll(table, 0)
    with tenant(house.district_id) as session:
        leases.take(session.connection(), house.connection_id, house.district_id, UUID(int=7), NOW + TEN)
    poll(table, 10)
    assert (state(house), classes(house)["Biology"]) == ("connected", "active")
    poll(table, 20)
    assert state(house) == "frozen"


def test_REL_25_a_sync_of_a_disconnected_district_neither_thaws_it_nor_writes_another_letter(
    table: Table, house: House, shared: SharedRoster
):
    table.sharing = []
    poll(table, 0)
    poll(table, 10)
    shared.trouble = AccessWithdrawn("Clever says no.")
    synced(house, {"clever": table}, NOW + 2 * TEN)
    assert state(house) == "frozen"
    assert rows("select kind from outbox") == [("disconnected",)]


def test_the_letter_says_what_happened_that_nothing_is_deleted_and_who_can_mend_it_where(
    table: Table, house: House, tmp_path: Path
):
    table.sharing = []
    poll(table, 0)
    poll(table, 10)
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=NOW + 2 * TEN) == 1
    letter = next((tmp_path / "outbox").glob("*disconnected-*.eml")).read_text()
    for words in ("admin@school.example", "Clever is disconnected", "Nothing is deleted", "district administrator of"):
        assert words in letter


def test_no_letter_leaves_for_what_has_come_back_meanwhile(table: Table, house: House, tmp_path: Path):
    table.sharing = []
    poll(table, 0)
    poll(table, 10)
    table.share(house)
    poll(table, 20)
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=NOW + 3 * TEN) == 0


def test_of_two_workers_that_find_the_same_disconnection_one_freezes_and_tells(table: Table, house: House):
    table.sharing = []
    poll(table, 0)
    with ThreadPoolExecutor(2) as workers:
        for _ in workers.map(lambda _worker: poll(table, 10), range(2)):
            pass
    assert not disconnect(house.district_id, house.connection_id, "Gone.", now=NOW + TEN)
    assert rows("select count(*) from audit where action = 'disconnected'") == [(1,)]
    assert rows("select count(*) from outbox") == [(1,)]
    assert rows('select count(*) from change where before = \'{"state": "active"}\'') == [(2,)]


def test_a_connection_that_came_back_or_was_closed_meanwhile_is_not_frozen(table: Table, house: House):
    assert not disconnect(house.district_id, house.connection_id, "Gone.", now=NOW + TEN)
    table.sharing = []
    poll(table, 0)
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).state = "closed"
    assert not disconnect(house.district_id, house.connection_id, "Gone.", now=NOW + TEN)
    assert (state(house), classes(house)["Biology"]) == ("closed", "active")
