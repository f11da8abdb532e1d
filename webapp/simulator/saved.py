"""The sandbox's state as one JSON file, so that it survives a restart."""

import os
from pathlib import Path
from typing import Any

import msgspec

from webapp.simulator.world import District


class Saved(msgspec.Struct):
    """Everything that is worth keeping: the districts, and the key that ClassLink signs with."""

    districts: list[District]
    signing_key: dict[str, Any]


def save(saved: Saved, path: Path) -> None:
    """Replace the file at once, so that a kill leaves the old or the new state, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(msgspec.json.encode(saved))
    os.replace(fresh, path)


def load(path: Path | None) -> Saved | None:
    """The state saved there, or nothing."""
    if path is None or not path.exists():
        return None
    return msgspec.json.decode(path.read_bytes(), type=Saved)
