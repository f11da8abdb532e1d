"""`rollbook undo`: take back what a run did."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.request_undo import CannotUndo, request_undo
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.jobs import queue
from webapp.store.database import directory
from webapp.store.questions.connections import district_of_run


@click.command()
@click.option("--run", "run_id", type=click.UUID, required=True)
@verb
def undo(data_dir: Path, run_id: UUID) -> Document:
    """Take back what this run did; what somebody changed since stays."""
    open_house(data_dir)
    with directory() as session:
        district_id = district_of_run(session, run_id)
    if district_id is None:
        raise Refused("There is no such run.")
    try:
        undo_id = request_undo(district_id, run_id, now=datetime.now(UTC))
    except CannotUndo as refusal:
        raise Refused(str(refusal)) from refusal
    queue.nudge(undo_id, district_id, fast=True)
    return {"run_id": str(undo_id)}
