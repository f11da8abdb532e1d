"""Sections whose last term is over count in no guard: neither what they lose, nor what they still hold (REL-3)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.factory import House, a_teacher, classes, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.providers.service import Service
from webapp.roster.records import Term

AFTER_FALL = datetime(2026, 12, 22, 12, tzinfo=UTC)
"""Fall is over, and its classes are not archived yet."""


@pytest.fixture
def two_terms(house: House, services: Mapping[str, Service], shared: SharedRoster) -> House:
    """A large class of the fall, and one of twenty students that lasts all year."""
    shared.terms = [
        Term("fall", "Fall", date(2026, 8, 1), date(2026, 12, 18)),
        Term("year", "Year", date(2026, 8, 1), date(2027, 6, 12)),
    ]
    shared.add_section("Autumn", teachers=["t1"], students=[f"a{number}" for number in range(80)])
    shared.sections = [
        replace(one, term_source_ids=("fall" if one.source_id == "autumn" else "year",)) for one in shared.sections
    ]
    imported(house, a_teacher(house), ["autumn", "biology"], services)
    return house


def test_REL_3_REL_4_a_whole_roster_that_goes_with_its_term_is_no_removal(
    two_terms: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.withdraw("autumn")
    run = synced(two_terms, services, AFTER_FALL)
    assert (run.state, run.counts["removed"]) == ("done", 0)
    assert len(roster(two_terms, "Autumn")["student"]) == 80


def test_REL_3_students_of_a_class_whose_term_is_over_make_no_removal_look_small(
    two_terms: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.leave("biology", *PUPILS[:6])
    run = synced(two_terms, services, AFTER_FALL)
    assert (run.state, run.counts["held"]) == ("held", 6)
    assert roster(two_terms, "Biology")["student"] == sorted(PUPILS)


def test_REL_3_REL_4_a_class_whose_term_is_over_is_no_class_that_stays(
    two_terms: House, services: Mapping[str, Service], shared: SharedRoster
):
    shared.withdraw("biology")
    assert synced(two_terms, services, AFTER_FALL).state == "held"
    assert classes(two_terms) == {"Autumn": "active", "Biology": "active"}
