"""`rollbook web`: the pages, served by Granian."""

import gc
import os
from functools import partial
from pathlib import Path

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from webapp.commands.answers import verb
from webapp.commands.opening import checked_settings
from webapp.commands.ports import refuse_taken_port
from webapp.settings import load_settings
from webapp.views import create_app

WORKERS = 2
THREADS = 16
"""Per worker. A sign-in that waits for its provider holds one; the others go on."""
STOP_SECONDS = 8
LOGGING = {
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}},
    "loggers": {"_granian": {"handlers": ["console"], "propagate": False}},
}


@click.command()
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@verb
def web(data_dir: Path, port: int, host: str) -> None:
    """Serve the pages, in front."""
    refuse_taken_port(host, port)
    if "public_url" not in load_settings(data_dir).model_fields_set:
        os.environ["ROLLBOOK_PUBLIC_URL"] = f"http://localhost:{port}"
    checked_settings(data_dir)  # a wrong setting is one sentence here, not a trace in every worker
    Granian(
        str(data_dir),
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
    ).serve(target_loader=partial(load_app, data_dir), wrap_loader=False)


def load_app(data_dir: Path | None) -> Flask:
    """The web application of this data dir, with its database open, ready to be served by this process."""
    app = create_app(checked_settings(data_dir))
    gc.collect()
    gc.freeze()  # what start-up made lives as long as the process: keep the collector from walking it again and again
    return app
