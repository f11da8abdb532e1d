"""Mischief on demand, and the counters."""

import pytest
from markupsafe import escape
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from tests.simulator.visitor import Caller, Shared
from webapp.simulator.faults import KINDS


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


def test_a_fault_lets_so_many_answers_through_first(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="status", status=500, skip=2, times=1, path="/users")
    statuses = [caller.ask("GET", "/clever-api/v3.1/users?limit=1", token=token).status for _ in range(4)]
    assert statuses == [200, 200, 500, 200]
    assert caller.ask("DELETE", "/sandbox/faults").json() == {"faults": [], "struck": 1}


@pytest.mark.parametrize(("reset_in", "told"), [(None, False), (-60, True), (7200, True)])
def test_a_rate_limit_may_end_in_the_past_far_away_or_without_a_word(
    tiny: Shared, caller: Caller, reset_in: float | None, told: bool
) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="status", status=429, reset_in=reset_in, retry_after="9")
    answer = caller.ask("GET", "/clever-api/v3.1/schools", token=token)
    assert (answer.status, "X-Ratelimit-Reset" in answer.headers, answer.headers["Retry-After"]) == (429, told, "9")


@pytest.mark.parametrize(("fault", "host"), [("redirect", "http://127.0.0.1:"), ("foreign_redirect", "https://else")])
def test_a_redirect_leads_elsewhere(tiny: Shared, caller: Caller, fault: str, host: str) -> None:
    caller.post("/sandbox/faults", service="classlink", fault=fault, path="/orgs")
    answer = tiny.roster_answer("orgs")
    assert answer.status == 302 and answer.headers["Location"].startswith(host)


