"""The operator's page: who waits to be claimed, by whom they are claimed, and what the services say."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factory import House, a_house
from tests.shared_roster import SharedRoster, SharedService
from tests.views.browser import OURS, Browser
from tests.views.school import PASSWORD, now, rows
from webapp.actions.operators import add_operator, set_up_operator
from webapp.actions.sign_ins import begin_sign_in
from webapp.providers.errors import AccessWithdrawn
from webapp.settings import Settings
from webapp.store.database import directory, tenant
from webapp.store.tables import Connection, UnclaimedDistrict
from webapp.store.unclaimed import keep_list, note_trouble
from webapp.views.house import House as AppHouse

FORM = 'action="/operator/waiting/{}/claim"'


class Refusing(SharedService):
    """A service that does not know the district by name."""

    def district_token(self, district: str) -> str:
        raise AccessWithdrawn("not listed")


@pytest.fixture
def waiting(app: Flask, settings: Settings) -> UUID:
    """A district of a service held in memory that waits to be claimed."""
    app.extensions["rollbook"] = AppHouse(settings, {"clever": SharedService(SharedRoster())})
    with directory() as session:
        keep_list(session, "clever", {"far": "Far & Wide District"}, now())
        return session.query(UnclaimedDistrict).one().id


@pytest.fixture
def operator(app: Flask, settings: Settings) -> Callable[[], Browser]:
    """Another browser in which the operator is signed in."""
    who = set_up_operator(add_operator("op@rollbook.example", now=now()), PASSWORD, now=now())

    def browser() -> Browser:
        found = Browser(app, settings.sandbox_url)
        found.steal({"_user_id": begin_sign_in(who, "password", now=now())})
        return found

    return browser


def claim(browser: Browser, waiting: UUID, house: House) -> TestResponse:
    """Press Claim for this license, with the token of the page."""
    answer = post(browser, waiting, license=str(house.license_id))
    assert answer.status_code == 303 and answer.location == "/operator"
    return browser.get("/operator")


def post(browser: Browser, waiting: UUID, **data: str) -> TestResponse:
    token = browser.get("/operator").text.split('name="csrf_token" value="')[1].split('"')[0]
    headers = {"Sec-Fetch-Site": "same-origin"}
    path = f"/operator/waiting/{waiting}/claim"
    return browser.client.post(path, base_url=OURS, data={"csrf_token": token, **data}, headers=headers)


def test_a_district_that_waits_is_shown_with_its_service_name_and_id(
    waiting: UUID, operator: Callable[[], Browser]
) -> None:
    a_house()
    page = operator().get("/operator").text
    for words in ("Waiting to be claimed", "Far &amp; Wide District", ">far<", "just now", FORM.format(waiting)):
        assert words in page


def test_without_anybody_waiting_nothing_is_said_of_it(app: Flask, operator: Callable[[], Browser]) -> None:
    assert "Waiting to be claimed" not in operator().get("/operator").text


def test_a_claim_connects_the_district_and_stands_in_the_book(waiting: UUID, operator: Callable[[], Browser]) -> None:
    house = a_house()
    page = claim(operator(), waiting, house).text
    assert "The district is connected." in page and "Waiting to be claimed" not in page
    made = "select district_id, state from connection where provider_district = 'far'"
    assert rows(made) == [(house.district_id, "connected")]
    book = "select district_id from audit where action = 'connection_added' and actor_operator_id is not null"
    assert rows(book) == [(house.district_id,)]


def test_a_claim_that_the_service_does_not_confirm_says_so(
    app: Flask, settings: Settings, waiting: UUID, operator: Callable[[], Browser]
) -> None:
    app.extensions["rollbook"] = AppHouse(settings, {"clever": Refusing(SharedRoster())})
    assert "does not list this district as sharing with us" in claim(operator(), waiting, a_house()).text


def test_what_is_claimed_no_longer_waits(waiting: UUID, operator: Callable[[], Browser]) -> None:
    house = a_house()
    claim(operator(), waiting, house)
    assert "no longer waits" in claim(operator(), waiting, house).text


@pytest.mark.parametrize("same_customer", [True, False])
def test_of_two_operators_who_claim_at_once_one_wins_and_the_other_reads_a_sentence(
    waiting: UUID, operator: Callable[[], Browser], same_customer: bool
) -> None:
    one = a_house()
    other = one if same_customer else a_house()
    browsers = [operator(), operator()]
    with ThreadPoolExecutor(2) as both:
        pages = [page.text for page in both.map(claim, browsers, [waiting, waiting], [one, other])]
    refusals = ("Somebody else has just claimed", "holds this clever district already", "no longer waits")
    assert sorted("The district is connected." in page for page in pages) == [False, True]
    assert [any(words in page for words in refusals) for page in pages].count(True) == 1
    assert len(rows("select id from connection where provider_district = 'far'")) == 1
    assert len(rows("select id from audit where action = 'connection_added'")) == 1


@pytest.mark.parametrize(
    ("license_id", "words"),
    [("", "Choose the license"), ("nonsense", "Choose the license"), (str(uuid4()), "no such license")],
    ids=["none", "nonsense", "unknown"],
)
def test_a_claim_for_no_license_is_refused_with_a_sentence(
    waiting: UUID, operator: Callable[[], Browser], license_id: str, words: str
) -> None:
    a_house()
    browser = operator()
    assert post(browser, waiting, license=license_id).status_code == 303
    page = browser.get("/operator").text
    assert words in page and "Waiting to be claimed" in page


def test_what_a_service_says_of_a_connection_and_of_its_own_table_is_shown(
    waiting: UUID, operator: Callable[[], Browser]
) -> None:
    house = a_house()
    with tenant(house.district_id) as session:
        session.get_one(Connection, house.connection_id).note = "Students can sign in from September 1."
    with directory() as session:
        note_trouble(session, "clever", "Clever's table lacks 3 of our 4 connections at once.", now())
    page = operator().get("/operator").text
    assert "Students can sign in from September 1." in page
    assert "lacks 3 of our 4 connections at once." in page
