"""The same district through Clever and through ClassLink, over real HTTP, ends in the same classes."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.factory import House, a_teacher, imported, synced
from tests.providers.at_sandbox import At
from webapp.actions.add_connection import ConnectionRefused, add_connection
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.export_license import export_license
from webapp.actions.offer_sections import CannotImport, offer_sections
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import engine
from webapp.store.tables import Base

NOW = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)
KEYS = {"clever": "clever_id", "classlink": "sourced_id"}
KINDS = {"clever": "user_id", "classlink": "sourced_id"}
FILES = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments")


@dataclass
class Customer:
    """A district that uses one service, with every teacher of it linked."""

    at: At
    service: str
    house: House
    teachers: Mapping[str, Any]

    @property
    def services(self) -> Mapping[str, Service]:
        return self.at.services

    def import_everything(self) -> None:
        for teacher in self.teachers.values():
            try:
                offered = offer_sections(self.house.district_id, teacher, services=self.services, now=NOW)
            except CannotImport as nothing:
                assert nothing.cause == "no_sections"
                continue
            sections = [one.offer.section.source_id for one in offered]
            run = imported(self.house, teacher, sections, self.services, NOW)
            assert run.state == "done", run.reason

    def sync(self, hours: int) -> Mapping[str, Any]:
        run = synced(self.house, self.services, NOW + timedelta(hours=hours))
        assert run.state == "done", run.reason
        return run.counts

    def export(self, out: Path) -> dict[str, list[dict[str, str]]]:
        """The package, each id in it exchanged for the name that both services' ids share."""
        export_license(self.house.license_id, out)
        names = {one[KEYS[self.service]]: one["clever_id"] + "/" + one["sourced_id"] for one in _records(self.at)}
        pattern = re.compile("|".join(re.escape(key) for key in sorted(names, key=len, reverse=True)))
        return {
            name: sorted((_renamed(row, pattern, names) for row in _rows(out / f"{name}.csv")), key=str)
            for name in FILES
        }


def _records(at: At) -> list[dict[str, Any]]:
    return [one for kind in at.truth().values() for one in kind if one.get("clever_id")]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _renamed(row: dict[str, str], pattern: re.Pattern[str], names: Mapping[str, str]) -> dict[str, str]:
    ids = {column for column in row if column.lower().endswith(("sourcedid", "sourcedids")) or column == "username"}
    return {
        column: pattern.sub(lambda found: names[found[0]], value) if column in ids else value
        for column, value in row.items()
    }


def _customer(at: At, service: str) -> Customer:
    order = LicenseOrder(name=f"By {service}", seats=500, admin_address=f"admin@{service}.example")
    created = create_license(order, now=NOW)
    connection = add_connection(
        created.license_id, service, at.district[service], method="teacher_choice", services=at.services, now=NOW
    )
    assert connection.state == "connected", connection.state_reason
    house = House(created.district_id, created.license_id, connection.id, at.district[service])
    people = [one for one in at.truth()["people"] if one["kind"] == "teacher"]
    teachers = {
        one["sourced_id"]: a_teacher(house, one[KEYS[service]], provider=service, kind=KINDS[service]) for one in people
    }
    return Customer(at, service, house, teachers)


@pytest.fixture
def at(settings: Settings) -> At:
    seal.use_keys(settings.token_keys)
    return At(settings.sandbox_url, settings)


@pytest.fixture(params=["clever", "classlink"])
def customer(at: At, request: pytest.FixtureRequest) -> Customer:
    return _customer(at, request.param)


def _roster_of_export(customer: Customer, out: Path) -> set[tuple[str, str, str]]:
    export_license(customer.house.license_id, out)
    return {
        (row["classSourcedId"], row["userSourcedId"], row["role"])
        for row in _rows(out / "enrollments.csv")
        if not row["endDate"]
    }


def _roster_of_truth(customer: Customer) -> set[tuple[str, str, str]]:
    key = KEYS[customer.service]
    return {(one[f"section_{key}"], one[f"person_{key}"], one["role"]) for one in customer.at.truth()["enrollments"]}


def test_the_same_district_through_both_services_gives_equal_exports_but_for_source_ids(at: At, tmp_path: Path):
    exports = []
    for service in ("clever", "classlink"):
        customer = _customer(at, service)
        customer.import_everything()
        exports.append(customer.export(tmp_path / service))
    for name in FILES:
        assert exports[0][name] == exports[1][name], name
    assert len(exports[0]["enrollments"]) == len(at.truth()["enrollments"])


def test_REL_17_a_second_sync_of_unchanged_data_changes_nothing(customer: Customer):
    customer.import_everything()
    counts = customer.sync(1)
    assert (counts["added"], counts["updated"], counts["removed"]) == (0, 0, 0)
    assert counts["unchanged"] > 20 and counts["requests"] > 0


def test_after_a_join_a_leave_and_a_move_the_export_equals_the_districts_truth(customer: Customer, tmp_path: Path):
    customer.import_everything()
    assert _roster_of_export(customer, tmp_path / "before") == _roster_of_truth(customer)
    for move in ("student_joins", "student_leaves", "student_moves", "teacher_replaced", "co_teacher_added"):
        customer.at.move(move)
    customer.sync(1)
    assert _roster_of_export(customer, tmp_path / "after") == _roster_of_truth(customer)


def test_a_provider_district_is_held_by_one_customer_only(customer: Customer):
    other = create_license(LicenseOrder(name="Other", seats=5, admin_address="a@other.example"), now=NOW)
    with pytest.raises(ConnectionRefused, match=f"By {customer.service} holds this"):
        add_connection(
            other.license_id,
            customer.service,
            customer.house.authority,
            method="teacher_choice",
            services=customer.services,
            now=NOW,
        )


@pytest.mark.parametrize("fault", ["html", "no_list", "cut_page"])
def test_REL_1_an_answer_that_is_not_whole_changes_nothing(customer: Customer, tmp_path: Path, fault: str):
    customer.import_everything()
    before = _roster_of_export(customer, tmp_path / "before")
    customer.at.fault(customer.service, fault)
    run = synced(customer.house, customer.services, NOW + timedelta(hours=1))
    customer.at.steer("DELETE", "/sandbox/faults")
    assert run.counts.get("removed", 0) == 0 and run.state in ("parked", "failed", "done")
    assert _roster_of_export(customer, tmp_path / "after") == before


def test_PRIV_1_private_fields_are_nowhere_in_our_database(customer: Customer):
    customer.import_everything()
    with engine().connect() as connection:
        dumped = "".join(
            str(connection.execute(text(f"select row_to_json({table.name}) from {table.name}")).all())
            for table in Base.metadata.sorted_tables
        )
    assert "canary" not in dumped.lower()
    assert len(dumped) > 10_000
