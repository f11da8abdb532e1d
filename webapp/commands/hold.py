"""`rollbook hold`: see what waits for a person, and decide it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.decide_hold import NothingHeld, approve_hold, discard_hold
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.jobs import queue
from webapp.store.database import directory, tenant
from webapp.store.questions.connections import district_of_run, held_run_heads
from webapp.store.questions.runs import held_counts, run_by_id
from webapp.store.tables import SyncRun


@click.group()
def hold() -> None:
    """Removals that wait for a person."""


@hold.command("list")
@click.option("--connection", "connection_id", type=click.UUID)
@verb
def list_(data_dir: Path, connection_id: UUID | None) -> Document:
    """Show what waits, and why."""
    open_house(data_dir)
    with directory() as session:
        heads = held_run_heads(session, connection_id)
    return {"holds": [_line(run_id, held_by, district_id) for run_id, held_by, district_id in heads]}


def _line(run_id: UUID, connection_id: UUID, district_id: UUID) -> Document:
    with tenant(district_id) as session:
        run = run_by_id(session, run_id)
        removed, classes = held_counts(session, run_id)
    return {
        "run_id": str(run_id),
        "connection_id": str(connection_id),
        "reason": run.reason if run else "",
        "removed": removed,
        "classes": classes,
    }


@hold.command()
@click.option("--run", "run_id", type=click.UUID, required=True)
@verb
def approve(data_dir: Path, run_id: UUID) -> Document:
    """Let exactly the held removals go ahead."""
    return _decide(data_dir, run_id, approve_hold)


@hold.command()
@click.option("--run", "run_id", type=click.UUID, required=True)
@verb
def discard(data_dir: Path, run_id: UUID) -> Document:
    """Drop the held removals; everything stays as it is."""
    return _decide(data_dir, run_id, discard_hold)


def _decide(data_dir: Path, run_id: UUID, decision: Callable[..., SyncRun]) -> Document:
    settings = open_house(data_dir)
    queue.connect(settings.queue_url)
    with directory() as session:
        district_id = district_of_run(session, run_id)
    if district_id is None:
        raise Refused("There is no such run.")
    try:
        run = decision(district_id, run_id, now=datetime.now(UTC))
    except NothingHeld as refusal:
        raise Refused(str(refusal)) from refusal
    if run.state == "requested":
        queue.nudge(run.id, district_id, fast=True)
    return {"run_id": str(run.id), "state": run.state}
