"""`rollbook sandbox`: the made-up district behind simulated rostering services, as a process of its own."""

import json
import os
import signal
import threading
from pathlib import Path

import click

from webapp.commands.answers import Refused, verb, wants_json
from webapp.commands.logs import configure_logs
from webapp.commands.ports import refuse_taken_port
from webapp.simulator.server import PUBLIC_URL, Sandbox

STATE_FILE = "sandbox.json"


@click.command()
@click.option("--port", type=int, default=8100, show_default=True, help="0 takes any free port.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with OneRoster 1.1 CSV files: its district, instead of the made-up one.",
)
@verb
def sandbox(data_dir: Path, port: int, source: Path | None) -> None:
    """Serve the simulated rostering services, in front, until Ctrl-C."""
    configure_logs("INFO")
    if port:
        refuse_taken_port("127.0.0.1", port)
    # A folder is read afresh at each start; the made-up district keeps what time did to it.
    state = None if source else _state_file(data_dir)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = _start(port, state, source)
    _introduce(running)
    stop.wait()
    running.stop()


def _state_file(data_dir: Path) -> Path:
    data_dir.mkdir(parents=True, exist_ok=True)
    return data_dir / STATE_FILE


def _start(port: int, state: Path | None, source: Path | None) -> Sandbox:
    public_url = os.environ.get("ROLLBOOK_PUBLIC_URL", PUBLIC_URL)
    try:
        return Sandbox.start(port, state, source, public_url)
    except (OSError, ValueError, KeyError) as error:
        raise Refused(f"The sandbox cannot start: {error}") from error


def _introduce(running: Sandbox) -> None:
    told = running.introduction()
    if wants_json():
        click.echo(json.dumps(told))
        return
    click.echo(f"The sandbox answers on {told['url']}. The settings that an app needs to use it:\n")
    for name, value in told["settings"].items():
        click.echo(f"{name}={value}")
    for district, shown in zip(running.stage.districts, told["districts"], strict=True):
        names = running.stage.names(district).items()
        called = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in names)
        click.echo(f"\n{district.name}: {called}. Sign in there as")
        for person in shown["people"]:
            click.echo(f"  {person['name']} ({person['role']}, {person['sections']} sections)")
