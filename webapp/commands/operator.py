"""`rollbook operator`: the vendor's own people."""

from datetime import UTC, datetime
from pathlib import Path

import click

from webapp.actions.addresses import BadAddress
from webapp.actions.operators import CannotAdd, add_operator
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house
from webapp.jobs.queue import nudge_letters


@click.group()
def operator() -> None:
    """The vendor's people, outside every district."""


@operator.command("add")
@click.option("--email", required=True)
@verb
def add(data_dir: Path, email: str) -> Document:
    """Add an operator, who sets a password by the link."""
    settings = open_house(data_dir)
    try:
        token = add_operator(email, now=datetime.now(UTC))
    except (CannotAdd, BadAddress) as refusal:
        raise Refused(str(refusal)) from refusal
    nudge_letters()
    return {"invitation_url": f"{settings.public_url}/invitations/{token}"}
