"""The parts of a running product: one process per verb, each with its own log, found and stopped together."""

import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import urllib3

from webapp.commands.answers import Refused
from webapp.commands.children import Child, start_child, stop_children

log = logging.getLogger(__name__)

PARTS = {"web": ["web"], "worker-1": ["worker"], "worker-2": ["worker"], "scheduler": ["scheduler"]}
HEALTHY_SECONDS = 60.0
MOST_RESTARTS, RESTARTS_SECONDS = 5, 60.0
"""Parts that end by themselves more often are not started again: something is wrong that a person must see."""


class Parts:
    """The processes of one data dir, by name."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._children: dict[str, Child] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._restarts: list[float] = []

    def start(self, name: str, *words: str, piped: bool = False, env: Mapping[str, str] | None = None) -> Child:
        """Start `rollbook WORDS` on our data dir, with its log in logs/NAME.log there."""
        command = [sys.executable, "-m", "webapp.commands.cli", *words, "--data-dir", str(self._data_dir)]
        self._words[name] = words
        log_file = self._data_dir / "logs" / f"{name}.log"
        log_file.parent.mkdir(exist_ok=True)
        with log_file.open("ab") as book:
            self._children[name] = start_child(command, log=book, piped=piped, env=env)
        return self._children[name]

    def start_product(self, port: int) -> None:
        """Start the pages, the workers and the scheduler."""
        for name, words in PARTS.items():
            self.start(name, *words, *(["--port", str(port)] if name == "web" else []))

    def pids(self) -> dict[str, int]:
        """The process id of each part."""
        return {name: child.pid for name, child in self._children.items()}

    def start_dead_again(self) -> None:
        """A part of the product that has ended by itself runs again. Raises Refused where that happens all the time."""
        for name, child in list(self._children.items()):
            if child.poll() is not None and name in PARTS:
                lately = [when for when in self._restarts if when > time.monotonic() - RESTARTS_SECONDS]
                if len(lately) >= MOST_RESTARTS:
                    break
                self._restarts = [*lately, time.monotonic()]
                log.warning("the part %s ended with code %s and is started again", name, child.returncode)
                self.start(name, *self._words[name])
        self.refuse_dead()

    def refuse_dead(self) -> None:
        """Raise Refused where a part has ended by itself."""
        for name, child in self._children.items():
            if child.poll() is not None:
                where = self._data_dir / "logs" / f"{name}.log"
                raise Refused(f"The part '{name}' ended with code {child.returncode}; its reasons stand in {where}.")

    def wait_until_healthy(self, port: int) -> None:
        """Return when the pages answer. Raises Refused where they never do."""
        deadline = time.monotonic() + HEALTHY_SECONDS
        while not _answers(f"http://localhost:{port}/healthz"):
            self.refuse_dead()
            if time.monotonic() > deadline:
                raise Refused(f"The pages do not answer; their reasons stand in {self._data_dir / 'logs' / 'web.log'}.")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop them all."""
        stop_children(self._children.values())


@contextmanager
def parts_of(data_dir: Path) -> Iterator[Parts]:
    """The parts of this data dir, none started yet, all stopped at the end."""
    parts = Parts(data_dir)
    try:
        yield parts
    finally:
        parts.stop()


def _answers(url: str) -> bool:
    with urllib3.PoolManager(retries=False, timeout=5) as pool:
        try:
            return pool.request("GET", url).status == 200
        except urllib3.exceptions.HTTPError:
            return False
