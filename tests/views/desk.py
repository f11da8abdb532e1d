"""A teacher at her desk: a district whose service is held in memory, the application, and a browser for each person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.factory import House, a_house, a_teacher, imported, synced, worked
from tests.shared_roster import SharedRoster, SharedService
from webapp.actions.sign_ins import Somebody, begin_sign_in
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Identity, SchoolClass, SyncRun
from webapp.views import create_app
from webapp.views.house import House as AppHouse


@dataclass
class Desk:
    """Everything that a page of classes needs around it."""

    app: Flask
    roster: SharedRoster
    house: House = field(default_factory=a_house)

    @property
    def services(self) -> Mapping[str, Service]:
        """The one service of this district."""
        return {"clever": SharedService(self.roster)}

    def teacher(self, subject: str = "t1") -> UUID:
        """A member with a linked login."""
        return a_teacher(self.house, subject)

    def import_class(self, teacher: UUID, name: str = "Biology", **people: list[str]) -> UUID:
        """A class of one section, imported."""
        self.roster.add_section(name, **people)
        imported(self.house, teacher, [name.lower()], self.services, now=datetime.now(UTC))
        with tenant(self.house.district_id) as session:
            return session.scalars(select(SchoolClass.id).where(SchoolClass.provider_name == name)).one()

    def sync(self) -> None:
        """Everything synced, a minute later."""
        synced(self.house, self.services, datetime.now(UTC) + timedelta(minutes=1))

    def work(self) -> None:
        """Do what waits in the table of runs, as a worker does."""
        with tenant(self.house.district_id) as session:
            waiting = list(session.scalars(select(SyncRun.id).where(SyncRun.state == "requested")))
        for run_id in waiting:
            worked(self.house, run_id, self.services, datetime.now(UTC))

    def account_of(self, subject: str) -> UUID:
        """The account of somebody whom the service shares."""
        with tenant(self.house.district_id) as session:
            return session.scalars(select(Identity.account_id).where(Identity.subject == subject)).one()

    def browser(self, account_id: UUID, house: House | None = None) -> "Tab":
        """A browser in which this person is signed in."""
        who = Somebody(account_id=account_id, district_id=(house or self.house).district_id)
        client = self.app.test_client()
        with client.session_transaction(base_url=self._url) as session:
            session["_user_id"] = begin_sign_in(who, "password", now=datetime.now(UTC))
        return Tab(client, self._url)

    @property
    def _url(self) -> str:
        return "http://localhost:8000"


@dataclass
class Tab:
    """A tab in which somebody is signed in. It names our own host and says, as browsers do, where a form comes from."""

    client: FlaskClient
    url: str

    def get(self, path: str, *, fragment: bool = False) -> TestResponse:
        """Open a page, or ask for a fragment of it as htmx does."""
        return self.client.get(path, base_url=self.url, headers={"HX-Request": "true"} if fragment else {})

    def post(self, path: str, data: Mapping[str, object] | None = None, *, fragment: bool = False) -> TestResponse:
        """Send a form from our own page."""
        headers = {"Sec-Fetch-Site": "same-origin"} | ({"HX-Request": "true"} if fragment else {})
        return self.client.post(path, data=data, base_url=self.url, headers=headers)


def a_desk(settings: Settings, roster: SharedRoster | None = None) -> Desk:
    """A new district and its app. Forms need no token here; the journeys in a browser prove that ours carry it."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    desk = Desk(app, roster or SharedRoster())
    app.extensions["rollbook"] = AppHouse(settings, dict(desk.services))
    return desk
