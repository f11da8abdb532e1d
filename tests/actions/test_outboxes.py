"""What is to be done stands in PostgreSQL with its cause, or not at all; done, it is not done again (REL-17 to 22)."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.factory import LATER, NOW, House, a_teacher, imported, synced, worked
from tests.product import free_port
from tests.shared_roster import SharedRoster
from webapp.actions.deliver_letters import FIRST_WAIT, deliver_letters
from webapp.actions.operators import add_operator
from webapp.actions.request_sync import request_connection_sync, sync_everything
from webapp.actions.sweep import sweep
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store import seal
from webapp.store.database import engine, tenant
from webapp.store.outbox import put
from webapp.store.questions.runs import connection_by_id


def _rows(question: str) -> list[tuple[Any, ...]]:
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def test_REL_21_a_run_whose_cause_is_rolled_back_is_not_there(house: House):
    with pytest.raises(SystemExit), tenant(house.district_id) as session:
        connection = connection_by_id(session, house.connection_id)
        assert connection is not None
        sync_everything(session, connection, now=NOW)
        raise SystemExit("killed")
    assert _rows("select 1 from sync_run") == []


def test_REL_21_a_letter_whose_cause_is_rolled_back_is_not_there(house: House):
    with pytest.raises(SystemExit), tenant(house.district_id) as session:
        put(session, "linked", district_id=house.district_id, now=NOW, account_id=house.license_id)
        session.flush()
        raise SystemExit("killed")
    assert _rows("select 1 from outbox") == []


def test_REL_21_a_run_that_nobody_was_told_of_is_found_by_the_sweeper(house: House):
    run_id = request_connection_sync(house.district_id, house.connection_id, now=NOW)
    assert [head.run_id for head in sweep(NOW)] == [run_id]


def test_REL_21_a_letter_that_could_not_leave_waits_and_leaves_later(settings: Settings, tmp_path: Path):
    seal.use_keys(settings.token_keys)
    nobody_there = settings.model_copy(update={"data_dir": tmp_path, "mail_url": f"smtp://127.0.0.1:{free_port()}"})
    add_operator("op@rollbook.example", now=NOW)
    assert deliver_letters(nobody_there, NOW) == 0
    assert _rows("select sent_at, attempts from outbox") == [(None, 1)]
    assert deliver_letters(settings.model_copy(update={"data_dir": tmp_path}), NOW + FIRST_WAIT) == 1
    assert _rows("select sent_at from outbox") == [(NOW + FIRST_WAIT,)]


def test_REL_22_a_late_delivery_of_a_run_that_is_done_asks_nothing_and_writes_nothing(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    run = imported(house, a_teacher(house), ["biology"], services)
    asked, before = shared.requests, _rows("select xmin, ctid from sync_run")
    shared.leave("biology", "s1")
    for hours in range(3):
        worked(house, run.id, services, LATER + timedelta(hours=hours))
    assert (shared.requests, _rows("select xmin, ctid from sync_run")) == (asked, before)


def test_REL_17_syncs_of_unchanged_data_write_no_letter(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    before = _rows("select id, xmin from outbox")
    for days in range(3):
        assert synced(house, services, LATER + timedelta(days=days)).state == "done"
    assert _rows("select id, xmin from outbox") == before
