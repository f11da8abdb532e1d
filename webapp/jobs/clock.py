"""The clock: one table of periodic work, and the loop that runs it. Two clocks at once do no harm."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from webapp.actions.alarm_operators import alarm_operators
from webapp.actions.deliver_letters import deliver_letters
from webapp.actions.look_for_changes import looks_due
from webapp.actions.purge import purge
from webapp.actions.remind_deciders import remind_deciders
from webapp.actions.request_sync import request_connection_sync
from webapp.actions.sweep import sweep
from webapp.jobs import queue
from webapp.jobs.work import utc_now
from webapp.settings import Settings
from webapp.store.database import directory
from webapp.store.questions.clockwork import connections_due
from webapp.store.trouble import passes, where, why

log = structlog.get_logger()


@dataclass(frozen=True)
class Periodic:
    """One line of the table: what, and every how many seconds."""

    name: str
    every: float
    work: Callable[[Settings, datetime], object]


def sweep_up(settings: Settings, now: datetime) -> None:
    """Nudge the queue for every run that waits; imports first, since a teacher watches."""
    for head in sweep(now, silent_for=timedelta(seconds=settings.silent_seconds)):
        queue.nudge(head.run_id, head.district_id, fast=head.kind == "import")


def request_nightly(settings: Settings, now: datetime) -> None:
    """Every connection whose sync hour has passed has a requested run."""
    with directory() as session:
        due = connections_due(session, now, settings.sync_hour)
    for one in due:
        request_connection_sync(one.district_id, one.connection_id, now=now)


def poll(_settings: Settings, _now: datetime) -> None:
    """The services' tables of districts are read: by a worker, since a slow service must not stop this clock."""
    queue.nudge_poll()


def look(_settings: Settings, now: datetime) -> None:
    """Every connection whose change feed is due is looked at, by a worker."""
    for one in looks_due(now):
        queue.nudge_look(one.connection_id, one.district_id)


def alarm(_settings: Settings, now: datetime) -> None:
    """Operators are told of districts that have had no good sync for too long; the letters leave by their own line."""
    alarm_operators(now)


def remind(_settings: Settings, now: datetime) -> None:
    """Administrators are told, once a day at most, of what still waits; the letters leave by their own line."""
    remind_deciders(now)


def send_letters(settings: Settings, now: datetime) -> None:
    """Letters that a lost nudge left in the outbox go out."""
    deliver_letters(settings, now=now)


SWEEP = Periodic("sweep", 5, sweep_up)
"""Its pace is a setting."""
TABLE: tuple[Periodic, ...] = (
    SWEEP,
    Periodic("letters", 15, send_letters),
    Periodic("nightly", 60, request_nightly),
    Periodic("poll", 600, poll),
    Periodic("look", 60, look),
    Periodic("alarm", 600, alarm),
    Periodic("remind", 1800, remind),
    Periodic("purge", 3600, purge),
)


def run_forever(settings: Settings, stop: threading.Event) -> None:
    """Do the table's work, each line at its own pace, until `stop` is set. A database that is away is waited for."""
    due = dict.fromkeys(TABLE, 0.0)
    while not stop.is_set():
        for periodic in TABLE:
            if time.monotonic() >= due[periodic]:
                every = settings.sweep_seconds if periodic is SWEEP else periodic.every
                due[periodic] = time.monotonic() + every
                tick(periodic, settings, utc_now())
        stop.wait(min(0.5, settings.sweep_seconds))


def tick(periodic: Periodic, settings: Settings, now: datetime) -> None:
    """One line of the table, once: its trouble stops no other line, and what is told of it names nobody."""
    try:
        periodic.work(settings, now)
    except Exception as error:  # the last place of ours: above it Python prints the message, which may quote a person
        if passes(error):
            log.warning("the database is away or busy; the next tick tries again", line=periodic.name, why=why(error))
            return
        told = {"line": periodic.name, "why": why(error), "where": where(error)}
        log.error("a line of the clock failed; the next tick tries again", **told)
