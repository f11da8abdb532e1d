"""`rollbook connection list` and `add`: districts that wait to be claimed, and claiming one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.factory import House, a_house
from tests.providers.at_sandbox import At
from tests.views.school import now
from webapp.actions.poll_services import poll_services
from webapp.settings import Settings
from webapp.store import seal

KEYS = ["connection_id", "provider", "district", "method", "state", "last_good_sync", "held"]


@pytest.fixture
def rollbook(settings: Settings, tmp_path: Path) -> Any:
    """Run a verb in a process of its own with these settings; its JSON document and exit code."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set - {"data_dir"}}
    env = os.environ | {f"ROLLBOOK_{name.upper()}": str(value) for name, value in given.items()}

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-m", "webapp.commands.cli", *words, "--data-dir", str(tmp_path), "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout or "{}")

    return run


@pytest.fixture
def house(settings: Settings) -> House:
    """A district with a license, and another one that has authorised us at Clever and is nobody's yet."""
    seal.use_keys(settings.token_keys)
    return a_house()


def test_a_district_that_waits_is_listed_as_unclaimed_until_it_is_added(
    rollbook: Any, house: House, settings: Settings
) -> None:
    at = At(settings.sandbox_url, settings)
    poll_services({"clever": at.services["clever"]}, now=now())
    lines = rollbook("connection", "list")[1]["connections"]
    assert all(list(line) == KEYS for line in lines)
    waiting = next(line for line in lines if line["district"] == at.district["clever"])
    assert waiting == dict(
        zip(KEYS, [None, "clever", at.district["clever"], None, "unclaimed", None, False], strict=True)
    )
    words = ("--license", str(house.license_id), "--provider", "clever", "--district", at.district["clever"])
    code, made = rollbook("connection", "add", *words)
    assert (code, made["state"]) == (0, "connected")
    lines = [
        line for line in rollbook("connection", "list")[1]["connections"] if line["district"] == waiting["district"]
    ]
    assert [(line["connection_id"], line["state"]) for line in lines] == [(made["connection_id"], "connected")]


@pytest.mark.parametrize(("days", "code"), [("30", 0), ("0", 0), ("61", 1), ("-1", 1), ("a month", 2)])
def test_the_grace_before_the_archive_is_set_or_refused(rollbook: Any, house: House, days: str, code: int) -> None:
    words = ("connection", "archive-after", "--connection", str(house.connection_id), "--days", days)
    answer, told = rollbook(*words)
    assert answer == code
    if code == 0:
        assert told == {"connection_id": str(house.connection_id), "archive_after_days": int(days)}


def test_the_connections_of_one_license_are_listed_without_those_that_are_nobodys(
    rollbook: Any, house: House, settings: Settings
) -> None:
    at = At(settings.sandbox_url, settings)
    poll_services({"clever": at.services["clever"]}, now=now())
    lines = rollbook("connection", "list", "--license", str(house.license_id))[1]["connections"]
    assert [line["connection_id"] for line in lines] == [str(house.connection_id)]
