"""A sandbox that is stopped and started again."""

from pathlib import Path

import pytest

from tests.simulator.visitor import Caller, Shared
from tests.simulator.walking import set_switches
from webapp.simulator.server import Sandbox


def test_a_restart_keeps_districts_moves_tokens_and_key(tmp_path: Path) -> None:
    state = tmp_path / "sandbox.json"
    first = Sandbox.start(state_file=state)
    caller = Caller(first)
    tiny = Shared(caller, caller.post("/sandbox/districts", seed=5, size="tiny", name="Own Name")["number"])
    caller.move(tiny.number, "student_joins")
    caller.move(tiny.number, "section_removed")
    caller.post(f"/sandbox/districts/{tiny.number}/switches", rotate_clever_token=True)
    before = (
        tiny.truth(),
        tiny.clever_token,
        caller.get("/launchpad/oauth2/v2/jwks"),
        caller.get("/sandbox/districts"),
    )
    caller.http.clear()
    first.stop()

    second = Sandbox.start(state_file=state)
    caller = Caller(second)
    tiny = Shared(caller, tiny.number)
    after = (tiny.truth(), tiny.clever_token, caller.get("/launchpad/oauth2/v2/jwks"), caller.get("/sandbox/districts"))
    assert after == before
    caller.move(tiny.number, "section_restored")
    caller.http.clear()
    second.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["sandbox.json"]


def test_a_restart_keeps_events_switches_sharing_and_merged_people(tmp_path: Path) -> None:
    def seen(tiny: Shared) -> list[object]:
        lists = [tiny.clever_all(one) for one in ("users", "sections", "districts")]
        return [*lists, tiny.clever("events?limit=10000"), set_switches(tiny)]

    state = tmp_path / "sandbox.json"
    first = Sandbox.start(state_file=state)
    tiny = Shared(Caller(first), 1)
    for move in ("employees_merge", "section_unshared", "ext_touched"):
        tiny.caller.move(1, move)
    set_switches(tiny, clever_state="paused", clever_no_value="null")
    tiny.caller.move(1, "student_joins")
    before = seen(tiny)
    tiny.caller.http.clear()
    first.stop()

    second = Sandbox.start(state_file=state)
    tiny = Shared(Caller(second), 1)
    assert seen(tiny) == before
    set_switches(tiny, clever_state="running")
    assert len(tiny.clever("events?limit=10000")["data"]) > len(before[3]["data"])  # type: ignore[index]
    tiny.caller.http.clear()
    second.stop()


@pytest.mark.parametrize("written", ["{", "[]", '{"districts": [{"number": 1}], "signing_key": {}}'])
def test_a_state_that_cannot_be_read_is_set_aside(tmp_path: Path, written: str) -> None:
    state = tmp_path / "sandbox.json"
    state.write_text(written)
    sandbox = Sandbox.start(state_file=state)
    caller = Caller(sandbox)
    assert [one["number"] for one in caller.get("/sandbox/districts")["districts"]] == [1]
    caller.http.clear()
    sandbox.stop()
    assert (tmp_path / "sandbox.json.old").read_text() == written


def test_two_sandboxes_run_side_by_side() -> None:
    sandboxes = [Sandbox.start() for _ in range(2)]
    assert sandboxes[0].url != sandboxes[1].url
    for one in sandboxes:
        one.stop()


def test_the_introduction_names_settings_and_people(own_sandbox: Sandbox) -> None:
    told = own_sandbox.introduction()
    assert told["settings"] == own_sandbox.app_settings()
    assert told["settings"]["ROLLBOOK_CLEVER_API_URL"] == own_sandbox.url + "/clever-api"
    roles = {one["role"] for one in told["districts"][0]["people"]}
    assert roles == {"teacher", "student", "school administrator", "district administrator"}
