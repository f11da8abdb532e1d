"""Looking at a change feed: what is read anew, what is not, and that nothing is lost whatever the feed does."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.actions.feed_looks import begun, cursor, do, look, open_runs
from tests.factory import LATER, MUCH_LATER, NOW, House, a_teacher, classes, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.actions.look_for_changes import LOOK_EVERY, NO_FEED_AGAIN, looks_due
from webapp.providers.errors import AccessWithdrawn, ProviderError, Unreachable
from webapp.providers.service import Changes, Service
from webapp.store.database import tenant
from webapp.store.tables import Account, Connection, Identity


@pytest.fixture
def followed(house: House, services: Mapping[str, Service], shared: SharedRoster) -> House:
    """Two classes, synced once, with a feed that stands at c1."""
    return begun(house, services, shared)


def test_the_first_look_notes_where_the_feed_stands_and_asks_for_everything(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.feed_stands_at = "c1"
    look(house, services)
    assert (cursor(house), open_runs(house)) == ("c1", [("requested", None)])


def test_what_happens_between_the_first_cursor_and_the_first_sync_is_told_again(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.feed_stands_at = "c1"
    first = look(house, services)
    shared.join("biology", "newcomer")
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology"}))}
    do(house, services, first)
    do(house, services, look(house, services, MUCH_LATER), MUCH_LATER)
    assert "newcomer" in roster(house, "Biology")["student"] and cursor(house) == "c2"


def test_a_hint_at_a_section_reads_that_one_anew_and_no_other(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.join("biology", "newcomer")
    shared.join("chemistry", "untold")
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology", "somebody elses"}))}
    run = do(followed, services, look(followed, services))
    assert (run.scope, run.state, cursor(followed)) == (["biology"], "done", "c2")
    assert "newcomer" in roster(followed, "Biology")["student"]
    assert "untold" not in roster(followed, "Chemistry")["student"]


@pytest.mark.parametrize(
    "told",
    [
        Changes("c2"),
        Changes("c2", sections=frozenset({"drama"}), people=frozenset({"stranger"}), around=frozenset({"elsewhere"})),
    ],
)
def test_what_concerns_nobody_here_moves_the_cursor_and_asks_for_nothing(
    followed: House, services: Mapping[str, Service], shared: SharedRoster, told: Changes
):
    shared.feed = {"c1": told}
    assert look(followed, services) is None
    assert (cursor(followed), open_runs(followed)) == ("c2", [])


def test_a_person_who_is_called_something_else_is_so_here_as_well(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.people = [replace(one, family_name="Renamed") if one.source_id == "s7" else one for one in shared.people]
    shared.feed = {"c1": Changes("c2", people=frozenset({"s7"}))}
    run = do(followed, services, look(followed, services))
    assert run.scope == ["biology"]
    with tenant(followed.district_id) as session:
        named = select(Account.family_name).join(Identity, Identity.account_id == Account.id)
        assert session.scalars(named.where(Identity.subject == "s7")).one() == "Renamed"


def test_a_hint_at_a_course_or_school_reads_the_sections_that_name_it(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    for around in ("course", "school"):
        shared.feed = {"c1": Changes("c1", around=frozenset({around}))}
        assert do(followed, services, look(followed, services)).scope == ["biology", "chemistry"]


def test_a_hint_at_a_term_reads_the_sections_that_are_in_it(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.sections = [
        replace(one, term_source_ids=("fall",)) if one.source_id == "biology" else one for one in shared.sections
    ]
    imported(house, a_teacher(house), ["biology", "chemistry"], services)
    shared.feed_stands_at = "c1"
    synced(house, services, NOW)
    shared.feed = {"c1": Changes("c2", around=frozenset({"fall"}))}
    assert do(house, services, look(house, services)).scope == ["biology"]


def test_a_section_that_a_hint_says_is_gone_freezes_by_its_own_answer_and_a_lie_does_nothing(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.withdraw("chemistry")
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology", "chemistry"}))}
    do(followed, services, look(followed, services))
    assert classes(followed) == {"Biology": "active", "Chemistry": "frozen"}
    assert roster(followed, "Biology")["student"] == sorted(PUPILS)


def test_a_feed_with_a_hole_is_begun_anew_with_a_sync_of_everything(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.feed_stands_at = "c9"
    look(followed, services)
    assert (cursor(followed), open_runs(followed)) == ("c9", [("requested", None)])


def test_a_service_without_a_feed_is_asked_again_a_day_later(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    assert looks_due(NOW + LOOK_EVERY - timedelta(seconds=1)) == []
    assert [one.connection_id for one in looks_due(NOW + LOOK_EVERY)] == [house.connection_id]
    assert look(house, services, NOW) is None and open_runs(house) == []
    assert looks_due(NOW + 2 * LOOK_EVERY) == []
    shared.feed_stands_at = "c1"
    assert looks_due(NOW + NO_FEED_AGAIN)
    look(house, services, NOW + NO_FEED_AGAIN)
    assert (cursor(house), open_runs(house)) == ("c1", [("requested", None)])


def test_a_feed_that_the_nightly_sync_finds_is_followed_soon(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    imported(house, a_teacher(house), ["biology"], services)
    looks_due(NOW)
    look(house, services, NOW)
    shared.feed_stands_at = "c1"
    synced(house, services, LATER)
    assert cursor(house) == "c1" and len(looks_due(LATER + LOOK_EVERY)) == 1


def test_a_feed_that_was_switched_off_leads_to_one_sync_of_everything(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.feed_stands_at = ""
    look(followed, services)
    assert (cursor(followed), open_runs(followed)) == ("", [("requested", None)])


def test_a_connection_is_due_every_quarter_of_an_hour_and_told_to_one_of_two_clocks(followed: House):
    with ThreadPoolExecutor(2) as clocks:
        told = [due for dues in clocks.map(looks_due, [LATER, LATER]) for due in dues]
    assert [one.connection_id for one in told] == [followed.connection_id]
    assert looks_due(LATER + LOOK_EVERY - timedelta(seconds=1)) == []
    assert len(looks_due(LATER + LOOK_EVERY)) == 1


@dataclass
class Mute(SharedService):
    """The same service, whose feed raises; it remembers who asked it."""

    trouble: ProviderError = field(default_factory=lambda: Unreachable("no answer"))
    met: list[str] = field(default_factory=list)

    def reader(self, *args: Any, **more: Any) -> Any:
        reader: Any = super().reader(*args, **more)
        reader.changes = reader.cursor = self._raise
        return reader

    def _raise(self, cursor: str = "") -> None:
        self.met.append(cursor)
        raise self.trouble


@pytest.mark.parametrize("trouble", [Unreachable("no answer"), AccessWithdrawn("not any more")])
def test_a_feed_that_does_not_answer_leaves_cursor_and_connection_as_they_are(
    followed: House, shared: SharedRoster, trouble: ProviderError
):
    assert look(followed, {"clever": Mute(shared, trouble=trouble)}) is None
    assert (cursor(followed), open_runs(followed)) == ("c1", [])
    with tenant(followed.district_id) as session:
        assert session.get_one(Connection, followed.connection_id).state == "connected"


def test_a_sync_does_not_fail_because_the_feed_does(followed: House, shared: SharedRoster):
    assert synced(followed, {"clever": Mute(shared)}, LATER).state == "done"
    assert cursor(followed) == "c1"


def test_REL_22_events_that_come_twice_or_in_any_order_end_alike(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.leave("biology", "s1")
    shared.join("biology", "s1")
    shared.leave("biology", "s2")
    shared.feed = {"c1": Changes("c1", sections=frozenset({"biology"}), people=frozenset({"s1", "s2"}))}
    for _ in range(3):
        do(followed, services, look(followed, services))
    assert roster(followed, "Biology")["student"] == sorted(set(PUPILS) - {"s2"})


def test_REL_31_an_event_that_never_came_is_healed_by_the_nightly_sync_of_everything(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.leave("biology", "s1")
    shared.feed, shared.feed_stands_at = {"c1": Changes("c2")}, "c2"
    assert look(followed, services) is None
    shared.feed_stands_at = "c3"
    nightly = synced(followed, services, MUCH_LATER)
    assert (nightly.scope, cursor(followed)) == (None, "c3")
    assert "s1" not in roster(followed, "Biology")["student"]


def test_REL_31_a_sync_of_everything_notes_the_cursor_from_before_its_fetch(followed: House, shared: SharedRoster):
    class Moving(SharedService):
        def reader(self, *args: Any, **more: Any) -> Any:
            reader: Any = super().reader(*args, **more)
            sections = reader.sections

            def meanwhile(ids: list[str]) -> Any:
                shared.feed_stands_at = "after"
                return sections(ids)

            reader.sections = meanwhile
            return reader

    shared.feed_stands_at = "before"
    synced(followed, {"clever": Moving(shared)}, LATER)
    assert (cursor(followed), shared.feed_stands_at) == ("before", "after")


def test_a_sync_of_some_sections_neither_asks_for_the_cursor_nor_counts_as_a_good_sync_of_all(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology"}))}
    run_id = look(followed, services)
    mute = Mute(shared)
    assert do(followed, {"clever": mute}, run_id).state == "done"
    assert (cursor(followed), mute.met) == ("c2", [])
    with tenant(followed.district_id) as session:
        assert session.get_one(Connection, followed.connection_id).last_good_sync_at == NOW


@pytest.mark.parametrize("state", ["closed", "frozen", "attention"])
def test_only_a_connection_that_is_well_or_paused_is_looked_at(followed: House, shared: SharedRoster, state: str):
    with tenant(followed.district_id) as session:
        session.get_one(Connection, followed.connection_id).state = state
    mute = Mute(shared)
    assert looks_due(LATER) == [] and look(followed, {"clever": mute}) is None
    assert mute.met == []


def test_a_connection_without_classes_is_not_looked_at(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.feed_stands_at = "c1"
    assert looks_due(datetime(2030, 1, 1, tzinfo=UTC)) == [] and look(house, services) is None
    assert cursor(house) is None
