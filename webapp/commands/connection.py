"""`rollbook connection`: connect a district to its rostering service, see how the connections are, and set them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.add_connection import ConnectionRefused, add_connection
from webapp.actions.connection_setting import SettingRefused
from webapp.actions.set_archive_after import set_archive_after
from webapp.actions.set_blackout import set_blackout
from webapp.actions.set_limits import set_limits
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.providers.table import TABLE, services
from webapp.store import seal
from webapp.store.database import directory
from webapp.store.questions.connections import connection_lines, district_of_connection

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


@connection.command()
@click.option("--connection", "connection_id", type=click.UUID, required=True)
@click.option("--share", type=int, required=True, help="Percent; more than 10 falls back after two hours.")
@verb
def limits(data_dir: Path, connection_id: UUID, share: int) -> Document:
    """Set how many removals at once wait for a person."""
    open_house(data_dir)
    with _settable():
        until = set_limits(_district_of(connection_id), connection_id, share, now=datetime.now(UTC))
    return {"connection_id": str(connection_id), "share": share, "until": until.isoformat() if until else None}


@connection.command()
@click.option("--connection", "connection_id", type=click.UUID, required=True)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]))
@verb
def blackout(data_dir: Path, connection_id: UUID, first: datetime | None, last: datetime | None) -> Document:
    """Leave a district's classes as they are on these days; without days, follow them again."""
    open_house(data_dir)
    days = (first.date() if first else None, last.date() if last else None)
    with _settable():
        set_blackout(_district_of(connection_id), connection_id, *days, now=datetime.now(UTC))
    return {"connection_id": str(connection_id)} | dict(zip(("from", "until"), map(_told, days), strict=True))


@connection.command("archive-after")
@click.option("--connection", "connection_id", type=click.UUID, required=True)
@click.option("--days", type=int, required=True, help="0 to 60; 14 unless it was set.")
@verb
def archive_after(data_dir: Path, connection_id: UUID, days: int) -> Document:
    """Set how long after its term's end a class is still updated before it goes to the archive."""
    open_house(data_dir)
    with _settable():
        set_archive_after(_district_of(connection_id), connection_id, days, now=datetime.now(UTC))
    return {"connection_id": str(connection_id), "archive_after_days": days}


@contextmanager
def _settable() -> Iterator[None]:
    try:
        yield
    except SettingRefused as refusal:
        raise Refused(str(refusal)) from refusal


def _told(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _district_of(connection_id: UUID) -> UUID:
    with directory() as session:
        district_id = district_of_connection(session, connection_id)
    if district_id is None:
        raise Refused("There is no such connection.")
    return district_id
