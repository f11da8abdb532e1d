"""A customer of one simulated service, with every teacher linked, and what is in the classes afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.factory import House, a_teacher, imported, synced, worked
from tests.providers.at_sandbox import At
from webapp.actions.add_connection import add_connection
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.decide_hold import approve_hold
from webapp.actions.offer_sections import CannotImport, offer_sections
from webapp.store.database import tenant
from webapp.store.tables import SyncRun

BEGAN = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)
KINDS = {"clever": "user_id", "classlink": "sourced_id"}

Roster = set[tuple[str, str, str]]
"""Section, person, role: by the service's own ids."""


@dataclass
class Customer:
    """A district here that uses one service of a simulated district."""

    at: At
    service: str
    house: House
    teachers: Mapping[str, UUID]
    """The service's id of a teacher -> the account."""

    @property
    def key(self) -> str:
        """The key under which the truth holds this service's ids."""
        return self.at.ids(self.service)

    def import_everything(self) -> None:
        """Every teacher has imported every section that is hers and not here yet."""
        for teacher in self.teachers.values():
            self.import_all_of(teacher)

    def import_all_of(self, teacher: UUID) -> None:
        """This teacher has imported every section of hers that is not here yet."""
        try:
            offered = offer_sections(self.house.district_id, teacher, services=self.at.services, now=BEGAN)
        except CannotImport as nothing:
            assert nothing.cause == "no_sections"
            return
        sections = [one.offer.section.source_id for one in offered if one.state == "importable"]
        if sections:
            run = imported(self.house, teacher, sections, self.at.services, BEGAN)
            assert run.state == "done", run.reason

    def sync(self, hours: int) -> SyncRun:
        """Everything synced, so many hours after the import; the run as it ended."""
        return synced(self.house, self.at.services, BEGAN + timedelta(hours=hours))

    def approve(self, held: SyncRun, hours: int) -> SyncRun:
        """This hold is approved, so many hours after the import; the run as it ended."""
        now = BEGAN + timedelta(hours=hours)
        approve_hold(self.house.district_id, held.id, now=now)
        return worked(self.house, held.id, self.at.services, now)

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """What this district's own door to the database shows."""
        with tenant(self.house.district_id) as session:
            return [tuple(row) for row in session.execute(text(sql), values)]

    def roster(self) -> Roster:
        """Who is actively in which class, by the ids of the service."""
        told = self.rows(
            """select s.source_id, i.subject, n.role from enrollment n
               join class_source cs on cs.class_id = n.class_id join section s on s.id = cs.section_id
               join identity i on i.account_id = n.account_id and i.kind = :kind where n.state = 'active'""",
            kind=KINDS[self.service],
        )
        return {(section, person, role) for section, person, role in told}

    def truth(self) -> Roster:
        """The same as the simulated district has it."""
        rows = self.at.truth()["enrollments"]
        return {(one[f"section_{self.key}"], one[f"person_{self.key}"], one["role"]) for one in rows}

    def names(self) -> dict[str, tuple[str, str]]:
        """Everybody's names as we hold them, by the ids of the service."""
        told = self.rows("select i.subject, a.given_name, a.family_name from account a join identity i "
                         "on i.account_id = a.id where i.kind = :kind", kind=KINDS[self.service])  # fmt: skip
        return {subject: (given, family) for subject, given, family in told}

    def true_names(self) -> dict[str, tuple[str, str]]:
        """Everybody's names as the simulated district has them."""
        return {one[self.key]: (one["given"], one["family"]) for one in self.at.truth()["people"]}


def a_customer(at: At, service: str, *, seats: int = 500) -> Customer:
    """A new district of ours, connected to that service of this simulated one."""
    order = LicenseOrder(name=f"By {service}", seats=seats, admin_address=f"admin@{service}.example")
    created = create_license(order, now=BEGAN)
    district = at.district[service]
    connection = add_connection(
        created.license_id, service, district, method="teacher_choice", services=at.services, now=BEGAN
    )
    assert connection.state == "connected", connection.state_reason
    house = House(created.district_id, created.license_id, connection.id, district)
    ids = [one[at.ids(service)] for one in at.truth()["people"] if one["kind"] == "teacher"]
    teachers = {one: a_teacher(house, one, provider=service, kind=KINDS[service]) for one in ids}
    return Customer(at, service, house, teachers)


def a_twin(at: At) -> At:
    """Another simulated district of other people, whose records have the same sourced ids."""
    made = at.steer("POST", "/sandbox/districts", {"twin_of": at.number})
    twin = At(at.url, at.settings)
    twin.number = made["number"]
    twin.district = {"clever": made["clever_district"], "classlink": str(made["classlink_tenant"])}
    return twin
