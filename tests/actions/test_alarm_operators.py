"""Operators hear of connections without a good sync for 36 hours, of each once a day (safety.md REL-33)."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.factory import NOW, House, a_house
from webapp.actions.alarm_operators import alarm_operators
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.operators import add_operator, set_up_operator
from webapp.jobs.clock import TABLE
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import directory, tenant
from webapp.store.tables import Connection, License, SyncRun


@pytest.fixture
def house(database_url: str) -> House:
    """A district whose last good sync was at NOW, and one operator."""
    seal.use_keys(Fernet.generate_key().decode())
    set_up_operator(add_operator("op@rollbook.example", now=NOW), "a long enough password", now=NOW)
    with directory() as session:
        session.execute(text("delete from outbox"))
    return good_at(a_house(), NOW)


def good_at(house: House, when: datetime) -> House:
    """The same district, with its last good sync then."""
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).last_good_sync_at = when
    return house


def after(hours: float) -> datetime:
    """So many hours after the last good sync."""
    return NOW + timedelta(hours=hours)


def change(house: House, **values: object) -> None:
    """The connection is different."""
    with tenant(house.district_id) as session:
        connection = session.get_one(Connection, house.connection_id)
        for name, value in values.items():
            setattr(connection, name, value)


def test_REL_33_the_alarm_comes_after_36_hours_and_once_a_day(house: House) -> None:
    told = [alarm_operators(after(hours)) for hours in (35.9, 36.1, 37, 59, 60.2, 61)]
    assert told == [0, 1, 0, 0, 1, 0]


def test_REL_33_a_second_late_district_is_told_of_at_once_and_alone(house: House) -> None:
    assert alarm_operators(after(37)) == 1
    other = good_at(a_house(provider="classlink"), NOW)
    assert alarm_operators(after(38)) == 1
    with directory() as session:
        letters = list(session.scalars(text("select ids ->> 'connections' from outbox order by written_at")))
    assert letters == [str(house.connection_id), str(other.connection_id)]


@pytest.mark.parametrize(
    "values",
    [
        {"state": "paused"},
        {"state": "frozen"},
        {"state": "closed"},
        {"blackout_from": NOW.date(), "blackout_until": NOW.date() + timedelta(days=9)},
    ],
    ids=["paused by its service", "disconnected", "closed", "blackout"],
)
def test_REL_33_what_stands_still_on_purpose_raises_no_alarm(house: House, values: dict[str, object]) -> None:
    change(house, **values)
    assert alarm_operators(after(40)) == 0


def test_REL_33_a_service_that_refuses_us_raises_it_and_a_license_that_ended_does_not(house: House) -> None:
    change(house, state="attention")
    assert alarm_operators(after(40)) == 1
    with tenant(house.district_id) as session:
        session.get_one(License, house.license_id).ends_on = NOW.date()
    assert alarm_operators(after(80)) == 0


def test_REL_33_a_sync_that_had_nothing_to_ask_for_is_no_trouble(house: House) -> None:
    with tenant(house.district_id) as session:
        session.add(
            SyncRun(
                district_id=house.district_id,
                connection_id=house.connection_id,
                kind="sync",
                state="done",
                requested_at=after(39),
                started_at=after(39),
            )
        )
    assert alarm_operators(after(40)) == 0


def test_REL_33_the_letter_names_the_district_and_the_time_and_leads_to_the_page(house: House, tmp_path: Path) -> None:
    alarm_operators(after(37))
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=after(37.1)) == 1
    letter = message_from_bytes(next((tmp_path / "outbox").glob("*no_good_sync-*.eml")).read_bytes(), policy=default)
    body = letter.get_body(("plain",))
    assert body and letter["To"] == "op@rollbook.example"
    words = body.get_content()
    assert "Clever: last good sync October 5, 2026 at 14:00 UTC" in words and "District" in words
    assert "/operator" in words


def test_REL_33_a_letter_that_is_late_itself_names_only_what_is_still_late(house: House, tmp_path: Path) -> None:
    alarm_operators(after(37))
    good_at(house, after(38))
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=after(39)) == 0


def test_REL_33_the_clock_looks_for_it() -> None:
    assert "alarm" in {line.name for line in TABLE}
