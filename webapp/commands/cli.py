"""The command line `rollbook`, the same as `python app.py`: a table of verbs, each imported only when it is used."""

import importlib
import json
import sys

import click

VERBS = {
    "run": ("supervisor:run", "Start the whole product, with a made-up district to try it."),
    "web": ("web:web", "Serve the pages."),
    "worker": ("worker:worker", "Do queued work."),
    "scheduler": ("scheduler:scheduler", "Keep the clock of periodic work."),
    "migrate": ("migrate:migrate", "Bring the database up to the newest schema."),
    "operator": ("operator:operator", "Add one of the vendor's people."),
    "license": ("license:license", "Create a license."),
    "invite": ("invite:invite", "Invite somebody to a license."),
    "connection": ("connection:connection", "Connect a district to its rostering service; list connections."),
    "sync": ("sync:sync", "Bring a connection's classes up to date."),
    "hold": ("hold:hold", "See and decide what waits for a person."),
    "undo": ("undo:undo", "Take back what a sync did."),
    "export": ("export:export", "Write what Rollbook holds as OneRoster 1.1 CSV."),
    "backup": ("backup:backup", "Write everything that the database holds to one file."),
    "restore": ("backup:restore", "Fill an empty database from such a file."),
    "sandbox": ("sandbox:sandbox", "Serve the simulated rostering services."),
}
"""Verb -> file in this folder : click command (or group) in it, and its line in the help."""


class Verbs(click.Group):
    """The verbs of the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the table's order."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, imported now; nothing for a word that is no verb."""
        if cmd_name not in VERBS:
            return None
        file, _, name = VERBS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(f"webapp.commands.{file}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs' lines of the help without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, help_line) for name, (_where, help_line) in VERBS.items()])


@click.group(cls=Verbs, invoke_without_command=True)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Rollbook brings classes over from rostering services and CSV files, and keeps their rosters right.

    Without a verb, it starts the whole product, as `rollbook run` does.
    """
    if ctx.invoked_subcommand is None:
        run = cli.get_command(ctx, "run")
        assert run is not None
        with run.make_context("run", [], parent=ctx) as run_context:
            run.invoke(run_context)


def main() -> None:
    """Run the command line and exit with its code; with --json even a wrong usage is one JSON document."""
    try:
        cli(prog_name="rollbook", standalone_mode="--json" not in sys.argv)
    except click.UsageError as error:
        click.echo(json.dumps({"error": error.format_message()}))
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(1)


if __name__ == "__main__":
    main()
