"""Processes that we start: they die with us, and stop in good order when we do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

LEASH = Path(__file__).with_name("leash.py")
GRACE_SECONDS = 10.0
"""How long a child may take to finish what it is doing, before it is killed."""

Child = subprocess.Popen[bytes]


def leashed(
    command: Sequence[str | Path], *, death_signal: signal.Signals = signal.SIGTERM, user: str = ""
) -> list[str]:
    """The same command, but ended with `death_signal` when this process dies, and run as `user`."""
    leash = [sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), str(int(death_signal)), user]
    return leash + [str(part) for part in command]


def start_child(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGTERM,
    user: str = "",
    folder: Path | None = None,
    log: IO[bytes],
    piped: bool = False,
    env: Mapping[str, str] | None = None,
) -> Child:
    """Start a process that ends when we do and writes to `log`, or its stdout to a pipe that we read.

    Ctrl-C reaches only us, since it gets a session of its own.
    """
    return subprocess.Popen(
        leashed(command, death_signal=death_signal, user=user),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if piped else log,
        stderr=log,
        cwd=folder,
        env={**os.environ, **(env or {})},
        start_new_session=True,
    )


def stop_children(children: Iterable[Child], grace: float = GRACE_SECONDS) -> None:
    """Ask every child to end, wait, and kill what is left of them and of what they started."""
    alive = [child for child in children if child.poll() is None]
    families = [member for child in alive for member in _family(child.pid)]
    for child in alive:
        child.terminate()
    _wait(alive, grace)
    for child in alive:  # a worker lets its job finish at the first signal and drops it at the second
        if child.poll() is None:
            child.terminate()
    _wait(alive, grace / 5)
    _kill_all(families)
    for child in alive:
        child.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _wait(children: Sequence[Child], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(child.poll() is None for child in children):
        time.sleep(0.02)


def _kill_all(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        try:
            process.kill()  # psutil makes sure that the number still belongs to the same process
        except psutil.NoSuchProcess:
            continue
