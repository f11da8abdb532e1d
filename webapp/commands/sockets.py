"""Where sockets lie: beside their data, or in a private temporary folder where that path is too long for a socket."""

import hashlib
import os
import pwd
import stat
import tempfile
from pathlib import Path

from webapp.commands.answers import Refused

MAX_BYTES = 100
"""Linux takes 107 bytes and macOS 103; past that a socket can't be bound."""


def socket_folder(wanted: Path, name: str, owner: str = "") -> Path:
    """A folder for the socket `name`: the wanted one, or always the same private one if that is too long."""
    if len(os.fsencode(wanted.resolve() / name)) <= MAX_BYTES:
        return wanted.resolve()
    mark = hashlib.sha256(os.fsencode(wanted.resolve())).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"rollbook-{os.geteuid()}-{mark}"
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    wanted_uid = pwd.getpwnam(owner).pw_uid if owner else os.geteuid()
    # The temporary folder is everybody's: what lies there under our name may be a stranger's trap.
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077 or found.st_uid not in (os.geteuid(), wanted_uid):
        raise Refused(f"{short} is not a private folder of ours: remove it, or choose a shorter --data-dir.")
    os.chown(short, wanted_uid, -1)
    return short
