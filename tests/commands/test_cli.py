"""The command line: exit codes, JSON, and a help that costs nothing."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import click
import pytest
from click.testing import CliRunner

from webapp.commands.answers import Document, Refused, verb
from webapp.commands.cli import VERBS, cli


@click.command()
@verb
def refusing(data_dir: Path) -> Document:
    """Refuse always."""
    raise Refused(f"Nothing is in {data_dir.name}.")


@click.command()
@verb
def answering(data_dir: Path) -> Document:
    """Answer always."""
    return {"holds": [{"run_id": 1, "reason": "too many"}], "folder": data_dir}


def test_a_refusal_is_exit_code_one_with_its_reason_on_stderr() -> None:
    told = CliRunner().invoke(refusing, ["--data-dir", "some/where"])
    assert (told.exit_code, told.stdout, told.stderr) == (1, "", "Nothing is in where.\n")


@click.command()
@verb
@click.option("--run", type=click.UUID)
@click.option("--email")
def breaking(data_dir: Path, run: UUID, email: str) -> Document:
    """Break down always."""
    raise KeyError(f"{email} is unknown") from ValueError(email)


@click.command()
@verb
def misused(data_dir: Path) -> Document:
    """Find its usage wrong always."""
    raise click.BadParameter("That is no date.")


def test_PRIV_3_a_verb_that_breaks_down_names_kind_place_and_ids_and_nobody(caplog: pytest.LogCaptureFixture) -> None:
    run = uuid4()
    with caplog.at_level(logging.DEBUG):
        told = CliRunner().invoke(breaking, ["--run", str(run), "--email", "canary@school.example", "--json"])
    assert told.exit_code == 1 and json.loads(told.stdout) == {"error": told.stderr.strip()}
    assert "KeyError" in told.stderr and str(run) in told.stderr and "webapp/commands/answers.py:" in told.stderr
    assert "canary" not in told.output + caplog.text and "webapp/commands/answers.py:" in caplog.text


def test_a_verb_may_find_its_usage_wrong() -> None:
    told = CliRunner().invoke(misused)
    assert told.exit_code == 2 and "That is no date." in told.stderr


def test_a_refusal_as_json_has_its_reason_on_stdout_too() -> None:
    told = CliRunner().invoke(refusing, ["--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout) == {"error": "Nothing is in var."}


def test_an_answer_as_json_is_one_document() -> None:
    told = CliRunner().invoke(answering, ["--json"], env={"ROLLBOOK_DATA_DIR": "elsewhere"})
    assert told.exit_code == 0
    assert json.loads(told.stdout) == {"holds": [{"run_id": 1, "reason": "too many"}], "folder": "elsewhere"}


def test_an_answer_for_people_is_lines() -> None:
    told = CliRunner().invoke(answering)
    assert told.stdout == "holds: \n  run_id 1, reason too many\nfolder: var\n"


def test_wrong_usage_is_exit_code_two() -> None:
    assert CliRunner().invoke(cli, ["no-such-verb"]).exit_code == 2
    assert CliRunner().invoke(cli, ["migrate", "--no-such-option"]).exit_code == 2


def test_a_verb_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    told = CliRunner().invoke(cli, ["migrate", "--data-dir", str(tmp_path)])
    assert told.exit_code == 1
    assert "start `rollbook run` first" in told.stderr


def test_every_verb_of_the_table_can_be_imported_and_has_its_options() -> None:
    context = click.Context(cli)
    for name in VERBS:
        command = cli.get_command(context, name)
        assert command is not None
        leaves = command.commands.values() if isinstance(command, click.Group) else [command]
        for leaf in leaves:
            assert {"--data-dir", "--json"} <= {option for param in leaf.params for option in param.opts}, name


def test_the_help_names_every_verb_and_imports_none_of_them() -> None:
    heavy = "{'flask', 'sqlalchemy', 'pydantic'}"
    code = f"""
import sys
from webapp.commands.cli import cli
cli(["--help"], "rollbook", standalone_mode=False)
assert not {heavy} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"  {name} " in done.stdout for name in VERBS)
