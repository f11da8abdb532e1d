"""Every fault of a rostering service, on the first, a middle and the last page: nobody is ever wrongly removed."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.actions.fault_table import FAULTS, FIRST, LAST, MIDDLE, OWN, PROOF, REFUSED, SILENT, Case, cases
from tests.actions.fault_town import BY_SECTION, WHOLE, Town, a_town
from tests.servers import Servers, empty
from webapp.settings import Settings
from webapp.simulator.server import Sandbox
from webapp.store import database, seal
from webapp.store.tables import SyncRun

ROSTERS = {"clever": "/sections?", "classlink": "/enrollments?"}
"""The lists that tell who is in which class."""
MATRIX = cases(ROSTERS, tuple(FAULTS), FIRST, MIDDLE, LAST)
ELSEWHERE = [
    *cases(ROSTERS, SILENT, PROOF),
    *cases({"clever": "/users?role=student", "classlink": "/users?"}, SILENT, MIDDLE),
    *cases({"classlink": "/classes?"}, SILENT, MIDDLE),
]
READ_ALONE = ("500", "401", "404", "html", "no list", "cut json", "charset", "cut page", "empty page", "other district")
ALONE = [
    case
    for case in cases({"clever": "/users?", "classlink": "/enrollments?"}, READ_ALONE, FIRST, LAST)
    if case.fault in READ_ALONE
]


@pytest.fixture(scope="module")
def towns(servers: Servers, sandbox: Sandbox, worker_id: str) -> Iterator[Mapping[str, Town]]:
    """One imported district for each service, in a database of their own that lasts for all cases."""
    url = servers.database(f"faults_{worker_id}")
    empty(url)
    before, database._engine = database._engine, None
    database.connect(url, pool_size=5)
    seal.use_keys(Fernet.generate_key().decode())
    given: dict[str, Any] = {
        name.removeprefix("ROLLBOOK_").lower(): value for name, value in sandbox.app_settings().items()
    }
    settings = Settings(_env_file=None, sandbox_url=sandbox.url, **given)
    try:
        yield {service: a_town(settings, service) for service in ROSTERS}
    finally:
        database.engine().dispose()
        database._engine = before


def counted(run: SyncRun) -> tuple[int, ...]:
    """What a run has added, updated and removed."""
    return tuple(run.counts.get(name, 0) for name in ("added", "updated", "removed"))


def is_readable(reason: str, names: set[str]) -> bool:
    """One plain sentence that names nobody."""
    words = set(re.findall(r"[\w@.]+", reason))
    return bool(re.fullmatch(r"[A-Z][\w ,;:'()-]{10,150}\.", reason)) and not words & names


def survived(town: Town, case: Case, *, costs: int, times: int | None) -> SyncRun:
    """The run that this fault struck; it has ended as it may, and said why where it came to nothing."""
    run = town.struck(case, costs=costs, times=times)
    assert run.state in case.ends(lasting=times is None), (run.state, run.reason)
    if run.state in ("parked", "failed"):
        assert run.reason and is_readable(run.reason, town.names()), run.reason
    return run


def test_TEST_1_the_matrix_is_whole():
    assert len(FAULTS) == 31 and {service: len(own) for service, own in OWN.items()} == {"clever": 3, "classlink": 4}
    assert len(MATRIX) == len(set(map(str, MATRIX))) == 3 * (2 * 31 + 3 + 4)
    assert (len(ELSEWHERE), len(ALONE)) == (2 * (7 + 3) + 3 * (7 + 4), 2 * 2 * 10)


@pytest.mark.parametrize("case", [*MATRIX, *ELSEWHERE], ids=str)
def test_TEST_1_REL_1_no_fault_of_a_service_changes_a_row(case: Case, towns: Mapping[str, Town]):
    town = towns[case.service]
    with town.bad_day():
        before = town.rows()
        for times in case.strikes:
            run = survived(town, case, costs=WHOLE, times=times)
            assert town.rows() == before, (times, run.state, counted(run))
        if run.state != "done":  # else this was already the sync after the bad one
            run = town.sync(costs=WHOLE)
        assert (run.state, counted(run)) == ("done", (0, 0, 0))
        assert town.rows() == before


@pytest.mark.parametrize("case", ALONE, ids=str)
def test_TEST_1_REL_1_no_fault_removes_anybody_where_sections_are_read_alone(case: Case, towns: Mapping[str, Town]):
    town = towns[case.service]
    with town.bad_day():
        before = town.rosters()
        for times in case.strikes:
            run = town.struck(case, costs=BY_SECTION, times=times)
            assert run.state in ({"failed"} if case.fault in REFUSED else {"parked", "done", "held"})
            assert town.rosters() == before, (times, run.state, counted(run))
        after = town.sync(costs=BY_SECTION)
        assert after.state == "done" and (counted(after)[0], counted(after)[2]) == (0, 0)
        assert town.rosters() == before


@pytest.mark.parametrize("fault", ["429 for long", "429 in seconds"])
@pytest.mark.parametrize("service", list(ROSTERS))
def test_REL_24_a_sync_that_may_not_ask_for_long_is_parked_until_it_may(
    service: str, fault: str, towns: Mapping[str, Town]
):
    run = towns[service].struck(Case(service, fault, LAST, ROSTERS[service]), costs=WHOLE, times=None)
    assert run.state == "parked" and run.next_try_at
    assert timedelta(minutes=10) < run.next_try_at - datetime.now(UTC) <= timedelta(minutes=15)
