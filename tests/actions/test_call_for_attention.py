"""Who is told why a run was given up, in which words, and what becomes of its connection (REL-11)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.factory import LATER, House, imported, synced, worked
from tests.shared_roster import SharedRoster
from webapp.actions.accept_invitation import open_invitation
from webapp.actions.create_account import create_account
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.invite import invite
from webapp.actions.request_import import request_import
from webapp.actions.settle_run import WE_STOP
from webapp.actions.sweep import BROKE_OFF, SILENT_TOO_LONG, TRIES, sweep
from webapp.providers.errors import AccessWithdrawn, NotShared, ProviderError, Unreachable
from webapp.providers.service import Service
from webapp.settings import Settings
from webapp.store.database import directory, tenant
from webapp.store.tables import Connection, SyncRun

HOUR = timedelta(hours=1)
NO_WORD = Unreachable("Clever did not answer.")
REFUSED = AccessWithdrawn("Clever says no.")
STUCK = NotShared("Clever does not share this record.")


@pytest.fixture
def house(house: House, teacher: UUID, services: Mapping[str, Service]) -> House:
    """A district with an administrator, a synced class, and no letter that waits."""
    invited = invite(house.district_id, house.license_id, "admin@school.example", "license_admin", now=LATER)
    head = open_invitation(invited.token, now=LATER)
    create_account(head, given_name="Ada", family_name="Admin", password="a long enough password", now=LATER)
    imported(house, teacher, ["biology"], services)
    assert synced(house, services, LATER).state == "done"
    with directory() as session:
        session.execute(text("delete from outbox"))
    return house


def _causes() -> list[str]:
    with directory() as session:
        return [row.cause for row in session.execute(text("select ids ->> 'cause' as cause from outbox order by id"))]


def _connection(house: House) -> tuple[str, str | None]:
    with tenant(house.district_id) as session:
        connection = session.get_one(Connection, house.connection_id)
        return connection.state, connection.state_reason


def _requested(house: House, kind: str, now: datetime, scope: list[str] | None) -> UUID:
    run = SyncRun(connection_id=house.connection_id, kind=kind, scope=scope, state="requested", requested_at=now)
    run.district_id = house.district_id
    with tenant(house.district_id) as session:
        session.add(run)
        session.flush()
        return run.id


def _killed(house: House, run_id: UUID, now: datetime) -> None:
    """The run has killed its worker for the last time, and was swept up."""
    with tenant(house.district_id) as session:
        run = session.get_one(SyncRun, run_id)
        run.state, run.started_at, run.alive_at, run.attempts = "running", now, now, TRIES
    sweep(now + 2 * SILENT_TOO_LONG)


def _words(house: House, tmp_path: Path) -> str:
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=LATER + timedelta(days=40)) == 1
    [path] = (tmp_path / "outbox").glob("*attention-*.eml")
    body = message_from_bytes(path.read_bytes(), policy=default).get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


@pytest.mark.parametrize(
    ("trouble", "days", "cause", "says", "reason", "advice"),
    [
        (REFUSED, 0, "refused", "Clever no longer lets us read", "Clever says no.", "Check in Clever that"),
        (None, 0, "broke_off", "They keep what it had brought by then", BROKE_OFF, "In Clever there is nothing to do."),
        (NO_WORD, 29, "silent", "no whole answer for four weeks", f"Clever did not answer. {WE_STOP}", "Sync now"),
        (STUCK, 0, "stuck", "trying again at once would not help", str(STUCK), "Tell support"),
    ],
    ids=["refused", "broke off", "silent", "stuck"],
)
def test_REL_11_a_sync_of_everything_that_is_given_up_is_told_in_words_that_are_true(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    tmp_path: Path,
    trouble: ProviderError | None,
    days: int,
    cause: str,
    says: str,
    reason: str,
    advice: str,
):
    run_id, now = _requested(house, "sync", LATER, None), LATER + timedelta(days=days)
    shared.trouble = trouble
    if trouble:
        worked(house, run_id, services, now)
    else:
        _killed(house, run_id, now)
    assert (_causes(), _connection(house)) == ([cause], ("attention", reason))
    words = _words(house, tmp_path)
    assert says in words and f"The reason: {reason}" in words and advice in words
    assert ("lets us read" in words) == (cause == "refused")
    assert ("Nothing was removed" in words) == (cause != "broke_off")


@pytest.mark.parametrize(
    ("trouble", "days", "kind", "causes"),
    [
        (NO_WORD, 29, "sync", ["unanswered"]),
        (STUCK, 0, "sync", ["stuck"]),
        (None, 0, "sync", ["broke_off"]),
        (STUCK, 0, "import", []),
        (None, 0, "import", []),
        (REFUSED, 0, "import", ["refused"]),
    ],
)
def test_REL_11_what_only_some_sections_lack_leaves_the_connection_as_it_is_unless_we_are_refused(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    trouble: ProviderError | None,
    days: int,
    kind: str,
    causes: list[str],
):
    run_id, now = _requested(house, kind, LATER, ["biology"]), LATER + timedelta(days=days)
    shared.trouble = trouble
    if trouble:
        assert worked(house, run_id, services, now).state == "failed"
    else:
        _killed(house, run_id, now)
    assert (_causes(), _connection(house)[0]) == (causes, "attention" if causes == ["refused"] else "connected")


@pytest.mark.parametrize(("says_when", "causes"), [(False, ["unanswered"]), (True, [])])
def test_REL_11_REL_24_an_import_out_of_tries_is_told_unless_the_service_only_asked_us_to_wait(
    house: House,
    teacher: UUID,
    services: Mapping[str, Service],
    shared: SharedRoster,
    tmp_path: Path,
    says_when: bool,
    causes: list[str],
):
    run_id = request_import(house.district_id, teacher, ["chemistry"], services=services, now=LATER)
    run, now = None, LATER
    while run is None or run.state == "parked":
        now = run.next_try_at if run and run.next_try_at else now
        shared.trouble = Unreachable("Clever did not answer.", now + HOUR if says_when else None)
        run = worked(house, run_id, services, now)
    assert (run.state, _causes(), _connection(house)) == ("failed", causes, ("connected", None))
    if causes:
        words = _words(house, tmp_path)
        assert "gave up what was asked for" in words and "add their classes again" in words


def test_REL_11_another_cause_within_the_day_has_a_letter_of_its_own_and_none_has_two(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    for hours, trouble in enumerate((REFUSED, STUCK, REFUSED, STUCK, REFUSED), 1):
        shared.trouble = trouble
        synced(house, services, LATER + hours * HOUR)
    assert _causes() == ["refused", "stuck"]


def test_REL_11_the_same_cause_is_told_again_only_after_a_good_sync_and_a_day(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    for hours, letters in ((1, 1), (30, 1), (60, 1)):
        shared.trouble = STUCK
        synced(house, services, LATER + hours * HOUR)
        assert len(_causes()) == letters
    shared.trouble = None
    assert synced(house, services, LATER + 61 * HOUR).state == "done"
    shared.trouble = STUCK
    synced(house, services, LATER + 62 * HOUR)
    assert _causes() == ["stuck", "stuck"]


def test_REL_11_what_a_good_sync_has_settled_before_the_letter_left_is_not_told(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path
):
    shared.trouble = STUCK
    synced(house, services, LATER + HOUR)
    shared.trouble = None
    assert synced(house, services, LATER + 2 * HOUR).state == "done"
    assert deliver_letters(Settings(_env_file=None, data_dir=tmp_path), now=LATER + 3 * HOUR) == 0
