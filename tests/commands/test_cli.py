"""The command line: exit codes, JSON, and a help that costs nothing."""

import json
import subprocess
import sys
from pathlib import Path

import click
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
