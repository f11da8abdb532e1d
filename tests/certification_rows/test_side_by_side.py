"""Rows about several districts at once, how often they are synced, and what takes access away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.certification_rows.customer import BEGAN, Customer, a_customer, a_twin
from tests.factory import worked
from tests.providers.at_sandbox import At
from webapp.actions.request_sync import request_class_sync
from webapp.jobs.clock import request_nightly
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import SyncRun


@pytest.mark.parametrize("service", ["clever", "classlink"])
def test_clever_row_35_and_classlink_row_10_districts_side_by_side_never_mix(at: At, service: str) -> None:
    """Of the two, one has the other's sourced ids: only the tenant tells its people apart."""
    here, there = a_customer(at, service), a_customer(a_twin(at), service)
    here.import_everything()
    there.import_everything()
    assert here.roster() == here.truth() and there.roster() == there.truth()
    for one in (here, there):
        true = one.true_names()
        students = {person for _, person, role in one.roster() if role == "student"}
        assert {person: one.names()[person] for person in students} == {person: true[person] for person in students}
    before = there.rows("select * from enrollment order by id"), there.names()
    at.move("student_joins")
    at.move("student_leaves")
    for one in (here, there):
        assert one.sync(1).state == "done"
    assert here.roster() == here.truth()
    assert (there.rows("select * from enrollment order by id"), there.names()) == before
    accounts = [{row for (row,) in one.rows("select id from account")} for one in (here, there)]
    assert accounts[0] and accounts[1] and not accounts[0] & accounts[1]
    tokens = [one.rows("select sealed_token from connection") for one in (here, there)]
    assert tokens[0] != tokens[1] and len(tokens[0]) == len(tokens[1]) == 1


def test_clever_row_28_and_classlink_row_13_one_sync_a_night_and_one_whenever_it_is_asked_for(
    customer: Customer,
) -> None:
    customer.import_everything()
    settings, night = Settings(_env_file=None), datetime(2026, 9, 16, 6, 0, tzinfo=UTC)  # 02:00 in New York
    customer.at.move("student_joins")
    for moment in (BEGAN + timedelta(hours=1), night, night + timedelta(hours=1), night + timedelta(hours=12)):
        request_nightly(settings, moment)
        work(customer, moment)
    assert runs(customer) == [night]
    assert customer.roster() == customer.truth()
    customer.at.move("student_leaves")
    evening = night + timedelta(hours=14)
    for class_id, teacher in taught(customer):
        request_class_sync(customer.house.district_id, class_id, teacher, now=evening)
    work(customer, evening)
    assert customer.roster() == customer.truth()
    request_nightly(settings, night + timedelta(days=1))
    assert runs(customer)[-1] == night + timedelta(days=1)


def work(customer: Customer, now: datetime) -> None:
    """Do what waits, as a worker does."""
    for (run_id,) in customer.rows("select id from sync_run where state = 'requested'"):
        assert worked(customer.house, run_id, customer.at.services, now).state == "done"


def runs(customer: Customer) -> list[datetime]:
    """When each sync was asked for."""
    with tenant(customer.house.district_id) as session:
        found = session.query(SyncRun).filter(SyncRun.kind == "sync").order_by(SyncRun.requested_at)
        return [one.requested_at for one in found]


def taught(customer: Customer) -> list[tuple[UUID, UUID]]:
    """Each class with one of its teachers."""
    with tenant(customer.house.district_id) as session:
        rows = session.execute(text("select distinct on (class_id) class_id, account_id from enrollment "
                                    "where role = 'teacher' order by class_id"))  # fmt: skip
        return [(row[0], row[1]) for row in rows]


@pytest.mark.parametrize("manner", ["absent", "tobedeleted", "enabledUser false"])
def test_classlink_row_14_whoever_is_gone_loses_access_softly_however_it_is_told(at: At, manner: str) -> None:
    at.switch(oneroster_deletes_as=manner)
    customer = a_customer(at, "classlink")
    customer.import_everything()
    before = customer.rows("select id from enrollment order by 1")
    section = at.truth()["sections"][0]["clever_id"]
    gone = at.move("student_leaves", section=section)
    assert customer.sync(1).state == "done"
    assert customer.roster() == customer.truth()
    assert customer.rows("select id from enrollment order by 1") == before
    at.move("student_joins", section=section, person=gone["person_sourced_id"])
    assert customer.sync(2).state == "done"
    assert customer.roster() == customer.truth()
    assert customer.rows("select id from enrollment order by 1") == before
