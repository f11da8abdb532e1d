"""People who decide what a sync holds, where the service is held in memory, and something for them to decide."""

from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from tests.factory import House, synced
from tests.views.desk import Desk, Tab
from tests.views.school import now
from webapp.actions.operators import add_operator
from webapp.actions.sign_ins import Somebody, begin_sign_in
from webapp.store.database import directory, tenant
from webapp.store.tables import Account, AccountRole, License, LicenseMember, SyncRun

PUPILS = [f"s{number}" for number in range(1, 21)]


def administrator(house: House, role: str = "license_admin", license_id: UUID | None = None) -> UUID:
    """A member of the license in this role; her account."""
    with tenant(house.district_id) as session:
        own = {"district_id": house.district_id}
        account = Account(
            given_name="Ada", family_name=role.title(), email=f"{role}@school.example", made_at=now(), **own
        )
        session.add(account)
        session.flush()
        session.add(AccountRole(account_id=account.id, role=role, **own))
        license_id = license_id or house.license_id
        session.add(LicenseMember(account_id=account.id, license_id=license_id, role=role, joined_at=now(), **own))
        return account.id


def another_license(house: House) -> UUID:
    """A second license of the same district."""
    with tenant(house.district_id) as session:
        first = session.get_one(License, house.license_id)
        made = License(
            district_id=house.district_id, name="Annex", starts_on=first.starts_on, student_seats=100, made_at=now()
        )
        session.add(made)
        session.flush()
        return made.id


def operators_tab(app: Flask) -> Tab:
    """A browser in which an operator is signed in."""
    operator_id = UUID(str(_operator()))
    client = app.test_client()
    with client.session_transaction(base_url="http://localhost:8000") as session:
        session["_user_id"] = begin_sign_in(Somebody(operator_id=operator_id), "password", now=now())
    return Tab(client, "http://localhost:8000")


def _operator() -> object:
    address = f"op{uuid4().hex[:6]}@rollbook.example"
    add_operator(address, now=now())
    with directory() as session:
        return session.execute(
            text("select id from operator where email = :address"), {"address": address}
        ).scalar_one()


def held_class(desk: Desk, name: str = "Biology", *, leaving: int = 15) -> SyncRun:
    """A class of twenty of whom so many have left at the service, which a sync held."""
    desk.import_class(desk.teacher(f"t-{name}"), name, teachers=[f"t-{name}"], students=PUPILS)
    desk.roster.leave(name.lower(), *PUPILS[:leaving])
    run = synced(desk.house, desk.services, now() + timedelta(minutes=1))
    assert run.state == "held", run.state
    return run


def grown_old(desk: Desk) -> None:
    """Every sign-in was twenty minutes ago."""
    with tenant(desk.house.district_id) as session:
        session.execute(text("update sign_in set made_at = made_at - interval '20 minutes'"))
