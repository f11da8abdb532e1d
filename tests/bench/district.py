"""A district to measure on: its own sandbox process, a license, a connection, and every section to import."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import urllib3

from webapp.actions.add_connection import add_connection
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.sync_connection import sync_connection
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import Connection, SyncRun

IDS = {"clever": ("clever_district", "clever_id"), "classlink": ("classlink_tenant", "sourced_id")}


@contextmanager
def sandbox_process(data_dir: Path) -> Iterator[dict[str, Any]]:
    """A sandbox in a process of its own, so that it does not share our interpreter; what it says of itself."""
    command = [
        sys.executable,
        "-m",
        "webapp.commands.cli",
        "sandbox",
        "--json",
        "--port",
        "0",
        "--data-dir",
        str(data_dir),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def ask(url: str, wish: object = None) -> Any:
    """Steer the sandbox."""
    body = None if wish is None else json.dumps(wish)
    with urllib3.PoolManager() as pool:
        answer = pool.request(
            "GET" if wish is None else "POST", url, body=body, headers={"Content-Type": "application/json"}
        )
    assert answer.status < 300, answer.data
    return answer.json()


@dataclass(frozen=True)
class Customer:
    """One service's view of the district, licensed and connected."""

    connection: Connection
    license_id: str
    services: dict[str, Service]
    sections: list[str]

    def import_all(self, now: datetime) -> SyncRun:
        """Every section becomes a class."""
        licenses = dict.fromkeys(self.sections, self.license_id)
        run = SyncRun(
            district_id=self.connection.district_id,
            connection_id=self.connection.id,
            kind="import",
            scope=self.sections,
            licenses=licenses,
            state="requested",
            requested_at=now,
        )
        with tenant(self.connection.district_id) as session:
            session.add(run)
            session.flush()
        return self._work(run, now)

    def sync(self, now: datetime) -> SyncRun:
        """The whole connection, once more."""
        run_id = request_connection_sync(self.connection.district_id, self.connection.id, now=now)
        with tenant(self.connection.district_id) as session:
            run = session.get_one(SyncRun, run_id)
        return self._work(run, now)

    def _work(self, run: SyncRun, now: datetime) -> SyncRun:
        sync_connection(run.id, run.district_id, services=self.services, now=now)
        with tenant(run.district_id) as session:
            done = session.get_one(SyncRun, run.id)
        assert done.state == "done", done.reason
        return done


def a_customer(provider: str, made: dict[str, Any], services: dict[str, Service], url: str, now: datetime) -> Customer:
    """A new tenant that reads the district through this service."""
    district_key, id_key = IDS[provider]
    truth = ask(f"{url}/sandbox/districts/{made['number']}/truth")
    order = LicenseOrder(name=provider, seats=100_000, admin_address=f"admin@{provider}.example")
    created = create_license(order, now=now)
    connection = add_connection(
        created.license_id, provider, str(made[district_key]), method="teacher_choice", services=services, now=now
    )
    sections = [str(section[id_key]) for section in truth["sections"]]
    return Customer(connection, str(created.license_id), services, sections)