def test_json_that_is_cut_says_that_it_is_whole(tiny: Shared, caller: Caller) -> None:
    whole = tiny.roster_answer("orgs").data
    caller.post("/sandbox/faults", service="classlink", fault="cut_json", path="/orgs")
    assert tiny.roster_answer("orgs").data == whole[: len(whole) // 2]


def test_a_body_breaks_off_in_the_middle(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="cut_body", path="/orgs")
    with pytest.raises(ProtocolError):
        tiny.roster_answer("orgs")


def test_names_come_in_an_encoding_that_is_not_utf_8(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="charset", path="/users")
    body = tiny.roster_answer("users").data
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert "á" in body.decode("latin-1")


def test_a_bomb_unpacks_to_much_and_a_huge_page_is_as_large_as_it_says(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="bomb", bytes=3_000_000, path="/orgs")
    answer = tiny.roster_answer("orgs")
    assert len(answer.data) == 3_000_000 and int(answer.headers["Content-Length"]) < 10_000
    caller.ask("DELETE", "/sandbox/faults")
    caller.post("/sandbox/faults", service="classlink", fault="huge", bytes=3_000_000, path="/orgs")
    answer = tiny.roster_answer("orgs")
    assert len(answer.data) == int(answer.headers["Content-Length"]) > 3_000_000 and answer.json()["orgs"]


@pytest.mark.parametrize("fault", ["drip", "drip_head"])
def test_an_answer_that_comes_byte_by_byte_is_whole(tiny: Shared, caller: Caller, fault: str) -> None:
    caller.post("/sandbox/faults", service="classlink", fault=fault, seconds=0.0001, path="/orgs")
    assert tiny.roster_answer("orgs").json()["orgs"]


def test_a_service_that_hangs_never_answers(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    caller.post("/sandbox/faults", service="clever", fault="hang", times=1)
    with pytest.raises(ReadTimeoutError):
        caller.ask("GET", "/clever-api/v3.1/schools", token=token, timeout=0.1)
    assert caller.ask("GET", "/clever-api/v3.1/schools", token=token).status == 200


def test_an_empty_page_keeps_its_links_and_counts_and_an_empty_list_does_not(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    for service in ("clever", "classlink"):
        caller.post("/sandbox/faults", service=service, fault="empty_page", times=1, path="/users")
    clever, roster = caller.get("/clever-api/v3.1/users?limit=2", token=token), tiny.roster_answer("users?limit=2")
    assert (clever["data"], roster.json()["users"]) == ([], [])
    assert [link["rel"] for link in clever["links"]] == ["self", "next"]
    assert roster.headers["x-count"] == "2"
    for service in ("clever", "classlink"):
        caller.post("/sandbox/faults", service=service, fault="all_empty", times=1, path="/users")
    clever, roster = caller.get("/clever-api/v3.1/users?limit=2", token=token), tiny.roster_answer("users?limit=2")
    assert (clever["data"], [link["rel"] for link in clever["links"]]) == ([], ["self"])
    assert (roster.json()["users"], roster.headers["x-count"], roster.headers["x-total-count"]) == ([], "0", "0")


def test_next_may_lead_nowhere_good(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    found = {}
    for fault in ("endless_next", "repeated_next", "foreign_next"):
        caller.post("/sandbox/faults", service="clever", fault=fault, times=1, path="/users")
        links = caller.get("/clever-api/v3.1/users?limit=10000", token=token)["links"]
        found[fault] = next(link["uri"] for link in links if link["rel"] == "next")
    assert found["endless_next"].startswith("/v3.1/users?limit=10000&more=")
    assert found["repeated_next"] == "/v3.1/users?limit=10000"
    assert found["foreign_next"].startswith("https://elsewhere.example/")


def test_counts_may_be_wrong_by_one(tiny: Shared, caller: Caller) -> None:
    honest = tiny.roster_answer("users?limit=2").headers
    for fault, header, by in (
        ("short_count", "x-count", -1),
        ("long_count", "x-count", 1),
        ("short_total", "x-total-count", -1),
        ("long_total", "x-total-count", 1),
    ):
        caller.post("/sandbox/faults", service="classlink", fault=fault, times=1, path="/users")
        assert int(tiny.roster_answer("users?limit=2").headers[header]) == int(honest[header]) + by


def test_a_record_may_come_twice(tiny: Shared, caller: Caller) -> None:
    caller.post("/sandbox/faults", service="classlink", fault="duplicate", path="/users")
    answer = tiny.roster_answer("users?limit=2")
    rows = answer.json()["users"]
    assert len(rows) == 3 == int(answer.headers["x-count"]) and rows[1] == rows[2]


def test_a_record_may_move_to_the_page_after(tiny: Shared, caller: Caller) -> None:
    first, second = (tiny.roster_answer(f"users?limit=2&offset={offset}").json()["users"] for offset in (0, 2))
    caller.post("/sandbox/faults", service="classlink", fault="moving", times=1, path="/users")
    moved = [tiny.roster_answer(f"users?limit=2&offset={offset}").json()["users"] for offset in (0, 2, 2)]
    assert moved == [first[1:], [first[0], *second], second]


def test_the_place_asked_for_may_be_ignored(tiny: Shared, caller: Caller) -> None:
    first = tiny.roster_answer("users?limit=2").json()
    caller.post("/sandbox/faults", service="classlink", fault="ignored_place", path="/users")
    assert tiny.roster_answer("users?limit=2&offset=2").json() == first


def test_another_districts_data_come_with_this_districts_credentials(tiny: Shared, caller: Caller) -> None:
    token = tiny.clever_token
    for service in ("clever", "classlink"):
        caller.post("/sandbox/faults", service=service, fault="other_district", district=1, path="/users")
    demo = Shared(caller, 1)
    rows = caller.get("/clever-api/v3.1/users?limit=3", token=token)["data"]
    names = caller.get("/sandbox/districts")["districts"]
    assert {row["data"]["district"] for row in rows} == {names[0]["clever_district"]}
    assert tiny.roster_answer("users?limit=3").json() == demo.roster_answer("users?limit=3").json()


def test_every_fault_stands_on_the_page_in_words_and_is_set_there(caller: Caller) -> None:
    page = caller.ask("GET", "/").data.decode()
    for kind, says in KINDS.items():
        assert f'<option value="{kind}">{escape(says)}</option>' in page
    form = {"service": "clever", "fault": "status", "status": "502", "skip": "3", "times": "", "path": "/users"}
    assert caller.ask("POST", "/sandbox/faults-by-form", fields=form, encode_multipart=False).status == 303
    (fault,) = caller.sandbox.stage.faults.on
    assert (fault.status, fault.skip, fault.times, fault.path) == (502, 3, None, "/users")
    assert caller.form("/sandbox/faults-by-form", clear="1").status == 303
    assert not caller.sandbox.stage.faults.on
