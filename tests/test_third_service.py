"""A third rostering service is one folder, one line in the table, its settings, and one folder in the simulator."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from tests.cedar.played import CEDAR
from tests.cedar.service import Cedar
from tests.cedar.settings import CedarSettings
from tests.providers.at_sandbox import QUICK
from tests.views.browser import Browser
from webapp.actions.add_connection import add_connection
from webapp.actions.create_license import Created, LicenseOrder, create_license
from webapp.actions.export_license import export_license
from webapp.actions.invite import invite
from webapp.actions.poll_services import poll_services
from webapp.actions.sync_connection import sync_connection
from webapp.commands.running import settings_named
from webapp.providers.service import Service
from webapp.providers.table import TABLE, services
from webapp.settings import Settings
from webapp.simulator.server import PUBLIC_URL, Sandbox
from webapp.simulator.services import SERVICES
from webapp.simulator.stage import Stage
from webapp.simulator.world import District, Person
from webapp.store.database import tenant
from webapp.store.questions.connections import connection_lines
from webapp.store.tables import SyncRun
from webapp.views import create_app
from webapp.views.house import House


@dataclass
class Town:
    """A product that knows three services, and a customer who uses the third."""

    app: Flask
    sandbox: Sandbox
    services: dict[str, Service]
    license: Created
    district: District = field(init=False)

    def __post_init__(self) -> None:
        self.district = self.sandbox.stage.districts[0]

    def browser(self, person: Person) -> Browser:
        """A browser of somebody who is signed in at Cedar."""
        browser = Browser(self.app, self.sandbox.url)
        known = {"person": person.clever_id}
        assert browser.services.post(f"{self.sandbox.url}/cedar/sandbox-session", data=known).status_code == 200
        return browser

    def work(self) -> list[SyncRun]:
        """What waits is done, as a worker does it."""
        district_id = self.license.district_id
        with tenant(district_id) as session:
            waiting = list(session.scalars(select(SyncRun.id).where(SyncRun.state == "requested")))
        for run_id in waiting:
            sync_connection(run_id, district_id, services=self.services, now=datetime.now(UTC))
        with tenant(district_id) as session:
            return [session.get_one(SyncRun, run_id) for run_id in waiting]

    def accept_by_cedar(self, browser: Browser) -> None:
        """Whoever sits there is invited, and accepts with her user at Cedar."""
        now = datetime.now(UTC)
        invited = invite(self.license.district_id, self.license.license_id, "t@school.example", "teacher", now=now)
        page = browser.follow(browser.post(f"/invitations/{invited.token}/with/cedar"))
        assert page.status_code == 200, page.text

    def import_section(self, browser: Browser, section: str) -> UUID:
        """One section is ticked and imported; the id of its class."""
        assert browser.post("/classes/add", {"section": section}).status_code == 303
        assert [run.state for run in self.work()] == ["done"]
        (found,) = set(re.findall(r"/classes/([0-9a-f-]{36})", browser.get("/classes").text))
        return UUID(found)

    def move(self, move: str, section: str) -> dict[str, Any]:
        """Something happens at the school."""
        url = f"{self.sandbox.url}/sandbox/districts/1/moves"
        told: dict[str, Any] = requests.post(url, json={"move": move, "section": section}, timeout=5).json()
        return told


@pytest.fixture
def three_services() -> Iterator[Sandbox]:
    """A sandbox whose table has one line more."""
    stage = Stage((*SERVICES, CEDAR), None, PUBLIC_URL, time.time)
    stage.add_grown(seed=7, size="tiny", today=date.today())
    sandbox = Sandbox(stage, 0)
    sandbox.thread.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def town(three_services: Sandbox, settings: Settings) -> Town:
    """The product, whose table has one line more, with a license connected to Cedar."""
    told = settings.model_dump() | settings_named(three_services.app_settings())
    own = CedarSettings(_env_file=None, **told)
    known = services(own, QUICK, (*TABLE, Cedar))
    app = create_app(own)
    app.extensions["rollbook"] = House(own, known)
    now = datetime.now(UTC)
    license = create_license(LicenseOrder("Cedar Schools", 100, "admin@school.example"), now=now)
    made = add_connection(license.license_id, "cedar", "cedar-1", method="teacher_choice", services=known, now=now)
    assert made.state == "connected", made.state_reason
    return Town(app, three_services, known, license)


def test_a_teacher_signs_in_with_it_imports_a_section_and_syncs(town: Town) -> None:
    section = next(iter(town.district.sections.values()))
    teacher, students = people_of(town.district, section.sourced_id)
    browser = town.browser(teacher)
    assert "Log in with Cedar" in browser.get("/login").text
    town.accept_by_cedar(browser)
    assert section.name in browser.get("/classes/add").text
    class_id = town.import_section(browser, section.sourced_id)
    page = browser.get(f"/classes/{class_id}").text
    assert all(student.family in page for student in students)
    before = browser.get(f"/classes/{class_id}/changes").text

    joined = str(town.move("student_joins", section.sourced_id)["person_name"])
    assert browser.post(f"/classes/{class_id}/sync").status_code == 303
    assert [(run.state, run.counts["removed"]) for run in town.work()] == [("done", 0)]
    after = browser.get(f"/classes/{class_id}/changes").text
    assert joined in after and joined not in before


def test_a_student_comes_from_its_portal_and_lands_on_the_class(town: Town) -> None:
    section = next(iter(town.district.sections.values()))
    teacher, students = people_of(town.district, section.sourced_id)
    hers = town.browser(teacher)
    town.accept_by_cedar(hers)
    town.import_section(hers, section.sourced_id)
    browser = town.browser(students[0])
    launched = browser.services.post(f"{town.sandbox.url}/cedar/portal", allow_redirects=False)
    assert "state=" not in launched.headers["Location"]
    page = browser.follow(browser.get(browser.through_service(launched.headers["Location"])))
    assert page.status_code == 200 and section.name in page.text and students[0].name in page.text


def test_its_districts_are_found_and_its_people_exported_by_its_ids(town: Town, tmp_path: Path) -> None:
    town.sandbox.stage.add_grown(seed=8, size="tiny", today=date.today(), name="New Schools")
    poll_services(town.services, now=datetime.now(UTC))
    assert ("cedar", "cedar-2", "unclaimed") in {
        (one["provider"], one["district"], one["state"]) for one in connection_lines()
    }
    section = next(iter(town.district.sections.values()))
    teacher, students = people_of(town.district, section.sourced_id)
    browser = town.browser(teacher)
    town.accept_by_cedar(browser)
    town.import_section(browser, section.sourced_id)
    export_license(town.license.license_id, tmp_path)
    users = (tmp_path / "users.csv").read_text()
    assert all(f"\n{one.sourced_id}," in users for one in (teacher, *students))


def test_the_sandbox_shows_it_with_the_others(town: Town) -> None:
    page = requests.get(town.sandbox.url, timeout=5).text
    assert "Cedar portal" in page and "How Cedar shows this district" in page
    assert "ROLLBOOK_CEDAR_URL" in town.sandbox.introduction()["settings"]


def people_of(district: District, section: str) -> tuple[Person, list[Person]]:
    """A section's teacher and its students."""
    rows = [one for one in district.enrollments.values() if one.section == section]
    teacher = next(one.person for one in rows if one.primary)
    return district.people[teacher], [district.people[one.person] for one in rows if one.role == "student"]
