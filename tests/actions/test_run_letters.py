"""The letters that runs cause: to those who decide, once for each trouble (REL-11)."""

from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.factory import NOW, House, a_house, a_teacher, imported, synced
from tests.shared_roster import SharedRoster, SharedService
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.create_account import create_account
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.invite import invite
from webapp.providers.errors import AccessWithdrawn
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import directory

PUPILS = [f"s{number}" for number in range(1, 13)]


@pytest.fixture
def shared() -> SharedRoster:
    shared = SharedRoster()
    shared.add_section("Biology", students=PUPILS)
    return shared


@pytest.fixture
def services(shared: SharedRoster) -> Mapping[str, Service]:
    return {"clever": SharedService(shared)}


@pytest.fixture
def house(database_url: str, services: Mapping[str, Service]) -> House:
    seal.use_keys(Fernet.generate_key().decode())
    house = a_house()
    invited = invite(house.district_id, house.license_id, "admin@school.example", "license_admin", now=NOW)
    head = open_invitation(invited.token, now=NOW)
    create_account(head, given_name="Ada", family_name="Admin", password="a long enough password", now=NOW)
    imported(house, a_teacher(house), ["biology"], services)
    with directory() as session:
        session.execute(text("delete from outbox"))
    return house


def _letters(kind: str) -> int:
    with directory() as session:
        return int(session.scalar(text("select count(*) from outbox where kind = :kind"), {"kind": kind}) or 0)


def test_REL_11_a_hold_tells_the_admins_once_however_often_it_is_found_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.leave("biology", *PUPILS[:9])
    for hours in (1, 2, 3):
        assert synced(house, services, NOW + timedelta(hours=hours)).state == "held"
    assert _letters("hold") == 1


def test_REL_11_withdrawn_access_tells_the_admins_once(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.trouble = AccessWithdrawn("Clever says no.")
    for hours in (1, 2):
        synced(house, services, NOW + timedelta(hours=hours))
    assert _letters("attention") == 1


def test_REL_11_access_that_comes_and_goes_is_told_of_once_a_day(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    for hours, letters in ((1, 1), (3, 1), (26, 2)):
        shared.trouble = AccessWithdrawn("Clever says no.")
        synced(house, services, NOW + timedelta(hours=hours))
        shared.trouble = None
        assert synced(house, services, NOW + timedelta(hours=hours, minutes=30)).state == "done"
        assert _letters("attention") == letters


def test_both_letters_reach_the_outbox_in_words_without_names(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path
):
    shared.leave("biology", *PUPILS[:9])
    synced(house, services, NOW + timedelta(hours=1))
    shared.trouble = AccessWithdrawn("Clever says no.")
    synced(house, services, NOW + timedelta(hours=2))
    settings = Settings(_env_file=None, data_dir=tmp_path)
    assert deliver_letters(settings, now=NOW + timedelta(hours=3)) == 2
    written = "".join(path.read_text() for path in (tmp_path / "outbox").glob("*.eml"))
    assert "admin@school.example" in written and "Clever says no." in written
    assert "S1 Example" not in written


def test_a_hold_letter_says_where_and_how_much_and_the_number_to_name(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path
):
    shared.leave("biology", *PUPILS[:9])
    run = synced(house, services, NOW + timedelta(hours=1))
    deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=NOW + timedelta(hours=2))
    letter = message_from_bytes(next((tmp_path / "outbox").glob("*hold-*.eml")).read_bytes(), policy=default)
    body = letter.get_body(("plain",))
    assert body
    words = body.get_content().replace("\n", " ")
    assert "less of District" in words and "9 removals in 1 class." in words and str(run.id) in words


def test_REL_8_REL_11_both_letters_lead_to_the_page(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path
):
    shared.leave("biology", *PUPILS[:9])
    run = synced(house, services, NOW + timedelta(hours=1))
    shared.trouble = AccessWithdrawn("Clever says no.")
    synced(house, services, NOW + timedelta(hours=2))
    settings = Settings(_env_file=None, data_dir=tmp_path, public_url="http://localhost:9000")
    deliver_letters(settings, now=NOW + timedelta(hours=3))
    words = {}
    for path in (tmp_path / "outbox").glob("*.eml"):
        body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
        assert body
        words["hold" if "hold-" in path.name else "attention"] = body.get_content()
    assert f"http://localhost:9000/holds/{run.id}" in words["hold"]
    assert "http://localhost:9000/license" in words["attention"]
