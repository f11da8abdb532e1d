"""Run as a script: become another user, be told when the parent is killed, and turn into the given program.

A script of its own, because Python code between fork and exec is not safe in a process that has threads.
Arguments: the parent's process id, the signal to get when it dies, a user name or nothing, the program and its own
arguments.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Replace this process by the program. Returns only by raising."""
    parent, death_signal, user, *command = sys.argv[1:]
    if user:
        _become(user)
    if sys.platform == "linux":
        # Only after the change of user, which would clear it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != int(parent):
        sys.exit("The process that started this one is gone.")
    os.execv(command[0], command)


def _become(user: str) -> None:
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    main()
