"""A service whose table of districts a test writes, a customer who stands in it, and the poll that reads it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.factory import NOW, House, a_house, a_teacher, imported, synced, worked
from tests.shared_roster import SharedRoster, SharedService
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.create_account import create_account
from webapp.actions.invite import invite
from webapp.actions.poll_services import poll_services
from webapp.providers.errors import AccessWithdrawn, ProviderError
from webapp.providers.service import SharedDistrict
from webapp.store import seal
from webapp.store.database import directory, engine, tenant
from webapp.store.tables import Connection

TEN = timedelta(minutes=10)


@dataclass
class Table(SharedService):
    """A service whose table of districts a test writes."""

    silent: ProviderError | None = None
    answers_for: dict[str, ProviderError | str] = field(default_factory=dict)
    """What it says when asked for one district by name, where that is not what the table says."""

    def districts(self) -> list[SharedDistrict]:
        if self.silent:
            raise self.silent
        return self.sharing

    def district_token(self, district: str) -> str:
        listed = {one.district: one.token for one in self.sharing}
        answer = self.answers_for.get(district, listed.get(district, AccessWithdrawn("not listed")))
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    def share(self, *houses: House) -> None:
        self.sharing = [SharedDistrict(house.authority, f"token of {house.authority}") for house in houses]


def a_table(shared: SharedRoster) -> Table:
    """A service whose table is empty."""
    seal.use_keys(Fernet.generate_key().decode())
    return Table(shared)


def a_listed_house(table: Table) -> House:
    """A connected district with an administrator and two classes, listed."""
    house = a_house()
    invited = invite(house.district_id, house.license_id, "admin@school.example", "district_admin", now=NOW)
    head = open_invitation(invited.token, now=NOW)
    create_account(head, given_name="Ada", family_name="Admin", password="a long enough password", now=NOW)
    table.share(house)
    imported(house, a_teacher(house), ["biology", "chemistry"], {"clever": table})
    synced(house, {"clever": table}, NOW)
    with directory() as session:
        session.execute(text("delete from outbox"))
    return house


def poll(table: Table, minutes: float) -> None:
    """The table is polled so many minutes after the beginning."""
    poll_services({"clever": table}, now=NOW + timedelta(minutes=minutes))


def state(house: House) -> str:
    """The state of its connection."""
    return kept(house).state


def kept(house: House) -> Connection:
    """Its connection as it is kept."""
    with tenant(house.district_id) as session:
        return session.get_one(Connection, house.connection_id)


def rows(sql: str) -> list[tuple[Any, ...]]:
    """What the database itself says, whoever's rows they are."""
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def unclaimed() -> list[tuple[Any, ...]]:
    """Who waits to be claimed: id and name."""
    return rows("select provider_district, name from unclaimed_district order by 1")


def tenant_free() -> Any:
    """The database itself, whoever's rows they are."""
    return engine().begin()


def work(house: House, table: Table, minutes: float) -> None:
    """Do what waits in the table of runs, as a worker does."""
    for (run_id,) in rows("select id from sync_run where state = 'requested'"):
        worked(house, run_id, {"clever": table}, NOW + timedelta(minutes=minutes))
