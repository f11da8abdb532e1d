"""What `rollbook run` puts into an empty database: a license for each service's view of the sandbox's district."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from webapp.actions.accept_invitation import open_invitation
from webapp.actions.add_connection import add_connection
from webapp.actions.bind_invitation import bind_invitation
from webapp.actions.create_account import create_account
from webapp.actions.create_license import Created, LicenseOrder, create_license
from webapp.actions.invite import invite
from webapp.actions.operators import add_operator, set_up_operator
from webapp.commands.answers import Document
from webapp.providers.service import Service
from webapp.providers.table import services
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import connect

PASSWORD = "try rollbook today"
"""Of the printed accounts only, which exist only beside the sandbox, on this machine."""
OPERATOR = "operator@rollbook.example"
TEACHERS = 3
TOLD_FILE = "demo.json"


@dataclass(frozen=True)
class View:
    """One service's view of the sandbox's district: its id there, and the kind of id that names a person."""

    provider: str
    label: str
    district_id: str
    kind: str

    def id_of(self, person: Mapping[str, Any]) -> str:
        """The id by which this service's rosters know somebody."""
        return str(person["sourced_id" if self.kind == "sourced_id" else f"{self.provider}_id"])


def _view(service: Service, district: Mapping[str, Any]) -> View:
    """The sandbox tells a district's id at each service under a name that begins with the service's key."""
    district_id = next(value for name, value in district.items() if name.startswith(f"{service.key}_"))
    return View(service.key, service.label, str(district_id), service.roster_kind)


def seed(settings: Settings, introduction: Mapping[str, Any]) -> Document:
    """The demo's licenses, connections and people exist; what to tell of them. Made once for a data dir."""
    told_file = Path(settings.data_dir) / TOLD_FILE
    if not told_file.exists():
        connect(settings.database_url, pool_size=2)
        seal.use_keys(settings.token_keys)
        told_file.write_text(json.dumps(_seed(services(settings), introduction["districts"][0])))
    told: Document = json.loads(told_file.read_text())
    return {"sandbox": introduction["url"], "outbox": f"{settings.public_url}/outbox", **told}


def _seed(services_by_key: Mapping[str, Service], district: Mapping[str, Any]) -> Document:
    now = datetime.now(UTC)
    set_up_operator(add_operator(OPERATOR, now=now), PASSWORD, now=now)
    told: Document = {"operator": f"{OPERATOR}, password: {PASSWORD}"}
    for service in services_by_key.values():
        told |= _seed_view(_view(service, district), services_by_key, district, now)
    return told


def _seed_view(
    view: View, services_by_key: Mapping[str, Service], district: Mapping[str, Any], now: datetime
) -> Document:
    admin = f"admin.{view.provider}@rollbook.example"
    order = LicenseOrder(name=f"{district['name']} ({view.label})", seats=1200, admin_address=admin, teacher_seats=40)
    created = create_license(order, now=now)
    head = open_invitation(created.invitation.token, now=now)
    create_account(head, given_name="Ada", family_name=f"Admin ({view.label})", password=PASSWORD, now=now)
    add_connection(
        created.license_id,
        view.provider,
        view.district_id,
        method="teacher_choice",
        services=services_by_key,
        now=now,
    )
    teachers = [person for person in district["people"] if person["role"] == "teacher"][:TEACHERS]
    for person in teachers:
        _invite_teacher(view, created, person, now)
    return _told(view, admin, district, teachers)


def _invite_teacher(view: View, created: Created, person: Mapping[str, Any], now: datetime) -> None:
    invited = invite(created.district_id, created.license_id, person["email"], "teacher", now=now)
    bind_invitation(
        created.district_id,
        invited.invitation_id,
        provider=view.provider,
        authority=view.district_id,
        kind=view.kind,
        subject=view.id_of(person),
    )


def _told(view: View, admin: str, district: Mapping[str, Any], teachers: list[Mapping[str, Any]]) -> Document:
    students = [person["name"] for person in district["people"] if person["role"] == "student"]
    return {
        f"{view.label}: license admin": f"{admin}, password: {PASSWORD}",
        f"{view.label}: teachers": f"Log in with {view.label} as " + ", ".join(person["name"] for person in teachers),
        f"{view.label}: students": f"Log in with {view.label} as " + ", ".join(students),
    }
