"""The sandbox's state as one JSON file, so that it survives a restart."""

import logging
import os
from pathlib import Path
from typing import Any

import msgspec

from webapp.simulator.world import District

log = logging.getLogger(__name__)


class Saved(msgspec.Struct):
    """Everything that is worth keeping: the districts with what was recorded of them, and the key that signs."""

    districts: list[District]
    signing_key: dict[str, Any]


def save(saved: Saved, path: Path) -> None:
    """Replace the file at once, so that a kill leaves the old or the new state, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(msgspec.json.encode(saved))
    os.replace(fresh, path)


def load(path: Path | None) -> Saved | None:
    """The state saved there, or nothing; one that another version saved is set aside, and the sandbox begins anew."""
    if path is None or not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=Saved)
    except msgspec.DecodeError as error:
        aside = path.with_name(path.name + ".old")
        os.replace(path, aside)
        log.warning(
            "The sandbox's saved state can't be read (%s): it lies in %s, and a new one begins.", error, aside.name
        )
        return None
