"""A worker that sleeps until its lease has passed to another changes nothing when it wakes (REL-19)."""

from concurrent.futures import Future
from datetime import timedelta

import pytest

from tests.crash.meaning import differences
from tests.crash.points import Case, point
from tests.crash.trial import Outcome, frozen
from tests.crash.yard import Yard
from webapp.actions.sweep import SILENT_TOO_LONG
from webapp.settings import Settings
from webapp.store.leases import LEASE_FOR

pytestmark = pytest.mark.xdist_group("crash")
BETWEEN_TRANSACTIONS = ("fetch.complete", "lease.committed", "plan.committed", "classes.after_commit")


@pytest.mark.parametrize("name", BETWEEN_TRANSACTIONS)
def test_REL_19_a_run_that_was_outlived_is_refused_when_it_wakes(
    name: str, yard: Yard, wanted: dict[str, Future[Outcome]]
):
    outcome, changed = frozen(yard, Case(point(name), 1, "child"))
    assert not changed
    assert differences(outcome.left, wanted["night"].result().left) == {}
    assert outcome.replay == []


def test_REL_19_REL_20_the_real_paces_are_those_that_were_promised():
    told = Settings.model_fields
    assert (told["lease_seconds"].default, timedelta(seconds=60)) == (60, LEASE_FOR)
    assert (told["silent_seconds"].default, timedelta(seconds=90)) == (90, SILENT_TOO_LONG)
    # Found dead within 120 s, begun anew by a worker within the three minutes.
    assert told["silent_seconds"].default + told["sweep_seconds"].default <= 120
