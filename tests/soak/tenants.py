"""One tenant of the soak, and what its people do there: import, ask for a sync, decide, undo."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy import text

from tests.factory import House, a_house, a_teacher
from tests.soak.districts import SECTIONS, Fault, Truth
from webapp.actions.decide_hold import approve_hold, discard_hold
from webapp.actions.follow_source import follow_source
from webapp.actions.request_import import request_import
from webapp.actions.request_sync import CannotSync, request_class_sync, request_connection_sync
from webapp.actions.request_undo import CannotUndo, request_undo
from webapp.jobs import queue
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.tables import Connection, SyncRun

_HELD = """
select h.record, s.source_id as section, i.subject from held_removal h join sync_run r on r.id = h.run_id
left join class_source cs on cs.class_id = h.class_id and cs.until_at is null
left join section s on s.id = cs.section_id
left join identity i on i.account_id = h.account_id where h.run_id = :run
"""


@dataclass
class Tenant:
    """A district in the product, its truth, and the fault that its service has just now."""

    number: int
    truth: Truth
    seats: int
    fault: Fault | None = None
    may_be_frozen: bool = False
    """True once its service has ever said what freezes classes."""
    house: House = field(init=False)
    teacher: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.truth.begin()
        self.house = a_house(seats=self.seats)
        self.teacher = a_teacher(self.house)
        if self.number % 2:  # the others' sections are read one by one
            with tenant(self.id) as session:
                session.get_one(Connection, self.house.connection_id).cursors = {"whole_requests": 1}

    @property
    def id(self) -> UUID:
        """The district's id."""
        return self.house.district_id

    def fails(self, fault: Fault | None) -> None:
        """Its service has this fault from now on."""
        self.fault, self.may_be_frozen = fault, self.may_be_frozen or bool(fault and fault.freezes)

    def imports(self, services: Mapping[str, Service], now: datetime) -> None:
        """The teacher imports all sections."""
        queue.nudge(request_import(self.id, self.teacher, SECTIONS, services=services, now=now), self.id, fast=True)

    def asks_for_a_sync(self, dice: Random, now: datetime) -> None:
        """The teacher presses Sync now, or an administrator does for everything."""
        classes = self._classes()
        if dice.random() < 0.5:
            self.asks_for_everything(now)
        elif classes:
            run_id = request_class_sync(self.id, dice.choice(classes), self.teacher, now=now)
            queue.nudge(run_id, self.id, fast=True)

    def asks_for_everything(self, now: datetime) -> None:
        """An administrator asks for a sync of everything; a frozen or refused connection is left to the service."""
        try:
            queue.nudge(request_connection_sync(self.id, self.house.connection_id, now=now), self.id, fast=False)
        except CannotSync:
            return

    def decides(self, now: datetime) -> None:
        """An administrator approves what is true, and drops the rest."""
        for run_id in self._runs("state = 'held'"):
            if self._is_true(run_id):
                approve_hold(self.id, run_id, now=now)
                queue.nudge(run_id, self.id, fast=False)
            else:
                discard_hold(self.id, run_id, now=now)

    def undoes(self, dice: Random, now: datetime) -> None:
        """An administrator undoes one of the syncs."""
        done = self._runs("state = 'done' and kind = 'sync'")
        if done:
            try:
                queue.nudge(request_undo(self.id, dice.choice(done), now=now), self.id, fast=False)
            except CannotUndo:
                return

    def follows_again(self, now: datetime) -> None:
        """The teacher lets all her classes follow their sections again."""
        for class_id in self._classes():
            follow_source(self.id, class_id, self.teacher, now=now)

    def _is_true(self, run_id: UUID) -> bool:
        with tenant(self.id) as session:
            whole = session.get_one(SyncRun, run_id).whole_held
            rows = session.execute(text(_HELD), {"run": run_id}).all()
        return not whole and all(self._is_gone(row.record, row.section, row.subject) for row in rows)

    def _is_gone(self, record: str, section: str, subject: str) -> bool:
        if record == "class":
            return section in self.truth.withdrawn
        return section in self.truth.withdrawn or subject not in self.truth.rosters.get(section, {subject})

    def _classes(self) -> list[UUID]:
        with tenant(self.id) as session:
            return list(session.scalars(text("select class_id from class_source where until_at is null order by 1")))

    def _runs(self, which: str) -> list[UUID]:
        with tenant(self.id) as session:
            return list(session.scalars(text(f"select id from sync_run where {which} order by requested_at, id")))
