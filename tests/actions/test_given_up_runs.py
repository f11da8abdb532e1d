"""A run that kills its worker each time is given up, and those who decide have one letter of it (REL-11)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.factory import LATER, House, synced
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.create_account import create_account
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.invite import invite
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.sweep import BROKE_OFF, SILENT_TOO_LONG, TRIES, sweep
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store.database import directory, engine, tenant
from webapp.store.tables import Connection, SyncRun

HOUR = timedelta(hours=1)


@pytest.fixture
def looked_after(house: House, teacher: UUID) -> House:
    """A district with an administrator, an imported class, and no letter that waits."""
    invited = invite(house.district_id, house.license_id, "admin@school.example", "license_admin", now=LATER)
    head = open_invitation(invited.token, now=LATER)
    create_account(head, given_name="Ada", family_name="Admin", password="a long enough password", now=LATER)
    with directory() as session:
        session.execute(text("delete from outbox"))
    return house


def _begun(house: House, hours: float, **values: object) -> UUID:
    """A sync that a worker has begun for the last time, so many hours later; its id."""
    begun = LATER + hours * HOUR
    run_id = request_connection_sync(house.district_id, house.connection_id, now=begun)
    values |= {"state": "running", "started_at": begun, "alive_at": begun, "attempts": TRIES}
    with tenant(house.district_id) as session:
        run = session.get_one(SyncRun, run_id)
        for name, value in values.items():
            setattr(run, name, value)
    return run_id


def _swept(house: House, run_id: UUID, hours: float) -> SyncRun:
    """The run as it stands when the sweeper has looked for dead workers."""
    sweep(LATER + hours * HOUR + 2 * SILENT_TOO_LONG)
    with tenant(house.district_id) as session:
        return session.get_one(SyncRun, run_id)


def _killed_each_time(house: House, hours: float, **values: object) -> SyncRun:
    """A sync that killed its worker for the last time so many hours later; how it stands when it was swept."""
    return _swept(house, _begun(house, hours, **values), hours)


def _letters() -> int:
    with directory() as session:
        return int(session.scalar(text("select count(*) from outbox where kind = 'attention'")) or 0)


def _connection(house: House) -> Connection:
    with tenant(house.district_id) as session:
        return session.get_one(Connection, house.connection_id)


def _set(house: House, state: str, reason: str | None) -> None:
    with tenant(house.district_id) as session:
        connection = session.get_one(Connection, house.connection_id)
        connection.state, connection.state_reason = state, reason


def test_REL_11_a_run_that_is_given_up_tells_the_admins_once_however_often_it_happens(looked_after: House):
    for hours in (1, 2, 30):
        assert _killed_each_time(looked_after, hours).state == "failed"
        sweep(LATER + hours * HOUR + 3 * SILENT_TOO_LONG)
    assert _letters() == 1
    assert (_connection(looked_after).state, _connection(looked_after).state_reason) == ("attention", BROKE_OFF)


def test_REL_11_runs_that_are_given_up_now_and_then_are_told_of_once_a_day(
    looked_after: House, services: Mapping[str, Service]
):
    for hours, letters in ((1, 1), (3, 1), (28, 2)):
        _killed_each_time(looked_after, hours)
        assert synced(looked_after, services, LATER + (hours + 0.5) * HOUR).state == "done"
        assert (_letters(), _connection(looked_after).state) == (letters, "connected")


def test_REL_11_another_reason_than_before_has_its_own_letter(looked_after: House):
    _set(looked_after, "attention", "Clever says no.")
    _killed_each_time(looked_after, 1)
    assert _letters() == 1


def test_REL_11_the_letter_reaches_the_admin_with_the_reason(looked_after: House, tmp_path: Path):
    _killed_each_time(looked_after, 1)
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=LATER + 2 * HOUR) == 1
    [letter] = (tmp_path / "outbox").glob("*attention-*.eml")
    assert "admin@school.example" in letter.read_text() and BROKE_OFF in letter.read_text()


@pytest.mark.parametrize("state", ["frozen", "closed"])
def test_a_run_of_a_connection_that_is_no_longer_used_fails_without_a_letter(looked_after: House, state: str):
    run_id = _begun(looked_after, 1)
    _set(looked_after, state, "Gone.")
    assert _swept(looked_after, run_id, 1).state == "failed"
    assert (_letters(), _connection(looked_after).state) == (0, state)


def test_an_undo_that_is_given_up_says_nothing_about_the_service(looked_after: House):
    assert _killed_each_time(looked_after, 1, kind="undo").state == "failed"
    assert (_letters(), _connection(looked_after).state) == (0, "connected")


def test_REL_11_while_somebody_holds_the_connection_the_run_waits_for_the_next_sweep(looked_after: House):
    run_id = _begun(looked_after, 1)
    with engine().begin() as other:
        other.execute(text("select from connection for no key update"))
        assert _swept(looked_after, run_id, 1).state == "running"
    assert (_swept(looked_after, run_id, 2).state, _letters()) == ("failed", 1)
