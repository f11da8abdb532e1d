"""Clever's list of districts that authorised us."""

import pytest

from tests.providers.clever_district import NOT_FOUND, clever, tokens
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.errors import AccessWithdrawn, ClientRefused, IncompleteAnswer
from webapp.providers.service import SharedDistrict

LIST = "/oauth/tokens?owner_type=district"


def row(district: object, token: object, *, created: str = "2026-08-01T00:00:00.000Z") -> dict[str, object]:
    return {"id": "x", "created": created, "owner": {"type": "district", "id": district}, "access_token": token}


def test_every_district_of_every_page_is_listed(script: Scripted) -> None:
    more = [{"rel": "next", "uri": f"{LIST}&starting_after=x"}]
    script.on(LIST, doc({"links": more, "data": [row("d1", "t1")]}))
    script.on(f"{LIST}&starting_after=x", tokens(row("d2", "t2")))
    assert clever(script).districts() == [SharedDistrict("d1", "t1"), SharedDistrict("d2", "t2")]
    script.on(f"{LIST}&district=d2", doc({"links": more, "data": [row("d1", "t1")]}))
    assert clever(script).district_token("d2") == "t2"


def test_rows_that_open_no_district_are_passed_over(script: Scripted) -> None:
    odd: list[dict[str, object]] = [
        row("d1", ""),
        row("d2", None),
        row("", "t3"),
        {"owner": {"type": "district", "id": "d4"}},
        {"owner": {"type": "user", "id": "d5"}, "access_token": "t5"},
        {"owner": None, "access_token": "t6"},
        {"access_token": "t7"},
    ]
    script.on("/oauth/tokens", tokens(*odd, row("d8", "t8")))
    assert clever(script).districts() == [SharedDistrict("d8", "t8")]
    for district in ("d1", "d2", "d4", "d5"):
        with pytest.raises(AccessWithdrawn):
            clever(script).district_token(district)


@pytest.mark.parametrize("newest_first", [False, True])
def test_of_two_rows_for_one_district_the_newest_counts(script: Scripted, newest_first: bool) -> None:
    rows = [row("d", "old", created="2026-08-01T00:00:00.000Z"), row("d", "new", created="2026-09-01T00:00:00.000Z")]
    script.on("/oauth/tokens", tokens(*(reversed(rows) if newest_first else rows)))
    assert clever(script).districts() == [SharedDistrict("d", "new")]
    assert clever(script).district_token("d") == "new"


@pytest.mark.parametrize(
    "broken",
    [
        doc({"links": []}),
        doc({"data": None}),
        doc([]),
        NOT_FOUND,
        doc({"data": [], "links": [{"rel": "next", "uri": LIST}]}),
    ],
)
def test_REL_1_a_list_that_is_broken_tells_of_no_disconnected_district(script: Scripted, broken: Reply) -> None:
    script.on("/oauth/tokens", broken)
    with pytest.raises(IncompleteAnswer):
        clever(script).districts()
    with pytest.raises(IncompleteAnswer):
        clever(script).district_token("d")


@pytest.mark.parametrize("code", [401, 403])
def test_our_own_refused_secret_says_nothing_about_a_district(script: Scripted, code: int) -> None:
    script.on("/oauth/tokens", status(code))
    with pytest.raises(ClientRefused):
        clever(script).districts()
    with pytest.raises(ClientRefused):
        clever(script).district_token("d")
