"""Processes that we start: nobody is left when we stop, or are killed."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil

from webapp.commands.children import start_child, stop_children

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
PARENT = """
import sys, time
from pathlib import Path
from webapp.commands.children import start_child
with open(sys.argv[1], "ab") as log:
    child = start_child([sys.executable, "-c", "import time; time.sleep(600)"], log=log)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    child.wait(30)
    assert not child.is_running()


def test_a_child_that_heeds_no_signal_is_killed_in_the_end(tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("ab") as log,
        start_child([sys.executable, "-c", STUBBORN], log=log, piped=True) as child,
    ):
        assert child.stdout is not None
        child.stdout.readline()
        stop_children([child], grace=0.2)
        assert child.returncode == -signal.SIGKILL


def test_what_a_child_says_lands_in_its_log(tmp_path: Path) -> None:
    log_file = tmp_path / "log"
    words = "import sys; print('one', flush=True); print('two', file=sys.stderr)"
    with log_file.open("ab") as log, start_child([sys.executable, "-c", words], log=log) as child:
        child.wait(30)
    assert log_file.read_text().split() == ["one", "two"]
