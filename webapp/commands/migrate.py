"""`rollbook migrate`: bring the database up to the newest schema."""

from pathlib import Path

import click

from webapp.commands.answers import Document, Refused, verb
from webapp.settings import load_settings
from webapp.store.migrations import migrate as migrate_database


@click.command()
@verb
def migrate(data_dir: Path) -> Document:
    """Bring the database up to the newest schema. Safe to run twice."""
    url = load_settings(data_dir).database_url
    if not url:
        raise Refused("There is no database: start `rollbook run` first, or set ROLLBOOK_DATABASE_URL.")
    return {"revision": migrate_database(url)}
