"""What a process of the crash tests does: press a button, work, keep the clock. Each runs in a fork of the nursery."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from redis import Redis
from rq import Queue
from rq.job import Job
from sqlalchemy import select

from tests.crash.town import AUTHORITY, SEATS, SECTIONS, services_on
from tests.factory import NOW, a_house, a_teacher
from webapp.actions import deliver_letters, take_lease, turn
from webapp.actions.decide_hold import approve_hold, discard_hold
from webapp.actions.enter import enter
from webapp.actions.request_import import request_import
from webapp.actions.request_sync import request_class_sync, request_connection_sync
from webapp.actions.request_undo import request_undo
from webapp.actions.sign_ins import begin_sign_in, recognize
from webapp.commands.worker import QUEUES, SWEEP_SECONDS, ForkingWorker
from webapp.jobs import clock, queue, work
from webapp.providers.service import Visitor
from webapp.settings import Settings
from webapp.store import applying
from webapp.store.checkpoints import VARIABLE
from webapp.store.database import directory, tenant
from webapp.store.tables import Account, Connection, District, Identity, LicenseMember, SchoolClass, SyncRun

AT_WORK = "at work:"


def shrink() -> None:
    """A small district takes the way of a large one: many transactions.

    Waits that only spare a machine are short. The leases' and the sweeper's own are settings. What the clock asks for
    of itself, at some hour or at its start, is left out: every case is about one run.
    """
    applying.CLASSES_AT_ONCE, applying.PEOPLE_AT_ONCE = 1, 1
    take_lease.BUSY_PATIENCE, take_lease.BUSY_AGAIN_AFTER = 0.2, 0
    deliver_letters.FIRST_WAIT = timedelta(seconds=0.3)
    turn.AGAIN_AFTER = 1
    lines = [one for one in clock.TABLE if one.name not in ("nightly", "poll")]
    clock.TABLE = tuple(replace(one, every=0.3) if one.name == "letters" else one for one in lines)


def open_house(settings: Settings, day: str) -> None:
    """This process has database, queue and, in place of the real services, the town's on that day."""
    work.prepare(settings)
    work._services = services_on(day)  # the one thing that a worker is not told by its settings


def build(settings: Settings, **_more: Any) -> None:
    """The district, its license, its teacher and its administrator exist; nothing is imported."""
    house = a_house(seats=SEATS)
    a_teacher(house)
    with tenant(house.district_id) as session:
        admin = Account(given_name="Ada", family_name="Min", email="admin@school.example", made_at=NOW)
        admin.district_id = house.district_id
        session.add(admin)
        session.flush()
        member = LicenseMember(license_id=house.license_id, role="district_admin", joined_at=NOW)
        member.district_id, member.account_id = house.district_id, admin.id
        session.add(member)


def press(settings: Settings, **_more: Any) -> None:
    """Somebody asks for a sync of everything."""
    district_id = _district()
    with tenant(district_id) as session:
        connection_id = session.scalars(select(Connection.id)).one()
    run_id = request_connection_sync(district_id, connection_id, now=_now())
    queue.nudge(run_id, district_id, fast=False)


def press_class(settings: Settings, **_more: Any) -> None:
    """The teacher presses Sync now on the page of a class."""
    district_id = _district()
    with tenant(district_id) as session:
        class_id = session.scalars(select(SchoolClass.id).where(SchoolClass.provider_name == "Biology")).one()
    run_id = request_class_sync(district_id, class_id, _teacher(district_id), now=_now())
    queue.nudge(run_id, district_id, fast=True)


def take_back(settings: Settings, **_more: Any) -> None:
    """Somebody presses Undo for the first import."""
    district_id = _district()
    with tenant(district_id) as session:
        imported_id = session.scalars(select(SyncRun.id).where(SyncRun.kind == "import")).one()
    queue.nudge(request_undo(district_id, imported_id, now=_now()), district_id, fast=True)


def tick(settings: Settings, **_more: Any) -> None:
    """The teacher ticks all her sections and sends the form."""
    district_id = _district()
    services = work._services
    run_id = request_import(district_id, _teacher(district_id), SECTIONS, services=services, now=_now())
    queue.nudge(run_id, district_id, fast=True)


def approve(settings: Settings, **_more: Any) -> None:
    """An administrator approves what is held."""
    district_id, run_id = _held()
    approve_hold(district_id, run_id, now=_now())
    queue.nudge(run_id, district_id, fast=False)


def discard(settings: Settings, **_more: Any) -> None:
    """An administrator drops what is held."""
    district_id, run_id = _held()
    discard_hold(district_id, run_id, now=_now())


def sign_in(settings: Settings, *, subjects: list[str], **_more: Any) -> None:
    """These people sign in by their service, one after the other, and open a page."""
    for subject in subjects:
        visitor = Visitor("clever", AUTHORITY, {"user_id": subject}, subject.title(), "Example")
        cookie = begin_sign_in(enter(visitor, services=dict(work._services), now=_now()), "clever", now=_now())
        assert recognize(cookie, now=_now())


def keep_time(settings: Settings, **_more: Any) -> None:
    """The clock ticks until somebody kills it."""
    clock.run_forever(settings, threading.Event())


class TellingWorker(ForkingWorker):
    """The product's worker, which also says in its log which process does a job. Only its first one may stop."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """The child keeps what the environment says of a checkpoint; those after it know nothing of one."""
        super().fork_work_horse(job, queue)
        os.environ.pop(VARIABLE, None)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do one job in this fork."""
        print(f"{AT_WORK} {os.getpid()}", flush=True)
        super().main_work_horse(job, queue)


def labour(settings: Settings, *, burst: bool = False, **_more: Any) -> None:
    """A real worker works, until nothing is queued any more where it works in a burst."""
    TellingWorker(
        QUEUES,
        connection=Redis.from_url(settings.queue_url),
        serializer="json",
        maintenance_interval=SWEEP_SECONDS,
        log_job_description=False,
    ).work(burst=burst, logging_level="INFO")


ROLES: dict[str, Callable[..., None]] = {
    one.__name__: one
    for one in (build, press, press_class, take_back, tick, approve, discard, sign_in, keep_time, labour)
}


def _now() -> datetime:
    return datetime.now(UTC)


def _district() -> UUID:
    with directory() as session:
        return session.scalars(select(District.id)).one()


def _teacher(district_id: UUID) -> UUID:
    with tenant(district_id) as session:
        return session.scalars(select(Identity.account_id).where(Identity.subject == "t1")).one()


def _held() -> tuple[UUID, UUID]:
    district_id = _district()
    with tenant(district_id) as session:
        return district_id, session.scalars(select(SyncRun.id).where(SyncRun.state == "held")).one()
