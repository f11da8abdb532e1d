"""`rollbook operator add`, `license create` and `invite`: what they print, and what they refuse."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from webapp.settings import Settings
from webapp.store import database


@pytest.fixture
def rollbook(settings: Settings, tmp_path: Path) -> Any:
    """Run a verb in a process of its own; its JSON document and exit code."""
    names = ("database_url", "queue_url", "secret_key", "token_keys", "public_url")
    env = os.environ | {f"ROLLBOOK_{name.upper()}": str(getattr(settings, name)) for name in names}
    database.connect(settings.database_url, pool_size=2)

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        command = [sys.executable, "-m", "webapp.commands.cli", *words, "--data-dir", str(tmp_path), "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout or "{}")

    return run


def rows(sql: str) -> list[tuple[Any, ...]]:
    """What the database says."""
    with database.engine().connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_a_license_makes_a_district_and_invites_its_admin_and_then_others(rollbook: Any) -> None:
    words = "license create --name Maple --seats 500 --teacher-seats 20 --admin-email Admin@school.example"
    more = "--ends 2099-06-30 --school 360007702877 --time-zone America/Chicago"
    code, made = rollbook(*words.split(), *more.split())
    assert code == 0
    assert set(made) == {"license_id", "district_id", "invitation_url"}
    assert made["invitation_url"].startswith("http://localhost:8000/invitations/")
    assert rows("select name, time_zone from district") == [("Maple", "America/Chicago")]
    assert rows("select student_seats, teacher_seats, ends_on::text from license") == [(500, 20, "2099-06-30")]
    assert rows("select given_id from license_school") == [("360007702877",)]
    assert rows("select address, role from invitation") == [("admin@school.example", "license_admin")]

    code, invited = rollbook("invite", "--license", made["license_id"], "--email", "t@school.example")
    assert code == 0
    assert set(invited) == {"invitation_id", "invitation_url"}
    code, again = rollbook("invite", "--license", made["license_id"], "--email", "t@school.example")
    assert code == 1
    assert "invited already" in again["error"]

    second = ["license", "create", "--name", "Annex", "--seats", "5", "--admin-email", "a@school.example", "--district"]
    code, annex = rollbook(*second, made["district_id"])
    assert (code, annex["district_id"]) == (0, made["district_id"])
    assert rows("select count(*) from district") == [(1,)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--name Maple --seats 0 --admin-email a@school.example", "at least one seat"),
        ("--name Maple --seats 5 --admin-email nonsense", "not an e-mail address"),
        ("--name Maple --seats 5 --admin-email a@school.example --time-zone Mars/Olympus", "not a time zone"),
        ("--name Maple --seats 5 --admin-email a@school.example --ends 2001-01-01", "ended already"),
        (
            "--name Maple --seats 5 --admin-email a@school.example --district 00000000-0000-7000-8000-000000000000",
            "no such district",
        ),
    ],
)
def test_a_license_that_makes_no_sense_is_refused_and_nothing_is_made(rollbook: Any, words: str, reason: str) -> None:
    code, told = rollbook("license", "create", *words.split())
    assert code == 1
    assert reason in told["error"]
    assert rows("select (select count(*) from district) + (select count(*) from license)") == [(0,)]


def test_an_operator_gets_a_link_and_a_second_add_a_new_one(rollbook: Any) -> None:
    code, first = rollbook("operator", "add", "--email", "op@rollbook.example")
    assert code == 0
    assert rollbook("operator", "add", "--email", "op@rollbook.example")[1] != first
    assert rows("select count(*) from operator") == [(1,)]


def test_an_invitation_to_a_license_that_does_not_exist_is_refused(rollbook: Any) -> None:
    nowhere = "00000000-0000-7000-8000-000000000000"
    code, told = rollbook("invite", "--license", nowhere, "--email", "t@school.example")
    assert (code, told["error"]) == (1, "There is no such license.")
    assert rollbook("invite", "--license", "nonsense", "--email", "t@school.example")[0] == 2
