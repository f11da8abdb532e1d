"""`rollbook scheduler`: the clock that makes periodic work due and finds what was missed."""

import signal
import threading
from pathlib import Path

import click

from webapp.commands.answers import verb
from webapp.commands.opening import open_house
from webapp.jobs.clock import run_forever


@click.command()
@verb
def scheduler(data_dir: Path) -> None:
    """Keep the clock, in front."""
    settings = open_house(data_dir)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_forever(settings, stop)
