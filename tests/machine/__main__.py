"""`make soak MINUTES=30`: the machine for as long as you like, from a seed that it prints.

A case that fails is kept under `var/machine`, with its shortest steps and the line that plays it again.
"""

import argparse
import io
import secrets
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from tests.machine.days import Days
from tests.machine.playing import a_neighbour, play
from tests.network_guard import close_the_network
from tests.servers import empty, running_servers
from webapp.store.database import connect

KEPT = Path("var") / "machine"
MEMORY = Path("/dev/shm")
"""Where there is a disk in memory, the servers' files lie on it: a sync makes and drops a hundred of them."""


def main() -> None:
    """Rounds of random days until the minutes are over; exit code 1 where the product and the model parted."""
    asked = _arguments()
    close_the_network()
    if MEMORY.is_dir():
        tempfile.tempdir = str(MEMORY)
    ends, number, failures = time.monotonic() + 60 * asked.minutes, asked.seed, 0
    with running_servers() as servers:
        url = servers.database("soak")
        engine = connect(url, pool_size=5)
        while failures < asked.failures and (time.monotonic() < ends or number == asked.seed):
            empty(url)
            failures += not _round(number, asked)
            number += 1
            print(f"seed {number - 1}: {Days.steps} steps, {Days.syncs} syncs, {failures} failures", flush=True)
        engine.dispose()
    print(f"Soaked from seed {asked.seed}: {Days.steps} steps done, {Days.syncs} syncs, {failures} failures.")
    sys.exit(1 if failures else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--examples", type=int, default=20, help="a round")
    parser.add_argument("--steps", type=int, default=25, help="an example")
    parser.add_argument("--failures", type=int, default=3, help="stop after so many")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    return parser.parse_args()


def _round(number: int, asked: argparse.Namespace) -> bool:
    """True where all went well; else the shortest steps that part the two are kept as a file."""
    Days.neighbour = a_neighbour()
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            play(number, examples=asked.examples, steps=asked.steps, shrink=asked.shrink)
    except Exception as error:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{number}.txt").write_text(_told(number, asked, said.getvalue(), error))
        print((KEPT / f"{number}.txt").read_text())
        return False
    return True


def _told(number: int, asked: argparse.Namespace, said: str, error: Exception) -> str:
    """What to run to see it again, and the steps that led there."""
    again = f"--minutes 0 --seed {number} --examples {asked.examples} --steps {asked.steps}"
    again += "" if asked.shrink else " --no-shrink"
    notes = getattr(error, "__notes__", [])
    return "\n".join([f"Again: python -m tests.machine {again}", said, repr(error), str(error), *notes])


main()
