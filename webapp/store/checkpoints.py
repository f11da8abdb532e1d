"""Named places at which the crash tests kill or stop a process. Everywhere else they do nothing (safety.md TEST-4)."""

import os
import signal
from collections import Counter

VARIABLE = "ROLLBOOK_CHECKPOINT"
"""Names one place, what happens there (`kill` or `stop`), and the how-manieth passing it is: `sweep.found kill 1`."""

_passed: Counter[str] = Counter()


def checkpoint(name: str) -> None:
    """Nothing has happened, unless the environment names this place: then this process was killed or stopped here."""
    told = os.environ.get(VARIABLE)
    if told is not None:
        _pass(name, *told.split())


def _pass(name: str, place: str, action: str, passing: str) -> None:
    _passed[name] += 1
    if name == place and _passed[name] == int(passing):
        os.kill(os.getpid(), signal.SIGKILL if action == "kill" else signal.SIGSTOP)
