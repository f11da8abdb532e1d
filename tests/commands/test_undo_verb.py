"""`rollbook undo`: a run is taken back by a worker; what cannot be undone is refused with its reason."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.factory import a_house, a_teacher, classes, imported, worked
from tests.shared_roster import SharedRoster, SharedService
from webapp.settings import Settings
from webapp.store import database, seal


@pytest.fixture
def rollbook(settings: Settings, tmp_path: Path) -> Any:
    """Run a verb in a process of its own; its JSON document and exit code."""
    names = ("database_url", "queue_url", "secret_key", "token_keys", "public_url")
    env = os.environ | {f"ROLLBOOK_{name.upper()}": str(getattr(settings, name)) for name in names}
    database.connect(settings.database_url, pool_size=2)
    seal.use_keys(settings.token_keys)

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-m", "webapp.commands.cli", *words, "--data-dir", str(tmp_path), "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout or "{}")

    return run


def test_REL_14_undo_names_the_new_run_and_a_worker_takes_the_old_one_back(rollbook: Any) -> None:
    house, shared = a_house(), SharedRoster()
    shared.add_section("Biology", students=["s1"])
    run = imported(house, a_teacher(house), ["biology"], {"clever": SharedService(shared)}, now=datetime.now(UTC))
    code, told = rollbook("undo", "--run", str(run.id))
    assert code == 0 and list(told) == ["run_id"]
    assert worked(house, UUID(told["run_id"]), {}, datetime.now(UTC)).state == "done"
    assert classes(house) == {"Biology": "archived"}
    assert rollbook("undo", "--run", str(run.id)) == (1, {"error": "That was undone already."})


def test_an_undo_of_a_run_that_is_not_there_is_refused(rollbook: Any) -> None:
    assert rollbook("undo", "--run", str(uuid4())) == (1, {"error": "There is no such run."})
    assert rollbook("undo")[0] == 2
