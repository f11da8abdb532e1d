"""A backup restores into an empty database and passes all invariants (REL-35)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crash.family import ROOT
from tests.crash.meaning import meaning, replay_differs
from tests.crash.trial import VERSIONS
from tests.crash.yard import Household, Yard

pytestmark = pytest.mark.xdist_group("crash")
POLICIES = "select count(*) from pg_policies"
FORCED = "select count(*) from pg_class where relrowsecurity and relforcerowsecurity"


def _verb(house: Household, *words: str, code: int = 0) -> Any:
    env = {**os.environ, "ROLLBOOK_DATABASE_URL": house.database_url, "ROLLBOOK_DATA_DIR": house.settings()["data_dir"]}
    command = [sys.executable, "-m", "webapp.commands.cli", *words, "--json"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def kept(yard: Yard, tmp_path: Path) -> Path:
    """A backup of a district with a hold that waits."""
    with yard.house("held") as house:
        _verb(house, "backup", "--out", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_REL_35_a_backup_restores_into_an_empty_database_and_passes_all_invariants(yard: Yard, kept: Path):
    with yard.house("held") as house, yard.bare() as bare:
        assert _verb(bare, "restore", "--from", str(kept))["revision"]
        assert meaning(bare.database_url) == meaning(house.database_url)
        assert replay_differs(bare.database_url) == []
        assert [bare.ask(POLICIES), bare.ask(FORCED)] == [house.ask(POLICIES), house.ask(FORCED)]
        bare.tell("set role rollbook_app")
        assert bare.ask("select count(*) from account") == 0, "no district is set, so nobody is seen"
        bare.tell("reset role")
        _an_unchanged_sync_writes_nothing_and_a_changed_one_goes_on(bare)


def _an_unchanged_sync_writes_nothing_and_a_changed_one_goes_on(house: Household) -> None:
    written = house.ask(VERSIONS)
    house.done("press")
    house.recover()
    assert house.ask(VERSIONS) == written
    house.done("approve")
    house.recover()
    assert house.ask(VERSIONS) != written


def test_REL_35_nothing_is_restored_over_what_is_there(yard: Yard, kept: Path):
    with yard.house("imported") as house:
        before = meaning(house.database_url)
        assert "not empty" in _verb(house, "restore", "--from", str(kept), code=1)["error"]
        assert meaning(house.database_url) == before


def test_REL_35_a_backup_is_its_owners_alone_and_a_broken_one_leaves_the_database_empty(yard: Yard, kept: Path):
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    with yard.bare() as bare:
        assert "pg_restore did not succeed" in _verb(bare, "restore", "--from", str(kept), code=1)["error"]
        assert bare.ask("select count(*) from pg_tables where schemaname = 'public'") == 0
