"""The other end of the nursery: start a process in it, wait for its end, find the child that does its job."""

import json
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from tests.crash.roles import AT_WORK

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which something that must happen is taken for never happening."""


class NeverHappened(AssertionError):
    """What a case waits for did not come."""


@dataclass
class Member:
    """One process of a case."""

    pid: int
    log: Path
    ended: "queue.Queue[int]" = field(default_factory=queue.Queue)

    def wait(self) -> int:
        """Its exit code; minus nine where it was killed."""
        try:
            return self.ended.get(timeout=PATIENCE)
        except queue.Empty:
            raise NeverHappened(f"process {self.pid} does not end; its log:\n{self.log.read_text()}") from None

    def kill(self) -> int:
        """It is gone, by signal 9; its exit code."""
        psutil.Process(self.pid).kill()
        return self.wait()

    def kill_family(self) -> None:
        """It is gone, and so is the child that does its job."""
        for pid in [self.pid, *self._children()]:
            if psutil.pid_exists(pid):
                psutil.Process(pid).kill()

    def is_at_work(self) -> bool:
        """True while it has a child that does a job."""
        return any(map(psutil.pid_exists, self._children()))

    def stopped_child(self) -> psutil.Process:
        """The child that does its job, once that has stopped at its checkpoint."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for pid in self._children():
                if psutil.pid_exists(pid) and psutil.Process(pid).status() == psutil.STATUS_STOPPED:
                    return psutil.Process(pid)
            time.sleep(0.02)
        raise NeverHappened(f"nobody stopped; the log:\n{self.log.read_text()}")

    def _children(self) -> list[int]:
        """Those that do or did its jobs."""
        return [int(pid) for pid in re.findall(rf"^{AT_WORK} (\d+)$", self.log.read_text(), re.MULTILINE)]


class Nursery:
    """The running nursery."""

    def __init__(self, home: Path) -> None:
        self._home, self._numbers, self._lock = home, count(1), threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        self._born: dict[int, queue.Queue[int]] = {}
        self._members: dict[int, Member] = {}
        self._early: dict[int, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def start(
        self, role: str, settings: Mapping[str, Any], *, day: str = "after", checkpoint: str = "", **more: Any
    ) -> Member:
        """Start a process in this role; `checkpoint` is what the environment says of it."""
        number = next(self._numbers)
        log = self._home / f"{number}-{role}.log"
        log.touch()
        env = {"ROLLBOOK_CHECKPOINT": checkpoint} if checkpoint else {}
        order = {"number": number, "role": role, "settings": settings, "day": day, "env": env, "log": str(log)}
        born = self._born[number] = queue.Queue()
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order | {"more": more}).encode() + b"\n")
            self._process.stdin.flush()
        return self._known(born.get(timeout=PATIENCE), log)

    def _known(self, pid: int, log: Path) -> Member:
        with self._lock:
            member = self._members[pid] = Member(pid, log)
            if pid in self._early:
                member.ended.put(self._early.pop(pid))
        return member

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            if "started" in told:
                self._born[told["started"]].put(told["pid"])
                continue
            with self._lock:
                if told["ended"] in self._members:
                    self._members.pop(told["ended"]).ended.put(told["code"])
                else:
                    self._early[told["ended"]] = told["code"]

    def close(self) -> None:
        """Everybody who is left is gone, and the nursery with them."""
        left = psutil.Process(self._process.pid).children(recursive=True)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        for one in left:
            if one.is_running():
                one.kill()
        self._process.stdout.close()


@contextmanager
def a_nursery(home: Path) -> Iterator[Nursery]:
    """A nursery, gone at the end."""
    nursery = Nursery(home)
    try:
        yield nursery
    finally:
        nursery.close()
