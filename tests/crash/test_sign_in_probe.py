"""A sync takes no lock that a sign-in needs, wherever it stands (REL-23): counted, not timed."""

import time

import pytest

from tests.crash.family import PATIENCE
from tests.crash.yard import Household, Yard
from tests.shared_roster import PUPILS

pytestmark = pytest.mark.xdist_group("crash")
EVERYBODY = ["t1", "t2", *PUPILS]
INSIDE = (
    "compare.done",
    "records.before_commit",
    "people.before_commit",
    "classes.written",
    "classes.before_commit",
    "settle.before_commit",
    "finish.before_commit",
)
WAITING = "select count(*) from pg_locks where not granted"


@pytest.mark.parametrize("moment", INSIDE)
def test_REL_23_everybody_signs_in_while_a_sync_stands_still_inside_a_transaction(moment: str, yard: Yard):
    with yard.house("imported") as house:
        house.done("press", day="married")
        house.start("labour", day="married", checkpoint=f"{moment} stop 1").stopped_child()
        assert _waits_of(house) == 0


def _waits_of(house: Household) -> int:
    """Everybody signs in; how many times somebody was seen waiting for a lock until the first such, or the end."""
    visitors = house.start("sign_in", subjects=EVERYBODY)
    deadline = time.monotonic() + PATIENCE
    while visitors.ended.empty() and time.monotonic() < deadline:
        if waits := house.ask(WAITING):
            return int(waits)
    assert visitors.wait() == 0, visitors.log.read_text()
    return 0
