"""The one line that says how fresh a class or a connection is: exact, quiet, and green only where all is well."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.factory import synced
from tests.views.deciders import administrator, held_class
from tests.views.desk import Desk, Tab, a_desk
from tests.views.school import now
from tests.views.test_teacher_classes import words
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Connection, Enrollment, SchoolClass, SyncRun
from webapp.views.sync_status import Clock, Line, line_of, trouble_of

ZONE = "America/New_York"
NOON = Clock(datetime(2026, 10, 5, 16, 0, tzinfo=UTC), ZONE, 2)


def connection(**values: object) -> Connection:
    """A connection that is well but for these values."""
    return Connection(**{"state": "connected", **values})


def parked(minutes: int) -> SyncRun:
    """A run that is tried again so many minutes after noon."""
    return SyncRun(state="parked", next_try_at=NOON.now + timedelta(minutes=minutes), reason="Clever does not answer.")


def given_up() -> SyncRun:
    """A sync of everything that had no answer for four weeks."""
    began = NOON.now - timedelta(days=29)
    reason = "Clever does not answer. We stopped."
    return SyncRun(kind="sync", state="failed", requested_at=began, finished_at=NOON.now, reason=reason)


def plain(line: Line) -> str:
    """Its words, with ordinary spaces before AM and PM."""
    return " ".join(line.words.split())


AGO = "Last synced 3 minutes ago"
EXACT = f"{AGO}, on Monday, October 5 at 11:57 AM"
TONIGHT = "next tonight at 2:00 AM"
ATTENTION = "the connection to Clever needs attention"


@pytest.mark.parametrize(
    ("of", "run", "held", "words_", "tone"),
    [
        (connection(), None, False, f"{AGO} · {TONIGHT}", "good"),
        (connection(), None, True, f"{EXACT} · {TONIGHT} · a change waits for a decision", "warn"),
        (connection(), parked(125), False, f"{EXACT} · next try at 2:05 PM", "warn"),
        (connection(), SyncRun(state="failed"), False, f"{EXACT} · {TONIGHT}", "warn"),
        (connection(state="paused"), None, False, f"{EXACT} · Clever is paused · {TONIGHT}", "quiet"),
        (connection(state="attention"), None, False, f"{EXACT} · {ATTENTION} · {TONIGHT}", "warn"),
        (connection(state="attention"), given_up(), False, f"{EXACT} · {ATTENTION}", "warn"),
        (connection(state="frozen"), None, False, f"{EXACT} · Clever is disconnected", "warn"),
        (
            connection(blackout_from=NOON.today, blackout_until=NOON.today),
            None,
            False,
            f"{EXACT} · your district wants nobody removed until October 5 · {TONIGHT}",
            "quiet",
        ),
        (connection(blackout_until=NOON.today - timedelta(days=1)), None, False, f"{AGO} · {TONIGHT}", "good"),
    ],
    ids=[
        "well",
        "held",
        "parked",
        "failed",
        "paused",
        "attention",
        "given up",
        "disconnected",
        "blackout",
        "blackout over",
    ],
)
def test_REL_11_REL_32_the_line_says_exactly_how_it_stands(
    of: Connection, run: SyncRun | None, held: bool, words_: str, tone: str
) -> None:
    line = line_of(of, "Clever", NOON, synced_at=NOON.now - timedelta(minutes=3), run=run, held=held)
    assert (plain(line), line.tone) == (words_, tone)


def test_REL_24_a_sync_that_was_given_up_promises_no_further_try() -> None:
    assert trouble_of(given_up(), "Clever", NOON) == "Clever does not answer. We stopped. The roster stays as it is."
    failed = SyncRun(kind="sync", state="failed", requested_at=NOON.now, finished_at=NOON.now, reason="It broke.")
    assert trouble_of(failed, "Clever", NOON).endswith("and we try again by ourselves.")


def test_what_is_older_than_a_day_and_a_half_is_not_green() -> None:
    line = line_of(connection(), "Clever", NOON, synced_at=NOON.now - timedelta(hours=37), run=None, held=False)
    assert line.tone == "warn" and "on Saturday, October 3 at 11:00 PM" in plain(line)


def test_what_was_never_synced_says_so() -> None:
    line = line_of(connection(), "Clever", NOON, synced_at=None, run=None, held=False)
    assert plain(line) == f"Not synced yet · {TONIGHT}"


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def teachers_page(desk: Desk) -> tuple[Tab, str]:
    """The browser of the teacher of the only class, and the class's address."""
    with tenant(desk.house.district_id) as session:
        class_id = session.query(SchoolClass).one().id
        teacher = session.query(Enrollment).filter_by(role="teacher").one().account_id
    return desk.browser(teacher), f"/classes/{class_id}"


def test_REL_11_a_class_with_a_hold_says_so_quietly_with_the_date_of_the_last_good_sync(desk: Desk) -> None:
    held_class(desk)
    tab, path = teachers_page(desk)
    page = tab.get(path).text
    assert 'class="fresh warn"' in page and "#check2" not in page
    assert re.search(r"Last synced just now, on \w+, \w+ \d+ at \d+:\d\d\s[AP]M", words(page))
    assert "a change waits for a decision" in page and "15 people have left this class" in words(page)


def test_a_class_that_is_well_has_the_exact_time_at_hand(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    tab, path = teachers_page(desk)
    page = tab.get(path).text
    assert 'class="fresh good"' in page and "#check2" in page
    assert re.search(r'title="\w+, \w+ \d+ at \d+:\d\d\s[AP]M">Last synced just now · next tonight at 2:00\sAM', page)


def test_REL_32_a_class_in_a_blackout_says_until_when(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    with tenant(desk.house.district_id) as session:
        found = session.get_one(Connection, desk.house.connection_id)
        found.blackout_from, found.blackout_until = now().date() - timedelta(days=2), now().date() + timedelta(days=3)
    tab, path = teachers_page(desk)
    page = tab.get(path).text
    assert 'class="fresh quiet"' in page and "whoever is new comes in, nobody is removed." in page
    admin = words(desk.browser(administrator(desk.house)).get("/license").text)
    assert "Clever Paused" in admin and "your district wants nobody removed until" in admin


def test_REL_11_the_license_page_has_the_line_of_each_connection(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    synced(desk.house, desk.services, now())
    admin = desk.browser(administrator(desk.house))
    assert re.search(
        r"Clever Connected Last synced just now · next tonight at 2:00\sAM", words(admin.get("/license").text)
    )
    with tenant(desk.house.district_id) as session:
        session.execute(text("update sync_run set state = 'failed', reason = 'It broke.' where kind = 'sync'"))
    page = words(admin.get("/license").text)
    assert "Clever Trouble" in page and "It broke." in page and "Clever Connected" not in page
