"""`rollbook license`: what districts bought."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.addresses import BadAddress
from webapp.actions.create_license import CannotCreate, LicenseOrder, create_license
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.jobs.queue import nudge_letters


@click.group()
def license() -> None:
    """Licenses, and with each first one its district."""


@license.command("create")
@click.option("--name", required=True)
@click.option("--seats", type=int, required=True, help="Student seats.")
@click.option("--admin-email", required=True, help="Who is invited to look after it.")
@click.option("--teacher-seats", type=int, help="No limit if left out.")
@click.option("--ends", type=click.DateTime(["%Y-%m-%d"]), help="The last day; open-ended if left out.")
@click.option("--district", type=click.UUID, help="The district it belongs to; a new one if left out.")
@click.option("--school", "schools", multiple=True, help="NCES or source id of a covered school; all if left out.")
@click.option("--time-zone", default="America/New_York", show_default=True)
@verb
def create(
    data_dir: Path,
    name: str,
    seats: int,
    admin_email: str,
    teacher_seats: int | None,
    ends: datetime | None,
    district: UUID | None,
    schools: tuple[str, ...],
    time_zone: str,
) -> Document:
    """Create a license and invite its admin."""
    settings = open_house(data_dir)
    order = LicenseOrder(name, seats, admin_email, teacher_seats, ends.date() if ends else None, schools, time_zone)
    try:
        made = create_license(order, now=datetime.now(UTC), district_id=district)
    except (CannotCreate, BadAddress) as refusal:
        raise Refused(str(refusal)) from refusal
    nudge_letters()
    return {
        "license_id": str(made.license_id),
        "district_id": str(made.district_id),
        "invitation_url": f"{settings.public_url}/invitations/{made.invitation.token}",
    }
