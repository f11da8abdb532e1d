"""`rollbook run`: the whole product on one machine, with embedded servers and a made-up district."""

import json
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import click

from webapp.commands.answers import Document, answer, verb, wants_json
from webapp.commands.embedded import embedded_servers
from webapp.commands.parts import Parts, parts_of
from webapp.commands.ports import refuse_taken_port
from webapp.commands.running import forget_running, only_run, own_secrets, settings_named, write_running
from webapp.settings import load_settings
from webapp.store.migrations import migrate

WATCH_SECONDS = 0.3
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Somebody pressed Ctrl-C or asked this process to end."""


@click.command()
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True)
@click.option("--no-sandbox", is_flag=True, help="Without the made-up district and its simulated services.")
@verb
def run(data_dir: Path, port: int, no_sandbox: bool) -> None:
    """Start the whole product, in front, until Ctrl-C."""
    as_json = wants_json()
    for number in STOP_SIGNALS:
        signal.signal(number, _stop)
    try:
        supervise(
            data_dir.resolve(), port, with_sandbox=not no_sandbox, tell=lambda told: answer(told, as_json=as_json)
        )
    except StopRequested:
        click.echo("Stopped.", err=True)


def supervise(data_dir: Path, port: int, *, with_sandbox: bool, tell: Callable[[Document], None]) -> NoReturn:
    """Start everything, tell what to open, and watch. Ends by StopRequested or Refused, with nothing left running."""
    with ExitStack() as stack:
        try:
            stack.enter_context(only_run(data_dir))
            parts, told = _bring_up(stack, data_dir, port, with_sandbox=with_sandbox)
            tell(told)
            while True:
                parts.start_dead_again()
                time.sleep(WATCH_SECONDS)
        finally:
            _heed_no_more_signals()  # a second Ctrl-C must not break the tidying up


def _bring_up(stack: ExitStack, data_dir: Path, port: int, *, with_sandbox: bool) -> tuple[Parts, Document]:
    forget_running(data_dir)  # one that was killed left its own
    refuse_taken_port("127.0.0.1", port)
    settings = _base_settings(data_dir, port)
    servers = stack.enter_context(embedded_servers(data_dir, settings["database_url"], settings["queue_url"]))
    settings |= {"database_url": servers.database_url, "queue_url": servers.queue_url}
    migrate(servers.database_url)

    parts = stack.enter_context(parts_of(data_dir))
    introduction = _start_sandbox(parts, settings) if with_sandbox else {}
    stack.callback(forget_running, data_dir)
    write_running(data_dir, settings, parts.pids())  # the parts read their settings there
    parts.start_product(port)
    write_running(data_dir, settings, parts.pids())
    parts.wait_until_healthy(port)
    return parts, {"open": settings["public_url"], **_seed(data_dir, introduction)}


def _base_settings(data_dir: Path, port: int) -> dict[str, str]:
    """What holds before any server runs: the environment's word, else what this data dir made itself.

    All that was given is among it, so that a verb typed in another shell finds the same services.
    """
    told = load_settings(data_dir)
    own = {"public_url": f"http://localhost:{port}", **own_secrets(data_dir)}
    given = {name: str(getattr(told, name)) for name in told.model_fields_set - {"data_dir"} if getattr(told, name)}
    return {**own, **given, "database_url": told.database_url, "queue_url": told.queue_url}


def _start_sandbox(parts: Parts, settings: dict[str, str]) -> dict[str, Any]:
    """Start the made-up district, add to `settings` what an app needs to use it, and return what it says of itself."""
    env = {"ROLLBOOK_PUBLIC_URL": settings["public_url"]}
    child = parts.start("sandbox", "sandbox", "--json", "--port", "0", piped=True, env=env)
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        child.wait()
        parts.refuse_dead()
    introduction: dict[str, Any] = json.loads(line)
    settings |= {**settings_named(introduction["settings"]), "sandbox_url": introduction["url"]}
    return introduction


def _seed(data_dir: Path, introduction: dict[str, Any]) -> Document:
    if not introduction:
        return {}
    from webapp.commands.demo import seed  # a run without a sandbox needs none of it

    return seed(load_settings(data_dir), introduction)


def _stop(_number: int, _frame: object) -> NoReturn:
    _heed_no_more_signals()
    raise StopRequested


def _heed_no_more_signals() -> None:
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
