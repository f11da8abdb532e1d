"""A small district, imported once through one service, that can be synced on a bad day and looked at row by row."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.actions.fault_table import FIRST, LAST, MIDDLE, PROOF, SLOW, Case
from tests.factory import House, a_teacher, imported, worked
from tests.providers.at_sandbox import TODAY, At
from webapp.actions.add_connection import add_connection
from webapp.actions.create_license import LicenseOrder, create_license
from webapp.actions.offer_sections import CannotImport, offer_sections
from webapp.actions.request_sync import request_connection_sync
from webapp.providers.service import Service
from webapp.providers.table import services
from webapp.providers.wire import Limits
from webapp.settings import Settings
from webapp.simulator.seed import SIZES, Size
from webapp.store.database import engine, tenant
from webapp.store.tables import Connection, SyncRun

PATIENT = Limits(tries=3, first_wait=0.001, longest_wait=0.002, jitter=0.0, patience=0.2, pages=60, body_bytes=400_000)
"""Waits and sizes are tiny; times are not, so that a busy machine is not taken for a slow service."""
HASTY = Limits(
    read_seconds=0.15,
    whole_seconds=0.2,
    tries=2,
    first_wait=0.001,
    longest_wait=0.002,
    jitter=0.0,
    patience=0.2,
    pages=60,
    body_bytes=400_000,
)
"""For services that are slow on purpose."""

FEW = Size(schools=1, teachers=2, sections=6, students=8, sections_of_ten_students=20)
"""A school whose lists have three pages and more when pages are as short as can be, and no more than that."""
BEGAN = datetime(2026, 9, 15, 15, 0, tzinfo=UTC)
KEYS = {"clever": "clever_id", "classlink": "sourced_id"}
KINDS = {"clever": "user_id", "classlink": "sourced_id"}
ROWS = (
    "account",
    "account_role",
    "identity",
    "school",
    "term",
    "course",
    "section",
    "school_class",
    "class_source",
    "enrollment",
    "change",
)
"""Every table that a sync may write for a person to see, and the journal of all that it wrote."""
WHOLE, BY_SECTION = 0, 10_000
"""What a whole pull is thought to cost: nothing, so that it is chosen; or too much."""


@dataclass
class Town:
    """One district of the sandbox and of ours."""

    at: At
    service: str
    house: House
    hasty: Mapping[str, Service]
    stranger: int
    """The number of another district, of the same size."""
    syncs: int = 0
    in_order: bool = True
    """False while a case goes on, and after one that failed."""
    asked: dict[tuple[str, int], int] = field(default_factory=dict)
    """How many requests an honest sync needs for a list."""

    def sync(self, *, costs: int, hasty: bool = False) -> SyncRun:
        """A sync of everything, a minute after the one before; the run as it ended."""
        self.syncs += 1
        now = BEGAN + timedelta(minutes=self.syncs)
        district, connection_id = self.house.district_id, self.house.connection_id
        with tenant(district) as session:
            session.get_one(Connection, connection_id).cursors = {"whole_requests": costs}
        run_id = request_connection_sync(district, connection_id, now=now, full=costs == WHOLE)
        return worked(self.house, run_id, self.hasty if hasty else self.at.services, now)

    def struck(self, case: Case, *, costs: int, times: int | None) -> SyncRun:
        """A sync in which that fault strikes; the fault is over afterwards."""
        told = {**case.told, "path": case.path, "skip": self.place(case, costs=costs), "times": times}
        if case.fault == "other district":
            told["district"] = self.stranger
        self.at.fault(self.service, **told)
        try:
            return self.sync(costs=costs, hasty=case.fault in SLOW)
        finally:
            struck = self.at.steer("DELETE", "/sandbox/faults")["struck"]
            assert struck, "the fault met nobody"

    @contextmanager
    def bad_day(self) -> Iterator[None]:
        """A case: it begins in order, whatever the one before has left, and is to end so."""
        if not self.in_order:
            assert self.sync(costs=WHOLE).state == "done"
        self.in_order = False
        yield
        self.in_order = True

    def place(self, case: Case, *, costs: int) -> int:
        """How many requests for that list come before the case's own."""
        if (case.path, costs) not in self.asked:
            self.at.steer("DELETE", "/sandbox/requests")
            assert self.sync(costs=costs).state == "done"
            paths = self.at.steer("GET", "/sandbox/requests")["paths"]
            self.asked[case.path, costs] = sum(case.path in one for one in paths)
        asked = self.asked[case.path, costs]
        assert asked >= 3, "too few pages to have a first and a last one, and the proof that they were all"
        return {FIRST: 0, MIDDLE: (asked - 1) // 2, LAST: asked - 2, PROOF: asked - 1}[case.place]

    def rows(self) -> dict[str, str]:
        """Everything that people could see of the district, and its journal: a fingerprint for each table."""
        return self._fingerprints({table: f"{table}::text" for table in ROWS})

    def rosters(self) -> dict[str, str]:
        """Who is in which class in which role, which classes are live, and the accounts."""
        return self._fingerprints(
            {
                "enrollment": "concat_ws(' ', class_id, account_id, role, state, ended_on)",
                "school_class": "concat_ws(' ', id, state)",
                "account": "account::text",
            }
        )

    def _fingerprints(self, what: Mapping[str, str]) -> dict[str, str]:
        each = " union all ".join(
            f"select '{table}', md5(coalesce(string_agg({columns}, ' ' order by id), '')) from {table}"
            " where district_id = :district"
            for table, columns in what.items()
        )
        with engine().connect() as connection:
            found = connection.execute(text(each), {"district": self.house.district_id})
            return {row[0]: row[1] for row in found}

    def names(self) -> set[str]:
        """Names of people, which no reason may tell."""
        people = self.at.truth()["people"]
        return {word for one in people for word in (one["given"], one["family"], one["email"]) if word}


def a_town(settings: Settings, service: str) -> Town:
    """A tiny district with pages so short that every list has several, all of its sections imported."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(SIZES, "few", FEW)
        at = At(settings.sandbox_url, settings, size="few")
        stranger = at.steer("POST", "/sandbox/districts", {"seed": 8, "size": "few", "today": TODAY.isoformat()})
    at.services = services(settings, PATIENT)
    caps = {"clever_page_cap": 2, "classlink_page_cap": 3, "clever_rate_limit": 10_000_000}
    for number in (at.number, stranger["number"]):
        at.steer("POST", f"/sandbox/districts/{number}/switches", caps)
    order = LicenseOrder(name=f"By {service}", seats=500, admin_address=f"admin@{service}.example")
    created = create_license(order, now=BEGAN)
    connection = add_connection(
        created.license_id, service, at.district[service], method="teacher_choice", services=at.services, now=BEGAN
    )
    house = House(created.district_id, created.license_id, connection.id, at.district[service])
    town = Town(at, service, house, services(settings, HASTY), stranger["number"])
    _import_everything(town)
    return town


def _import_everything(town: Town) -> None:
    people = [one[KEYS[town.service]] for one in town.at.truth()["people"] if one["kind"] == "teacher"]
    kind = KINDS[town.service]
    for teacher in [a_teacher(town.house, subject, provider=town.service, kind=kind) for subject in people]:
        if sections := _offered(town, teacher):
            assert imported(town.house, teacher, sections, town.at.services, BEGAN).state == "done"


def _offered(town: Town, teacher: UUID) -> Sequence[str]:
    try:
        offered = offer_sections(town.house.district_id, teacher, services=town.at.services, now=BEGAN)
    except CannotImport:
        return []
    return [one.offer.section.source_id for one in offered]
