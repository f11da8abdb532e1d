"""At most one applier a connection (REL-19)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factory import NOW, House, a_house
from webapp.store import leases
from webapp.store.database import TenantConnection


@pytest.fixture
def house(database_url: str) -> House:
    return a_house()


def _take(house: House, holder, now=NOW) -> int:
    with TenantConnection(house.district_id) as door, door.transaction() as connection:
        return leases.take(connection, house.connection_id, house.district_id, holder, now)


def _hold(house: House, fence: int, now=NOW) -> None:
    with TenantConnection(house.district_id) as door, door.transaction() as connection:
        leases.hold(connection, house.connection_id, fence, now)


def test_REL_19_a_second_run_does_not_get_a_living_lease(house: House):
    _take(house, uuid4())
    with pytest.raises(leases.LeaseBusy):
        _take(house, uuid4(), NOW + timedelta(seconds=59))


def test_REL_19_a_lease_that_ran_out_goes_to_the_next_and_the_fence_grows(house: House):
    first = _take(house, uuid4())
    second = _take(house, uuid4(), NOW + leases.LEASE_FOR)
    assert second == first + 1


def test_REL_19_a_run_that_was_outlived_cannot_commit(house: House):
    fence = _take(house, uuid4())
    _take(house, uuid4(), NOW + leases.LEASE_FOR)
    with pytest.raises(leases.LeaseLost):
        _hold(house, fence, NOW + leases.LEASE_FOR)


def test_REL_19_renewing_keeps_others_out(house: House):
    fence = _take(house, uuid4())
    _hold(house, fence, NOW + timedelta(seconds=50))
    with pytest.raises(leases.LeaseBusy):
        _take(house, uuid4(), NOW + timedelta(seconds=70))


def test_REL_19_a_lease_given_back_is_free_at_once(house: House):
    fence = _take(house, uuid4())
    with TenantConnection(house.district_id) as door, door.transaction() as connection:
        leases.give_back(connection, house.connection_id, fence, NOW)
    assert _take(house, uuid4()) == fence + 1
