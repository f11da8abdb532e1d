"""Looks at both services' real feeds, over HTTP: what happens in the district is here without a sync of everything."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.factory import House, a_teacher, imported, synced, worked
from tests.providers.at_sandbox import At
from webapp.actions.add_connection import add_connection
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.look_for_changes import look_for_changes
from webapp.actions.offer_sections import offer_sections
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import engine, tenant
from webapp.store.tables import Connection, SyncRun

KINDS = {"clever": "user_id", "classlink": "sourced_id"}


@dataclass
class Followed:
    """All classes of one teacher, synced once, with their feed at its beginning."""

    at: At
    service: str
    house: House
    now: datetime

    def later(self) -> datetime:
        self.now += timedelta(minutes=15)
        return self.now

    def look(self) -> SyncRun | None:
        """One look, and the run that it asked for, done."""
        house, services = self.house, self.at.services
        run_id = look_for_changes(house.district_id, house.connection_id, services=services, now=self.later())
        return worked(house, run_id, services, self.now) if run_id else None

    def rosters(self) -> set[tuple[str, str]]:
        """Who stands in which class: (section, person)."""
        told = """
select s.source_id, i.subject from enrollment n join class_source cs on cs.class_id = n.class_id
join section s on s.id = cs.section_id join identity i on i.account_id = n.account_id and i.valid_to is null
where n.state = 'active' and n.role = 'student'"""
        with engine().connect() as connection:
            return {(row[0], row[1]) for row in connection.execute(text(told))}

    def truth(self) -> set[tuple[str, str]]:
        key = self.at.ids(self.service)
        ours = {section for section, _person in self.rosters()}
        return {
            (one[f"section_{key}"], one[f"person_{key}"])
            for one in self.at.truth()["enrollments"]
            if one["role"] == "student" and one[f"section_{key}"] in ours
        }


@pytest.fixture(params=["clever", "classlink"])
def followed(settings: Settings, database_url: str, request: pytest.FixtureRequest) -> Followed:
    seal.use_keys(settings.token_keys)
    at, service, now = At(settings.sandbox_url, settings), request.param, datetime.now(UTC)
    at.move("student_joins")  # a feed that never told anything cannot be told from one that is off
    created = create_license(LicenseOrder(name="Maple", seats=500, admin_address="admin@maple.example"), now=now)
    made = add_connection(
        created.license_id, service, at.district[service], method="teacher_choice", services=at.services, now=now
    )
    house = House(created.district_id, created.license_id, made.id, at.district[service])
    person: Any = at.person(service, "teacher")
    teacher = a_teacher(house, person[at.ids(service)], provider=service, kind=KINDS[service])
    offered = offer_sections(house.district_id, teacher, services=at.services, now=now)
    run = imported(house, teacher, [one.offer.section.source_id for one in offered], at.services, now)
    assert run.state == "done", run.reason
    assert synced(house, at.services, now + timedelta(minutes=1)).state == "done"
    return Followed(at, service, house, now)


def test_a_quiet_district_asks_for_nothing(followed: Followed):
    assert followed.look() is None
    with tenant(followed.house.district_id) as session:
        assert session.get_one(Connection, followed.house.connection_id).feed_cursor


def test_REL_31_joins_leaves_and_moves_come_by_the_feed_or_by_the_night(followed: Followed):
    for move in ("student_joins", "student_leaves", "student_moves"):
        followed.at.move(move)
        run = followed.look()
        assert run is None or run.state == "done"
    if followed.service == "clever":  # OneRoster's never tells who has gone: only a full read does
        assert followed.rosters() == followed.truth()
    assert synced(followed.house, followed.at.services, followed.later()).state == "done"
    assert followed.rosters() == followed.truth()


def test_REL_1_a_feed_of_a_paused_clever_removes_nobody(followed: Followed):
    if followed.service == "classlink":
        return
    before = followed.rosters()
    followed.at.move("student_leaves")
    followed.at.switch(clever_state="paused")
    synced(followed.house, followed.at.services, followed.later())
    followed.look()
    assert before <= followed.rosters()
    followed.at.switch(clever_state="running")
    synced(followed.house, followed.at.services, followed.later())
    assert followed.rosters() == followed.truth()
