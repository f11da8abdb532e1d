"""A district at a simulated service, and the license, connection and invitations that let its people in here."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import urllib3
from playwright.sync_api import Page, expect

from tests.product import Product

LABELS = {"clever": "Clever", "classlink": "ClassLink"}
LAUNCHERS = {"clever": "/clever/portal", "classlink": "/launchpad/home"}
DISTRICTS = {"clever": "clever_district", "classlink": "classlink_tenant"}
SEEDS = itertools.count(100)

Thing = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """One district of the sandbox, licensed and connected by one service."""

    product: Product
    service: str
    district: Thing
    license_id: str

    @property
    def label(self) -> str:
        """What people call the service."""
        return LABELS[self.service]

    @property
    def log_in(self) -> str:
        """The words on the button of the service."""
        return f"Log in with {self.label}"

    def truth(self) -> dict[str, list[Thing]]:
        """What the simulated district knows to be true."""
        return cast(dict[str, list[Thing]], _call("GET", self._address("truth")))

    def section(self, place: int = 0) -> Thing:
        """One of its sections."""
        return self.truth()["sections"][place]

    def people_of(self, section: Thing, role: str) -> list[Thing]:
        """Who is in this section in this role, the primary teacher first."""
        truth = self.truth()
        rows = [row for row in truth["enrollments"] if (row["section"], row["role"]) == (section["sourced_id"], role)]
        by_id = {person["sourced_id"]: person for person in truth["people"]}
        return [by_id[row["person"]] for row in sorted(rows, key=lambda row: not row["primary"])]

    def move(self, what: str, **more: str) -> Thing:
        """Let something happen in the district."""
        return cast(Thing, _call("POST", self._address("moves"), {"move": what, **more}))

    def invite(self, person: Thing) -> str:
        """Invite a teacher; the address that the letter would bring."""
        told = self.product.rollbook("invite", "--license", self.license_id, "--email", person["email"])
        return str(told["invitation_url"])

    def choose(self, page: Page, person: Thing) -> None:
        """On the service's own page, be this person."""
        expect(page.get_by_role("heading", name="who are you?")).to_be_visible()
        page.get_by_label("District").select_option(str(self.district["number"]))
        page.get_by_label("Name or e-mail").fill(person["email"] or person["name"])
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name=re.compile(f"^{re.escape(person['name'])}, ")).click()

    def open_from_portal(self, page: Page, person: Thing) -> None:
        """Come from the service's portal or by its tile, as this person."""
        page.context.clear_cookies(domain="127.0.0.1")
        page.goto(self.product.sandbox.url + LAUNCHERS[self.service])
        self.choose(page, person)
        if page.get_by_role("button", name="Open the application").is_visible():
            page.get_by_role("button", name="Open the application").click()

    def _address(self, what: str) -> str:
        return f"{self.product.sandbox.url}/sandbox/districts/{self.district['number']}/{what}"


def a_town(product: Product, service: str) -> Town:
    """A small district of its own, licensed here and connected by this service."""
    district = _call("POST", f"{product.sandbox.url}/sandbox/districts", {"seed": next(SEEDS), "size": "tiny"})
    order = ["--name", "Science", "--seats", "200", "--admin-email", "admin@rollbook.example"]
    license_id = product.rollbook("license", "create", *order)["license_id"]
    which = ["--license", license_id, "--provider", service, "--district", district[DISTRICTS[service]]]
    product.rollbook("connection", "add", *which)
    return Town(product, service, district, license_id)


def _call(method: str, url: str, body: Mapping[str, object] | None = None) -> Any:
    answer = urllib3.request(method, url, json=body)
    assert answer.status < 400, answer.data
    return json.loads(answer.data)
