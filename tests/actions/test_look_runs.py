"""The runs that looks ask for: none lost, none piled up, nobody else's disturbed."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.actions.feed_looks import begun, cursor, do, look, open_runs
from tests.factory import LATER, MUCH_LATER, House, synced
from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.actions import look_for_changes as looking
from webapp.actions.request_sync import request_connection_sync
from webapp.providers.errors import Unreachable
from webapp.providers.service import Changes, Service


@pytest.fixture
def followed(house: House, services: Mapping[str, Service], shared: SharedRoster) -> House:
    """Two classes, synced once, with a feed that stands at c1."""
    return begun(house, services, shared)


def test_REL_21_a_look_that_is_killed_before_it_commits_is_seen_again(
    followed: House, services: Mapping[str, Service], shared: SharedRoster, monkeypatch: pytest.MonkeyPatch
):
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology"}))}
    noting = looking._Noting._request

    def dies(*asked: Any) -> None:
        assert noting(*asked)
        raise SystemExit("killed")

    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(looking._Noting, "_request", dies)
        look(followed, services)
    assert (cursor(followed), open_runs(followed)) == ("c1", [])
    look(followed, services)
    assert (cursor(followed), open_runs(followed)) == ("c2", [("requested", ["biology"])])


def test_looks_do_not_pile_up_runs(followed: House, services: Mapping[str, Service], shared: SharedRoster):
    shared.feed = {
        "c1": Changes("c2", sections=frozenset({"biology"})),
        "c2": Changes("c3", sections=frozenset({"biology"})),
        "c3": Changes("c4", sections=frozenset({"chemistry"})),
    }
    for _ in range(3):
        look(followed, services)
    assert open_runs(followed) == [("requested", ["biology", "chemistry"])]


def test_a_look_relies_on_a_sync_of_everything_that_waits(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    request_connection_sync(followed.district_id, followed.connection_id, now=LATER)
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology"}))}
    look(followed, services)
    assert (cursor(followed), open_runs(followed)) == ("c2", [("requested", None)])


def test_a_look_neither_wakes_a_parked_run_nor_decides_a_held_one(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.leave("chemistry", *PUPILS[:5])
    assert synced(followed, services, LATER).state == "held"
    shared.trouble = Unreachable("no answer")
    assert synced(followed, services, LATER).state == "parked"
    shared.trouble = None
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology"}))}
    run = do(followed, services, look(followed, services, MUCH_LATER), MUCH_LATER)
    assert (run.scope, run.state) == (["biology"], "done")
    shared.feed, shared.feed_stands_at = {}, "c9"
    look(followed, services, MUCH_LATER)
    assert open_runs(followed) == [("held", None), ("parked", None)]


def test_two_looks_at_once_ask_once(followed: House, services: Mapping[str, Service], shared: SharedRoster):
    shared.feed = {"c1": Changes("c2", sections=frozenset({"biology"})), "c2": Changes("c2")}
    with ThreadPoolExecutor(2) as workers:
        for _ in workers.map(lambda _number: look(followed, services), range(2)):
            pass
    assert (cursor(followed), open_runs(followed)) == ("c2", [("requested", ["biology"])])


def test_a_look_that_was_overtaken_by_a_sync_of_everything_writes_nothing(
    followed: House, services: Mapping[str, Service], shared: SharedRoster
):
    class Slow(SharedService):
        def reader(self, *args: Any, **more: Any) -> Any:
            reader: Any = super().reader(*args, **more)
            reader.changes = self._overtaken
            return reader

        def _overtaken(self, _cursor: str) -> Changes:
            shared.feed_stands_at = "c9"
            synced(followed, services, LATER)
            return Changes("c2", sections=frozenset({"biology"}))

    assert look(followed, {"clever": Slow(shared)}) is None
    assert (cursor(followed), open_runs(followed)) == ("c9", [])
