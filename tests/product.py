"""The whole product as its users meet it: the pages, the workers and the scheduler as processes, over HTTP."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webapp.commands.parts import parts_of
from webapp.commands.running import write_running
from webapp.settings import Settings

if TYPE_CHECKING:
    from webapp.simulator.server import Sandbox


@dataclass(frozen=True)
class Product:
    """A running product, and the sandbox whose services it uses."""

    url: str
    data_dir: Path
    settings: Settings
    sandbox: Sandbox

    def rollbook(self, *words: str, refused: bool = False) -> Any:
        """Run a verb of the command line on it and return its JSON document."""
        command = [sys.executable, "-m", "webapp.commands.cli", *words, "--data-dir", str(self.data_dir), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == int(refused), done.stderr
        return json.loads(done.stdout)


@contextmanager
def running_product(settings: Settings, sandbox: Sandbox) -> Iterator[Product]:
    """Start the product on these settings, and stop it at the end."""
    told = {name: str(getattr(settings, name)) for name in settings.model_fields_set if name != "data_dir"}
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    write_running(settings.data_dir, told, {})
    port = int(settings.public_url.rpartition(":")[2])
    with parts_of(settings.data_dir) as parts:
        parts.start_product(port)
        parts.wait_until_healthy(port)
        yield Product(settings.public_url, settings.data_dir, settings, sandbox)


def free_port() -> int:
    """A port that nobody listens on, out of the range from which the system takes ports for outgoing connections."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("a hundred ports are taken")
