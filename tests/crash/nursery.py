"""A process that has imported everything and has no threads: each process of a case is a fork of it, made in no time.

It is told what to start on stdin, and says on stdout whom it has started and how each ended, a JSON line each.
"""

import ctypes
import gc
import json
import logging
import os
import select
import sys
import traceback
from typing import Any, NoReturn

from sqlalchemy.orm import configure_mappers

from tests.crash import roles
from webapp.settings import Settings

WATCH_SECONDS = 0.01
PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Fork what is asked for until stdin ends."""
    roles.shrink()
    if sys.platform == "linux":
        # A child that outlives its parent becomes ours, so that its end is seen.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    asked = b""
    configure_mappers()
    gc.collect()
    gc.freeze()  # forks share these pages only while the collector does not touch them
    while True:
        if select.select([0], [], [], WATCH_SECONDS)[0]:
            told = os.read(0, 65536)
            if not told:
                return
            *orders, asked = (asked + told).split(b"\n")
            for order in orders:
                _start(json.loads(order))
        _bury()


def _start(order: dict[str, Any]) -> None:
    pid = os.fork()
    if pid == 0:
        _become(order)
    _say(started=order["number"], pid=pid)


def _bury() -> None:
    """Say who has ended, and how."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _say(ended=pid, code=os.waitstatus_to_exitcode(status))


def _become(order: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(log, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["env"])
        logging.basicConfig(level="INFO", stream=sys.stderr)
        settings = Settings(_env_file=None, **order["settings"])
        roles.open_house(settings, order["day"])
        roles.ROLES[order["role"]](settings, **order["more"])
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _say(**words: int) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


if __name__ == "__main__":
    main()
