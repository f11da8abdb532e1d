"""What still waits is told once a day at most, and not at all where nothing waits (REL-11)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.factory import LATER, NOW, House, a_house, a_teacher, imported, synced
from tests.shared_roster import SharedRoster, SharedService
from tests.views.deciders import administrator
from webapp.actions.decide_hold import discard_hold
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.purge import purge
from webapp.actions.remind_deciders import remind_deciders
from webapp.providers.errors import AccessWithdrawn
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import directory, tenant

PUPILS = [f"s{number}" for number in range(1, 13)]
MIDNIGHT = NOW.replace(hour=4) + timedelta(days=1)
"""The first one after everything began, in New York."""


@pytest.fixture
def shared() -> SharedRoster:
    """One section of twelve."""
    shared = SharedRoster()
    shared.add_section("Biology", students=PUPILS)
    return shared


@pytest.fixture
def services(shared: SharedRoster) -> Mapping[str, Service]:
    """The one service."""
    return {"clever": SharedService(shared)}


@pytest.fixture
def house(database_url: str, services: Mapping[str, Service]) -> House:
    """A district with that class and one license admin."""
    seal.use_keys(Fernet.generate_key().decode())
    house = a_house()
    administrator(house)
    imported(house, a_teacher(house), ["biology"], services)
    return house


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Letters as files."""
    return Settings(_env_file=None, data_dir=tmp_path, public_url="http://localhost:9000")


def five_days(settings: Settings, nightly: Callable[[datetime], object]) -> list[list[str]]:
    """Each day's letters: something happens every night at two, and the clock is asked twice in each hour."""
    days: list[list[str]] = []
    counted: set[UUID] = set()
    for day in range(5):
        days.append([])
        for hour in range(24):
            now = MIDNIGHT + timedelta(days=day, hours=hour)
            if hour == 2:
                nightly(now)
            for minutes in (0, 30):
                remind_deciders(now + timedelta(minutes=minutes))
            with directory() as session:
                found = session.execute(text("select id, kind from outbox order by id")).all()
            days[-1] += [row.kind for row in found if row.id not in counted]
            counted |= {row.id for row in found}
        deliver_letters(settings, now)
        purge(settings, now)
    return days


def written(settings: Settings, kind: str = "digest") -> list[str]:
    """The words of the letters of this kind, one line each."""
    words = []
    for path in sorted((settings.data_dir / "outbox").glob(f"*{kind}-*.eml")):
        body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
        assert body
        words.append(body.get_content().replace("\n", " "))
    return words


def test_REL_11_a_hold_is_told_of_at_once_and_then_once_a_day_however_often_it_is_found_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster, settings: Settings
) -> None:
    shared.leave("biology", *PUPILS[:9])
    assert five_days(settings, partial(synced, house, services)) == [
        ["hold"],
        ["digest"],
        ["digest"],
        ["digest"],
        ["digest"],
    ]
    first, *_, last = written(settings)
    assert "Clever: a roster change waits for a decision" in first and "for 1 day:" in first and "for 4 days:" in last
    [(run_id,)] = _asked(house, "select id from sync_run where state = 'held'")
    assert f"http://localhost:9000/holds/{run_id}" in last
    assert not any(f"S{number} Example" in last for number in range(1, 10))


def test_REL_11_where_nothing_waits_nobody_gets_a_letter(
    house: House, services: Mapping[str, Service], settings: Settings
) -> None:
    assert five_days(settings, partial(synced, house, services)) == [[], [], [], [], []]


def test_REL_11_withdrawn_access_is_told_of_at_once_and_then_once_a_day(
    house: House, services: Mapping[str, Service], shared: SharedRoster, settings: Settings
) -> None:
    shared.trouble = AccessWithdrawn("Clever says no.")
    assert five_days(settings, partial(synced, house, services)) == [
        ["attention"],
        ["digest"],
        ["digest"],
        ["digest"],
        ["digest"],
    ]
    assert "The connection to Clever needs attention. Clever says no." in written(settings)[0]
    assert "http://localhost:9000/license" in written(settings)[0]


def test_REL_11_a_record_set_aside_is_told_of_in_the_morning_and_brings_no_second_letter(
    house: House, settings: Settings
) -> None:
    _set_aside(house, "s1", MIDNIGHT + timedelta(hours=2))
    assert five_days(settings, bool) == [["digest"], [], [], [], []]
    assert "Clever: 1 record could not be used, since today" in written(settings)[0]
    with directory() as session:
        session.execute(text("delete from outbox"))
    _set_aside(house, "s2", MIDNIGHT + timedelta(days=5, hours=2))
    assert remind_deciders(MIDNIGHT + timedelta(days=5, hours=8)) == 1


def test_REL_11_what_is_decided_before_the_letter_leaves_is_not_told(
    house: House, services: Mapping[str, Service], shared: SharedRoster, settings: Settings
) -> None:
    shared.leave("biology", *PUPILS[:9])
    run = synced(house, services, LATER)
    deliver_letters(settings, LATER)
    assert remind_deciders(NOW + timedelta(days=1)) == 1
    discard_hold(house.district_id, run.id, now=NOW + timedelta(days=1))
    assert deliver_letters(settings, NOW + timedelta(days=1)) == 0
    assert remind_deciders(NOW + timedelta(days=2)) == 0


def test_REL_11_the_letter_goes_to_district_administrators_where_there_are_some_and_tells_all_that_waits(
    house: House, services: Mapping[str, Service], shared: SharedRoster, settings: Settings
) -> None:
    administrator(house, "district_admin")
    shared.leave("biology", *PUPILS[:9])
    synced(house, services, LATER)
    _set_aside(house, "s1", LATER)
    deliver_letters(settings, LATER)
    assert remind_deciders(NOW + timedelta(days=1)) == 1
    deliver_letters(settings, NOW + timedelta(days=1))
    [letter] = written(settings)
    assert "a roster change waits" in letter and "1 record could not be used" in letter
    assert "http://localhost:9000/district" in letter


def _set_aside(house: House, source_id: str, at: datetime) -> None:
    """A record that could not be used, found then."""
    with tenant(house.district_id) as session:
        session.execute(
            text("""
insert into record_set_aside (district_id, connection_id, record, source_id, reason, first_seen_at, last_seen_at)
values (:district, :connection, 'course', :source_id, 'has no name', :at, :at)"""),
            {
                "district": house.district_id,
                "connection": house.connection_id,
                "source_id": source_id,
                "at": at,
            },
        )


def _asked(house: House, sql: str) -> list[tuple[object, ...]]:
    with tenant(house.district_id) as session:
        return [tuple(row) for row in session.execute(text(sql))]
