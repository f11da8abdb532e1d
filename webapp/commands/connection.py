"""`rollbook connection`: connect a district to its rostering service, and see how the connections are."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.add_connection import ConnectionRefused, add_connection
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.providers.table import TABLE, services
from webapp.store import seal
from webapp.store.questions.connections import connection_lines

METHODS = ("teacher_choice",)
"""The methods that work today; the others of product.md come with their issue."""


@click.group()
def connection() -> None:
    """Links between districts and their rostering services."""


@connection.command("add")
@click.option("--license", "license_id", type=click.UUID, required=True)
@click.option("--provider", type=click.Choice([one.key for one in TABLE]), required=True)
@click.option("--district", required=True, help="The district's own id at that service.")
@click.option("--method", type=click.Choice(METHODS), default="teacher_choice", show_default=True)
@verb
def add(data_dir: Path, license_id: UUID, provider: str, district: str, method: str) -> Document:
    """Connect a license's district."""
    settings = open_house(data_dir)
    seal.use_keys(settings.token_keys)
    try:
        made = add_connection(
            license_id, provider, district, method=method, services=services(settings), now=datetime.now(UTC)
        )
    except ConnectionRefused as refusal:
        raise Refused(str(refusal)) from refusal
    told: Document = {"connection_id": str(made.id), "state": made.state}
    return told | ({"reason": made.state_reason} if made.state_reason else {})


@connection.command("list")
@click.option("--license", "license_id", type=click.UUID)
@verb
def list_(data_dir: Path, license_id: UUID | None) -> Document:
    """Show connections: all, or those that serve one license."""
    open_house(data_dir)
    return {"connections": connection_lines(license_id)}
