"""The services' own tables of districts: who waits to be claimed, who is tried again, and which table is believed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.actions.service_table import (
    TEN,
    Table,
    a_listed_house,
    a_table,
    poll,
    rows,
    state,
    tenant_free,
    unclaimed,
    work,
)
from tests.factory import NOW, House, a_house, synced
from tests.providers.at_sandbox import At
from tests.shared_roster import SharedRoster
from webapp.actions.add_connection import ConnectionRefused, add_connection
from webapp.actions.poll_services import AGAIN_AFTER, poll_services
from webapp.providers.errors import AccessWithdrawn, ProviderError, Unreachable
from webapp.providers.service import SharedDistrict
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import tenant
from webapp.store.tables import Connection


@pytest.fixture
def table(shared: SharedRoster, database_url: str) -> Table:
    return a_table(shared)


@pytest.fixture
def house(table: Table) -> House:
    return a_listed_house(table)


def test_a_district_that_is_nobodys_waits_until_it_is_listed_no_more(table: Table):
    table.sharing = [SharedDistrict("far", "x", "Far District"), SharedDistrict("near", "y")]
    poll(table, 0)
    assert unclaimed() == [("far", "Far District"), ("near", "")]
    table.sharing = [SharedDistrict("near", "y", "Near District")]
    poll(table, 10)
    assert unclaimed() == [("near", "Near District")]
    first, last = rows("select first_seen_at, last_seen_at from unclaimed_district")[0]
    assert last - first == TEN


def test_adding_its_connection_takes_a_district_off_the_list(table: Table):
    house = a_house()
    table.sharing = [SharedDistrict("far", "x")]
    poll(table, 0)
    made = add_connection(
        house.license_id, "clever", "far", method="teacher_choice", services={"clever": table}, now=NOW
    )
    assert (made.state, unclaimed()) == ("connected", [])
    poll(table, 10)
    assert unclaimed() == []


def test_a_closed_connection_is_never_touched_and_its_district_may_be_claimed_anew(table: Table, house: House):
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).state = "closed"
    poll(table, 0)
    assert (state(house), unclaimed()) == ("closed", [(house.authority, "")])


@pytest.mark.parametrize("silent", [Unreachable("no answer"), AccessWithdrawn("our own key is refused")])
def test_REL_1_a_table_that_cannot_be_read_changes_nothing(table: Table, house: House, silent: ProviderError):
    table.sharing = [SharedDistrict("far", "x"), *table.sharing]
    poll(table, 0)
    table.sharing, table.silent = [], silent
    for minutes in (10, 20, 30):
        poll(table, minutes)
    assert (state(house), len(unclaimed())) == ("connected", 1)
    assert rows("select trouble, trouble_since from service_poll") == [(str(silent), NOW + TEN)]
    table.silent = None
    table.share(house)
    poll(table, 40)
    assert rows("select trouble, good_at from service_poll") == [(None, NOW + 4 * TEN)]


def test_REL_1_a_table_that_lacks_more_than_half_of_our_connections_is_not_believed(table: Table, house: House):
    others = [a_house() for _ in range(3)]
    table.share(house, *others)
    poll(table, 0)
    table.share(house)
    table.sharing.append(SharedDistrict("far", "x"))
    for minutes in (10, 20, 30):
        poll(table, minutes)
    assert [state(one) for one in others] == ["connected"] * 3
    assert unclaimed() == [] and rows("select missing_since from connection where missing_since is not null") == []
    assert "lacks 3 of our 4 connections" in rows("select trouble from service_poll")[0][0]
    table.share(house, others[0])
    for minutes in (40, 50):
        poll(table, minutes)
    assert [state(one) for one in others] == ["connected", "frozen", "frozen"]


def test_what_was_never_shared_neither_disconnects_nor_makes_the_table_unbelievable(table: Table):
    for number in range(4):
        add_connection(
            a_house().license_id, "clever", f"d{number}", method="teacher_choice", services={"clever": table}, now=NOW
        )
    with tenant_free() as connection:
        connection.execute(text("delete from connection where provider_district not like 'd_'"))
    table.sharing = [SharedDistrict("d0", "x")]
    poll(table, 0)
    poll(table, 10)
    states = rows("select provider_district, state from connection order by 1")
    assert states == [("d0", "connected"), ("d1", "attention"), ("d2", "attention"), ("d3", "attention")]


def test_REL_25_a_connection_that_needed_attention_is_tried_again_when_its_district_is_listed(
    table: Table, house: House, shared: SharedRoster
):
    shared.trouble = AccessWithdrawn("Clever says no.")
    synced(house, {"clever": table}, NOW)
    assert state(house) == "attention"
    shared.trouble = None
    poll(table, 0)
    assert state(house) == "connected"
    assert rows("select count(*) from sync_run where state = 'requested'") == [(1,)]


def test_a_district_that_is_listed_and_refuses_us_all_the_same_is_not_tried_every_ten_minutes(
    table: Table, house: House, shared: SharedRoster
):
    shared.trouble = AccessWithdrawn("Clever says no.")
    synced(house, {"clever": table}, NOW)
    for minutes in (0, 10, 20, 30):
        poll(table, minutes)
        work(house, table, minutes + 1)
    assert rows("select count(*) from audit where action = 'reconnected'") == [(1,)]
    poll(table, AGAIN_AFTER / timedelta(minutes=1) + 1)
    assert rows("select count(*) from audit where action = 'reconnected'") == [(2,)]


def test_another_customer_who_adds_a_district_that_is_held_is_told_whose_it_is(table: Table, house: House):
    with pytest.raises(ConnectionRefused, match="holds this clever district already"):
        add_connection(
            a_house().license_id,
            "clever",
            house.authority,
            method="teacher_choice",
            services={"clever": table},
            now=NOW,
        )


@pytest.mark.parametrize(("service", "switch"), [("clever", "clever_connected"), ("classlink", "classlink_listed")])
def test_a_real_services_table_lists_a_new_district_and_loses_one_that_disconnects(
    settings: Settings, database_url: str, service: str, switch: str
):
    seal.use_keys(settings.token_keys)
    at = At(settings.sandbox_url, settings)
    services: Mapping[str, Any] = {service: at.services[service]}
    now = datetime.now(UTC)
    poll_services(services, now=now)
    assert at.district[service] in {row[0] for row in unclaimed()}
    house = a_house(provider=service)
    made = add_connection(
        house.license_id, service, at.district[service], method="teacher_choice", services=services, now=now
    )
    with tenant_free() as connection:
        connection.execute(text("delete from connection where id <> :made"), {"made": made.id})
    at.switch(**{switch: False})
    try:
        poll_services(services, now=now)
        poll_services(services, now=now + TEN)
        assert rows("select state, sealed_token from connection") == [("frozen", None)]
    finally:
        at.switch(**{switch: True})
    poll_services(services, now=now + 2 * TEN)
    assert rows("select state from connection") == [("connected",)]
