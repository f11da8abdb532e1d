"""What `rollbook run` leaves in its data dir: its secrets, made once, and while it runs, where its servers answer."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet

from webapp.commands.answers import Refused
from webapp.settings import RUNNING_FILE

SECRETS_FILE = "secrets.json"
LOCK_FILE = "run.lock"


@contextmanager
def only_run(data_dir: Path) -> Iterator[None]:
    """Hold the data dir for this process. Raises Refused where another run holds it, or it is another user's."""
    with _open_lock(data_dir) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # freed by the kernel, however this process ends
        except BlockingIOError as error:
            raise Refused(
                f"Another `rollbook run` is using {data_dir}: stop it, or choose another --data-dir."
            ) from error
        yield


def _open_lock(data_dir: Path) -> IO[str]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return (data_dir / LOCK_FILE).open("w")
    except PermissionError as error:
        raise Refused(
            f"{data_dir} belongs to another user: start as that user, or choose another --data-dir."
        ) from error


def own_secrets(data_dir: Path) -> dict[str, str]:
    """The secrets of this data dir, made at the first call."""
    path = data_dir / SECRETS_FILE
    if not path.exists():
        made = {"secret_key": secrets.token_urlsafe(48), "token_keys": Fernet.generate_key().decode()}
        write_private(path, json.dumps(made))
    return dict(json.loads(path.read_text()))


def settings_named(environment: Mapping[str, str]) -> dict[str, str]:
    """Settings named as in the environment, by their field names."""
    return {name.removeprefix("ROLLBOOK_").lower(): value for name, value in environment.items()}


def write_running(data_dir: Path, settings: Mapping[str, str], pids: Mapping[str, int]) -> None:
    """Tell the other verbs where the servers of this run are; `settings` by field name."""
    write_private(data_dir / RUNNING_FILE, json.dumps({"settings": dict(settings), "pids": dict(pids)}, indent=1))


def forget_running(data_dir: Path) -> None:
    """Take that back."""
    (data_dir / RUNNING_FILE).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
