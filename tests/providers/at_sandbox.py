"""One district of the sandbox, steered over HTTP and read through our services."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import urllib3

from webapp.providers.service import Access, RosterReader, Service
from webapp.providers.table import services
from webapp.providers.wire import Limits
from webapp.roster.records import Enrollment, Record
from webapp.settings import Settings

QUICK = Limits(tries=3, first_wait=0.001, longest_wait=0.002, jitter=0.0, patience=0.5, pages=200)

TODAY = date(2026, 9, 15)


class At:
    """A fresh district, and what our services read of it."""

    def __init__(self, url: str, settings: Settings, size: str = "tiny", seed: int = 7) -> None:
        self.url = url
        self.settings = settings
        self.services: dict[str, Service] = services(settings, QUICK)
        made = self.steer("POST", "/sandbox/districts", {"seed": seed, "size": size, "today": TODAY.isoformat()})
        self.number = made["number"]
        self.district = {"clever": made["clever_district"], "classlink": str(made["classlink_tenant"])}

    def steer(self, method: str, path: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the sandbox itself."""
        body = None if wish is None else json.dumps(wish)
        headers = {"Content-Type": "application/json"}
        with urllib3.PoolManager() as pool:
            answer = pool.request(method, self.url + path, body=body, headers=headers)
        assert answer.status < 300, answer.data
        told: dict[str, Any] = answer.json()
        return told

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """What is true in the district."""
        return self.steer("GET", f"/sandbox/districts/{self.number}/truth")

    def move(self, move: str, **wish: str) -> dict[str, Any]:
        """Let one thing happen in the district."""
        return self.steer("POST", f"/sandbox/districts/{self.number}/moves", {"move": move, **wish})

    def switch(self, **switches: object) -> None:
        """Change what the district allows."""
        self.steer("POST", f"/sandbox/districts/{self.number}/switches", switches)

    def fault(self, service: str, fault: str, **more: object) -> None:
        """Let the service misbehave."""
        self.steer("POST", "/sandbox/faults", {"service": service, "fault": fault, **more})

    def reader(
        self, service: str, *, token: str | None = None, told: Callable[[str], None] | None = None
    ) -> RosterReader:
        """A reader of the district, with its current token unless another one is given."""
        chosen = self.services[service]
        known = chosen.district_token(self.district[service]) if token is None else token
        return chosen.reader(Access(self.district[service], known), today=TODAY, on_new_token=told)

    def ids(self, service: str) -> str:
        """The key under which the truth holds this service's ids."""
        return {"clever": "clever_id", "classlink": "sourced_id"}[service]

    def person(self, service: str, role: str) -> dict[str, Any]:
        """Somebody of that role; a teacher who teaches."""
        teaching = {one["person_sourced_id"] for one in self.truth()["enrollments"] if one["role"] == "teacher"}
        people = self.truth()["people"]
        return next(
            one for one in people if one["kind"] == role and (role != "teacher" or one["sourced_id"] in teaching)
        )

    def enrolled(self, service: str, section: str) -> set[tuple[str, str]]:
        """Who stands in a section, in truth: (person, role)."""
        key = self.ids(service)
        return {
            (one[f"person_{key}"], one["role"])
            for one in self.truth()["enrollments"]
            if one[f"section_{key}"] == section
        }


def records(pages: Iterable[Sequence[Record]]) -> list[Record]:
    """All records of these pages."""
    return [record for page in pages for record in page]


def enrolled(found: Iterable[Record], section: str) -> set[tuple[str, str]]:
    """Who stands in a section, as read: (person, role)."""
    return {
        (one.person_source_id, one.role.value)
        for one in found
        if isinstance(one, Enrollment) and one.section_source_id == section
    }
