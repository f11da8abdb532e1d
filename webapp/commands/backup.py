"""`rollbook backup` and `rollbook restore`: all that Rollbook holds as one file, and back into an empty database."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict

from webapp.commands.answers import Document, Refused, verb
from webapp.commands.postgres import programs
from webapp.settings import load_settings
from webapp.store.migrations import migrate

FILE = click.Path(dir_okay=False, path_type=Path)
NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
# Roles belong to the server, not to the database, so that no dump holds them; see the first migration.
ROLES = """
do $$
declare
    house_role text;
begin
    foreach house_role in array array['rollbook_app', 'rollbook_directory'] loop
        if not exists (select from pg_roles where rolname = house_role) then
            execute format('create role %I nologin noinherit nobypassrls', house_role);
        end if;
        execute format('grant %I to %I', house_role, current_user);
    end loop;
    execute format('grant temporary on database %I to rollbook_app', current_database());
end $$
"""


@click.command()
@click.option("--out", type=FILE, required=True, help="The file to write; only its owner can read it.")
@verb
def backup(data_dir: Path, out: Path) -> Document:
    """Write everything that the database holds to one file, as of one moment, while people go on working."""
    half = out.with_name(f"{out.name}.part")
    half.unlink(missing_ok=True)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _run(_database(data_dir), "pg_dump", "--format=custom", "--no-owner", f"--file={half}")
    half.replace(out)
    return {"file": str(out), "bytes": out.stat().st_size}


@click.command()
@click.option("--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@verb
def restore(data_dir: Path, file: Path) -> Document:
    """Fill an empty database from a backup, all of it or nothing, and bring it up to the newest schema."""
    url = _database(data_dir)
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        if connection.execute("select 1 from pg_tables where schemaname = 'public' limit 1").fetchone():
            raise Refused("This database is not empty: a backup is restored into an empty one only.")
        connection.execute(ROLES.encode())
    # By the connection's own database name; --create would take the one of the backup.
    name = _environment(url)["PGDATABASE"]
    _run(url, "pg_restore", "--single-transaction", "--no-owner", f"--dbname={name}", str(file))
    return {"revision": migrate(url)}


def _database(data_dir: Path) -> str:
    url = load_settings(data_dir).database_url
    if not url:
        raise Refused("There is no database: start `rollbook run` first, or set ROLLBOOK_DATABASE_URL.")
    return url


def _run(url: str, program: str, *words: str) -> None:
    """The program has done it. Raises Refused with its last words."""
    command = [str(programs() / program), *words]
    done = subprocess.run(command, env={**os.environ, **_environment(url)}, capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"{program} did not succeed: {done.stderr.strip()}")


def _environment(url: str) -> Mapping[str, str]:
    """Where the database is, told so that no other user of the machine can read the password."""
    told = conninfo_to_dict(_plain(url))
    return {NAMES[name]: str(value) for name, value in told.items() if name in NAMES}


def _plain(url: str) -> str:
    return url.replace("+psycopg", "", 1)
