"""`rollbook invite`: ask somebody to a license."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from webapp.actions.addresses import BadAddress
from webapp.actions.invite import ROLES, CannotInvite
from webapp.actions.invite import invite as invite_to
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.jobs.queue import nudge_letters
from webapp.store.database import directory
from webapp.store.questions.licensing import license_district


@click.command()
@click.option("--license", "license_id", type=click.UUID, required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(ROLES), default="teacher", show_default=True)
@click.option("--school", help="For a school administrator: the NCES or source id of the school.")
@verb
def invite(data_dir: Path, license_id: UUID, email: str, role: str, school: str | None) -> Document:
    """Invite somebody to a license by e-mail."""
    settings = open_house(data_dir)
    with directory() as session:
        district_id = license_district(session, license_id)
    if district_id is None:
        raise Refused("There is no such license.")
    try:
        invited = invite_to(district_id, license_id, email, role, school=school, now=datetime.now(UTC))
    except (CannotInvite, BadAddress) as refusal:
        raise Refused(str(refusal)) from refusal
    nudge_letters()
    return {
        "invitation_id": str(invited.invitation_id),
        "invitation_url": f"{settings.public_url}/invitations/{invited.token}",
    }
