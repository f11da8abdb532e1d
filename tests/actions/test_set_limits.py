"""A district's own threshold decides its syncs, and falls back when it was raised (REL-3, REL-10)."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.factory import LATER, NOW, House, a_house, a_teacher, imported, roster, synced
from tests.shared_roster import SharedRoster
from webapp.actions.connection_setting import SettingRefused
from webapp.actions.set_limits import set_limits
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import Connection

CROWD = [f"p{number}" for number in range(120)]


@pytest.fixture
def crowd(house: House, services: Mapping[str, Service], shared: SharedRoster) -> None:
    """A class of 120 students."""
    shared.add_section("Everybody", teachers=["t1"], students=CROWD)
    imported(house, a_teacher(house), ["everybody"], services)


@pytest.mark.parametrize(("share", "leavers", "held"), [(20, 23, False), (20, 24, False), (20, 25, True)])
def test_REL_3_a_districts_own_threshold_is_used(
    house: House,
    services: Mapping[str, Service],
    shared: SharedRoster,
    crowd: None,
    share: int,
    leavers: int,
    held: bool,
):
    set_limits(house.district_id, house.connection_id, share, now=NOW)
    shared.leave("everybody", *CROWD[:leavers])
    run = synced(house, services, LATER)
    assert run.state == ("held" if held else "done")
    assert len(roster(house, "Everybody")["student"]) == (120 if held else 120 - leavers)


@pytest.mark.parametrize(("minutes", "held"), [(119, False), (120, True), (121, True)])
def test_REL_10_a_raised_threshold_falls_back_after_two_hours(
    house: House, services: Mapping[str, Service], shared: SharedRoster, crowd: None, minutes: int, held: bool
):
    assert set_limits(house.district_id, house.connection_id, 50, now=NOW) == NOW + timedelta(hours=2)
    shared.leave("everybody", *CROWD[:60])
    assert synced(house, services, NOW + timedelta(minutes=minutes)).state == ("held" if held else "done")


def test_REL_10_a_lowered_threshold_stays(
    house: House, services: Mapping[str, Service], shared: SharedRoster, crowd: None
):
    assert set_limits(house.district_id, house.connection_id, 8, now=NOW) is None
    shared.leave("everybody", *CROWD[:10])
    assert synced(house, services, NOW + timedelta(days=30)).state == "held"


@pytest.mark.parametrize(("share", "possible"), [(1, False), (2, True), (3, True), (49, True), (50, True), (51, False)])
def test_REL_3_the_threshold_has_bounds(house: House, share: int, possible: bool):
    if possible:
        set_limits(house.district_id, house.connection_id, share, now=NOW)
    else:
        with pytest.raises(SettingRefused, match="between 2 and 50"):
            set_limits(house.district_id, house.connection_id, share, now=NOW)
    assert bool(_kept(house)) is possible


def test_SEC_17_another_districts_connection_is_not_there(house: House):
    with pytest.raises(SettingRefused):
        set_limits(a_house().district_id, house.connection_id, 20, now=NOW)
    assert not _kept(house)


def test_the_book_says_who_set_it(house: House):
    account = a_teacher(house)
    set_limits(house.district_id, house.connection_id, 20, now=NOW, account_id=account)
    with tenant(house.district_id) as session:
        row = session.execute(text("select actor_account_id, detail from audit where action = 'connection.limits'"))
        assert row.one() == (account, {"share": 20})


def _kept(house: House) -> dict[str, object]:
    with tenant(house.district_id) as session:
        return session.get_one(Connection, house.connection_id).limits
