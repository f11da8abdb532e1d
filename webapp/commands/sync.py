"""`rollbook sync`: ask for a sync of a connection, and wait for it if wanted."""

import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.request_sync import CannotSync, request_connection_sync
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.jobs import queue
from webapp.store.database import directory, tenant
from webapp.store.questions.connections import district_of_connection
from webapp.store.questions.runs import run_by_id
from webapp.store.tables import SyncRun

SETTLED = ("done", "held", "parked", "failed", "discarded", "superseded")
LONGEST_WAIT = 1800
"""Seconds that --wait waits at most."""
COUNTS = ("requests", "added", "updated", "removed", "unchanged", "held_back", "seconds")


@click.command()
@click.option("--connection", "connection_id", type=click.UUID, required=True)
@click.option("--full", is_flag=True, help="Read everything, even where the service tells only what changed.")
@click.option("--wait", is_flag=True, help="Wait until it is done, and tell what it did.")
@verb
def sync(data_dir: Path, connection_id: UUID, full: bool, wait: bool) -> Document:
    """Bring a connection's classes up to date."""
    settings = open_house(data_dir)
    queue.connect(settings.queue_url)
    with directory() as session:
        district_id = district_of_connection(session, connection_id)
    if district_id is None:
        raise Refused("There is no such connection.")
    try:
        run_id = request_connection_sync(district_id, connection_id, now=datetime.now(UTC), full=full)
    except CannotSync as refusal:
        raise Refused(str(refusal)) from refusal
    queue.nudge(run_id, district_id, fast=wait)
    return _told(_wait(run_id, district_id) if wait else _run(run_id, district_id), counted=wait)


def _run(run_id: UUID, district_id: UUID) -> SyncRun:
    with tenant(district_id) as session:
        run = run_by_id(session, run_id)
        assert run is not None
        return run


def _wait(run_id: UUID, district_id: UUID) -> SyncRun:
    give_up_at = time.monotonic() + LONGEST_WAIT
    while (run := _run(run_id, district_id)).state not in SETTLED:
        if time.monotonic() > give_up_at:
            raise Refused(f"The sync is still {run.state} after {LONGEST_WAIT // 60} minutes; it goes on by itself.")
        time.sleep(0.1)
    return run


def _told(run: SyncRun, *, counted: bool) -> Document:
    told: Document = {"run_id": str(run.id), "state": run.state}
    if run.reason:
        told["reason"] = run.reason
    return told | ({name: run.counts.get(name, 0) for name in COUNTS} if counted else {})
