"""How Clever says that a district's data are now."""

from datetime import date

import pytest

from tests.providers.clever_district import bare_district, listing
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.clever.condition import condition
from webapp.providers.clever.records import DistrictRow
from webapp.providers.errors import IncompleteAnswer, Unreachable
from webapp.providers.service import Condition

TODAY = date(2027, 7, 1)
PAUSED = "Clever itself is paused"


def told(**row: str | None) -> Condition:
    return condition(DistrictRow(id="d", **row), TODAY)


@pytest.mark.parametrize("state", ["running", "success", "", None, "a word of tomorrow"])
def test_data_that_run_are_settled(state: str | None) -> None:
    assert told(state=state) == Condition()


@pytest.mark.parametrize("state", ["pending", "error"])
def test_REL_1_data_that_are_half_read_in_or_wrong_prove_no_absence(state: str) -> None:
    assert not told(state=state).settled
    assert told(state=state).sentence


@pytest.mark.parametrize("end", ["2027-08-12", "2027-08-12T07:00:00.000Z"])
@pytest.mark.parametrize("state", ["paused", "", None])
def test_REL_32_a_pause_is_told_with_its_end(state: str | None, end: str) -> None:
    there = told(state=state, pause_start="2027-06-01", pause_end=end)
    assert there == Condition(False, f"{PAUSED} until August 12, 2027.", date(2027, 8, 12))


@pytest.mark.parametrize("end", [None, "", "soon", "2027-06-30"])
def test_a_pause_without_an_end_to_come_has_no_date(end: str | None) -> None:
    assert told(state="paused", pause_end=end) == Condition(False, f"{PAUSED}.")


def test_a_pause_that_began_counts_without_an_end_unless_the_data_run() -> None:
    assert told(pause_start="2027-07-01") == Condition(False, f"{PAUSED}.")
    assert told(state="running", pause_start="2027-07-01") == Condition()
    assert told(state="success", pause_start="2027-07-01", pause_end="2027-08-12") == Condition()


@pytest.mark.parametrize(("start", "end"), [("2027-07-02", "2027-08-12"), ("2026-06-01", "2027-06-30"), (None, None)])
def test_a_pause_to_come_or_gone_by_is_none(start: str | None, end: str | None) -> None:
    assert told(state="running", pause_start=start, pause_end=end) == Condition()


@pytest.mark.parametrize("launch", ["2027-08-20", "2027-08-20T00:00:00.000Z"])
def test_before_its_launch_a_district_is_settled_and_nobody_can_sign_in(launch: str) -> None:
    there = told(state="running", launch_date=launch)
    assert there == Condition(True, "Nobody can sign in with Clever here before August 20, 2027.", date(2027, 8, 20))
    assert told(launch_date="2027-07-01") == Condition()


def test_the_districts_own_error_text_is_never_shown(script: Scripted) -> None:
    script.on("/v3.1/districts", listing())
    reader = bare_district(script)
    script.on("/v3.1/districts", listing({"id": "d", "state": "error", "error": "Row 7: Maria Gonzalez has no id"}))
    assert "Maria" not in str(reader.condition())
    assert script.asked == ["/v3.1/districts"]


@pytest.mark.parametrize("answer", [listing({"id": "another"}), status(500)], ids=["another", "in trouble"])
def test_a_district_that_answers_wrongly_is_in_no_condition(script: Scripted, answer: Reply) -> None:
    reader = bare_district(script)
    script.on("/v3.1/districts", answer)
    with pytest.raises(Unreachable) as caught:
        reader.condition()
    assert isinstance(caught.value, IncompleteAnswer) or "500" in str(caught.value)


@pytest.mark.parametrize("answer", [listing(), status(404)], ids=["an empty list", "no list"])
def test_the_districts_own_address_tells_it_too(script: Scripted, answer: Reply) -> None:
    reader = bare_district(script)
    script.on("/v3.1/districts", answer)
    script.on("/v3.1/districts/d", doc({"data": {"id": "d", "state": "pending"}, "links": []}))
    assert not reader.condition().settled


def test_where_neither_address_answers_the_lists_have_the_word(script: Scripted) -> None:
    reader = bare_district(script)
    script.on("/v3.1/districts", status(404))
    script.on("/v3.1/districts/d", status(404))
    assert reader.condition() == Condition()
