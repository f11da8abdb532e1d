"""The sandbox's own pages."""

from tests.simulator.visitor import Caller, Shared


def text(caller: Caller, path: str) -> str:
    """A page's HTML."""
    answer = caller.ask("GET", path)
    assert answer.status == 200, answer.data
    return answer.data.decode()


def test_the_front_page_tells_whom_to_sign_in_as(caller: Caller, tiny: Shared) -> None:
    page = text(caller, f"/?district={tiny.number}")
    teacher = next(one for one in tiny.truth()["people"] if one["kind"] == "teacher")
    assert teacher["email"] in page
    assert "/clever/portal" in page
    assert caller.ask("GET", "/sandbox/sandbox.css").headers["Content-Type"].startswith("text/css")


def test_a_button_moves_time_on_and_the_page_says_what_happened(caller: Caller, tiny: Shared) -> None:
    answer = caller.form(
        f"/sandbox/districts/{tiny.number}/happen", move="section_renamed", section="", name="Kites <1>"
    )
    assert answer.status == 303
    assert "is now called Kites &lt;1&gt;." in text(caller, answer.headers["Location"])
    assert caller.form(f"/sandbox/districts/{tiny.number}/happen", move="section_restored").status == 400


def test_the_choice_of_people_can_be_searched(caller: Caller, tiny: Shared) -> None:
    people = [one for one in tiny.truth()["people"] if one["kind"] == "student"]
    path = caller.authorize_path("clever", sandbox_district=str(tiny.number), sandbox_search=people[3]["email"])
    page = text(caller, path)
    assert f">{people[3]['name']}, student</button>".replace("'", "&#39;") in page
    assert people[4]["clever_id"] not in page


def test_everybody_of_a_small_district_is_a_button_named_by_name_and_role(caller: Caller, tiny: Shared) -> None:
    page = text(caller, f"/launchpad/home?sandbox_district={tiny.number}")
    for person in tiny.truth()["people"]:
        if person["kind"] != "guardian":
            assert f">{person['name']}, {person['role']}</button>".replace("'", "&#39;") in page


def test_a_portal_page_greets_whoever_is_signed_in(caller: Caller, tiny: Shared) -> None:
    person = next(one for one in tiny.truth()["people"] if one["kind"] == "student")
    caller.session("clever", person["clever_id"])
    page = text(caller, "/clever/portal")
    assert person["name"].replace("'", "&#39;") in page
    assert "Open the application" in page


def test_an_address_that_is_nobodys_is_a_404(caller: Caller) -> None:
    assert caller.ask("GET", "/nothing").status == 404
    assert caller.ask("GET", "/sandbox/districts/9999/truth").json()["error"]


def test_every_switch_stands_on_the_page_and_is_set_there(tiny: Shared, caller: Caller) -> None:
    page = caller.ask("GET", f"/?district={tiny.number}").data.decode()
    assert 'name="clever_connected"' in page and 'name="classlink_page_cap"' in page
    set_all = {"service": "clever", "save": "1", "clever_connected": "true", "clever_page_cap": "3"}
    assert caller.form(f"/sandbox/districts/{tiny.number}/set", **set_all).status == 303
    assert len(tiny.clever("users?limit=10")["data"]) == 3
    caller.form(f"/sandbox/districts/{tiny.number}/set", service="clever", save="1", clever_page_cap="")
    assert 'name="clever_page_cap" value="3"' not in caller.ask("GET", f"/?district={tiny.number}").data.decode()


def test_a_wrong_switch_is_told_in_words(tiny: Shared, caller: Caller) -> None:
    answer = caller.form(f"/sandbox/districts/{tiny.number}/set", clever_page_cap="many")
    assert answer.status == 400
    assert "clever_page_cap is a number" in answer.data.decode()


def test_a_fault_is_set_and_cleared_on_the_page(tiny: Shared, caller: Caller) -> None:
    caller.form("/sandbox/faults-by-form", service="clever", fault="down")
    assert caller.ask("GET", "/clever-api/v3.1/users", token="any").status == 503
    caller.form("/sandbox/faults-by-form", clear="1")
    assert caller.ask("GET", "/clever-api/v3.1/users", token="any").status == 401
