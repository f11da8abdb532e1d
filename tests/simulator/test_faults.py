"""Mischief on demand, and the counters."""

import pytest
from urllib3.exceptions import ProtocolError

from tests.simulator.visitor import Caller, Shared


def test_a_status_strikes_as_often_as_asked(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="status", status=503, times=2)
    statuses = [caller.ask("GET", "/clever-api/v3.1/schools", token=token).status for _ in range(3)]
    assert statuses == [503, 503, 200]


def test_too_many_requests_has_no_body_but_says_when_it_ends(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="status", status=429, times=1, reset_in=3)
    answer = caller.ask("GET", "/clever-api/v3.1/schools", token=token)
    assert (answer.status, answer.data) == (429, b"")
    assert int(answer.headers["X-Ratelimit-Reset"]) > 0


def test_a_service_is_down_alone_and_until_it_is_cleared(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="down")
    assert {caller.ask("GET", "/clever-api/v3.1/schools", token=token).status for _ in range(3)} == {503}
    assert tiny.roster_answer("orgs").status == 200
    assert caller.get("/sandbox/districts")
    caller.ask("DELETE", "/sandbox/faults")
    assert caller.ask("GET", "/clever-api/v3.1/schools", token=token).status == 200


def test_a_fault_may_be_bound_to_a_path(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="html", path="/enrollments")
    assert tiny.roster_answer("users").headers["Content-Type"] == "application/json"
    assert tiny.roster_answer("enrollments").headers["Content-Type"].startswith("text/html")


def test_an_answer_lacks_its_list(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="no_list", path="/users")
    assert tiny.roster_answer("users").json() == {}
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="no_list", path="/sections")
    assert set(caller.get("/clever-api/v3.1/sections", token=token)) == {"links"}


def test_a_cut_page_is_one_record_short_of_its_total(tiny: Shared, caller: Caller) -> None:
    whole = tiny.roster_answer("users?limit=5")
    caller.post("/sandbox/faults", service="classlink", fault="cut_page", times=1, path="/users")
    cut = tiny.roster_answer("users?limit=5")
    assert cut.json()["users"] == whole.json()["users"][:-1]
    assert cut.headers["x-total-count"] == whole.headers["x-total-count"]


def test_a_dropped_connection_has_no_answer(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="drop", times=1)
    with pytest.raises(ProtocolError):
        caller.ask("GET", "/clever-api/v3.1/schools", token=token)
    assert caller.ask("GET", "/clever-api/v3.1/schools", token=token).status == 200


def test_a_slow_answer_is_whole(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="slow", seconds=0.01, path="/orgs")
    assert tiny.roster_answer("orgs").json()["orgs"]


def test_an_unknown_fault_is_refused(caller: Caller) -> None:
    for wrong in ({"service": "clever", "fault": "earthquake"}, {"service": "clever"}, {"fault": "html", "x": 1}):
        assert caller.ask("POST", "/sandbox/faults", json=wrong).status == 400


def test_requests_are_counted_by_service(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.ask("DELETE", "/sandbox/requests")
    caller.get("/clever-api/v3.1/users?limit=5", token=token)
    tiny.roster_answer("orgs")  # asks for the applications first
    told = caller.get("/sandbox/requests")
    assert (told["clever"], told["classlink"]) == (1, 2)
    assert told["paths"][0] == "GET /clever-api/v3.1/users?limit=5"


def test_connections_stay_open(caller: Caller) -> None:
    for _ in range(5):
        caller.get("/sandbox/districts")
    assert caller.http.connection_from_url(caller.sandbox.url).num_connections == 1
