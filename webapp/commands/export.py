"""`rollbook export`: what Rollbook holds for a license, as OneRoster 1.1 CSV."""

from pathlib import Path
from uuid import UUID

import click

from webapp.actions.export_license import NoSuchLicense, export_license
from webapp.commands.answers import Document, Refused, verb
from webapp.commands.opening import open_house


@click.command()
@click.option("--license", "license_id", type=click.UUID, required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@verb
def export(data_dir: Path, license_id: UUID, out: Path) -> Document:
    """Write the rosters and the journal to a folder."""
    open_house(data_dir)
    try:
        files = export_license(license_id, out)
    except NoSuchLicense as refusal:
        raise Refused(str(refusal)) from refusal
    return {"files": [str(path) for path in files]}
