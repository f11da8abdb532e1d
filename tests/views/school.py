"""A customer whose district the sandbox simulates: license, connections, invitations, and its people's browsers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from tests.providers.at_sandbox import At
from tests.views.browser import Browser
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.add_connection import add_connection
from webapp.actions.create_account import create_account
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.invite import Invited, invite
from webapp.store import database

PASSWORD = "correct horse battery"


@dataclass
class School:
    """A licensed, connected district."""

    app: Flask
    at: At
    license_id: UUID
    district_id: UUID
    admin_token: str

    def browser(self) -> Browser:
        """A browser nobody has used yet."""
        return Browser(self.app, self.at.url)

    def invited(self, address: str = "teacher@school.example", role: str = "teacher") -> Invited:
        """An open invitation."""
        return invite(self.district_id, self.license_id, address, role, now=now())

    def person(self, role: str, service: str = "clever") -> dict[str, Any]:
        """Somebody of this role in the simulated district."""
        return self.at.person(service, role)

    def member(self, address: str = "teacher@school.example", role: str = "teacher") -> Browser:
        """A browser of somebody who accepted an invitation with a password and is logged in."""
        head = open_invitation(self.invited(address, role).token, now=now())
        create_account(head, given_name="Tess", family_name="Teacher", password=PASSWORD, now=now())
        browser = self.browser()
        log_in(browser, address)
        return browser


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def log_in(browser: Browser, address: str, password: str = PASSWORD) -> int:
    """Log in with a password; the status of the answer."""
    return browser.post("/login", {"email": address, "password": password}).status_code


def a_school(app: Flask, at: At, *, teacher_seats: int | None = None) -> School:
    """A license of a new district, connected to both services of this simulated one."""
    order = LicenseOrder("Maple Schools", 500, "admin@school.example", teacher_seats)
    created = create_license(order, now=now())
    for provider, district in at.district.items():
        add_connection(created.license_id, provider, district, method="teacher_choice", services=at.services, now=now())
    return School(app, at, created.license_id, created.district_id, created.invitation.token)


def rows(sql: str, **values: object) -> list[tuple[Any, ...]]:
    """What the database itself says, whoever's rows they are."""
    with database.engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]


def counts() -> dict[str, int]:
    """How many accounts, identities, memberships and live sign-ins there are: what a refusal must not change."""
    return {
        table: rows(f"select count(*) from {table}")[0][0]
        for table in ("account", "identity", "license_member", "sign_in", "account_role")
    }


def token_calls(at: At) -> int:
    """How many codes were exchanged at either service."""
    told = at.steer("GET", "/sandbox/requests")
    return int(told["clever_token_exchanges"]) + int(told["classlink_token_exchanges"])


def meanwhile(sql: str) -> None:
    """Let something happen in the database behind everybody's back."""
    with database.engine().begin() as connection:
        connection.execute(text(sql))


def known_teacher(school: School, service: str) -> str:
    """A teacher of the district who accepted her invitation by the service; her id there."""
    person = school.person("teacher", service)["clever_id"]
    browser = school.browser()
    browser.be(service, person)
    token = school.invited(f"{service}@school.example").token
    page = browser.follow(browser.post(f"/invitations/{token}/with/{service}"))
    assert page.status_code == 200, page.text
    return str(person)
