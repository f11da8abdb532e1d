"""How long after its term's end a class is still updated is the district's own choice (product.md)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.factory import NOW, House, a_house, a_teacher, classes, imported, synced
from tests.shared_roster import SharedRoster
from webapp.actions.connection_setting import SettingRefused
from webapp.actions.set_archive_after import set_archive_after
from webapp.providers.service import Service
from webapp.roster.records import Term
from webapp.store.database import tenant
from webapp.store.tables import Connection

LAST_DAY = date(2026, 12, 18)


@pytest.mark.parametrize(
    ("grace", "days", "state"),
    [
        (0, 0, "active"),
        (0, 1, "archived"),
        (1, 1, "active"),
        (1, 2, "archived"),
        (None, 14, "active"),
        (None, 15, "archived"),
        (14, 14, "active"),
        (14, 15, "archived"),
        (60, 59, "active"),
        (60, 60, "active"),
        (60, 61, "archived"),
    ],
)
def test_a_class_is_archived_when_its_connections_grace_is_over(
    house: House, services: Mapping[str, Service], shared: SharedRoster, grace: int | None, days: int, state: str
):
    shared.terms = [Term("fall", "Fall", date(2026, 8, 1), LAST_DAY)]
    shared.sections = [replace(one, term_source_ids=("fall",)) for one in shared.sections]
    imported(house, a_teacher(house), ["biology"], services)
    if grace is not None:
        set_archive_after(house.district_id, house.connection_id, grace, now=NOW)
    noon = datetime(2026, 12, 18, 17, tzinfo=UTC)
    assert synced(house, services, noon + timedelta(days=days)).state == "done"
    assert classes(house) == {"Biology": state}


def test_a_longer_grace_brings_no_class_back_from_the_archive(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.terms = [Term("fall", "Fall", date(2026, 8, 1), LAST_DAY)]
    shared.sections = [replace(one, term_source_ids=("fall",)) for one in shared.sections]
    imported(house, a_teacher(house), ["biology"], services)
    then = datetime(2027, 1, 10, 17, tzinfo=UTC)
    synced(house, services, then)
    set_archive_after(house.district_id, house.connection_id, 60, now=then)
    synced(house, services, then + timedelta(days=1))
    assert classes(house) == {"Biology": "archived"}


@pytest.mark.parametrize(("days", "possible"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_grace_has_bounds_and_is_noted_in_the_book(house: House, days: int, possible: bool):
    if not possible:
        with pytest.raises(SettingRefused, match=r"^The grace period must be between 0 and 60 days\.$"):
            set_archive_after(house.district_id, house.connection_id, days, now=NOW)
    else:
        set_archive_after(house.district_id, house.connection_id, days, now=NOW)
    with tenant(house.district_id) as session:
        assert session.get_one(Connection, house.connection_id).archive_after_days == (days if possible else 14)
        noted = session.scalar(text("select count(*) from audit where action = 'connection.archive_after'"))
        assert noted == int(possible)


def test_SEC_17_another_districts_grace_can_not_be_set(house: House):
    with pytest.raises(SettingRefused):
        set_archive_after(a_house().district_id, house.connection_id, 30, now=NOW)
