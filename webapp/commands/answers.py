"""How a verb is made and what it says: one JSON document or a few lines on stdout, or a refusal with its reason."""

import functools
import json
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, NoReturn, ParamSpec
from uuid import UUID

import click
from sqlalchemy.exc import OperationalError

from webapp.settings import SettingsWrong
from webapp.store import trouble

P = ParamSpec("P")
log = logging.getLogger(__name__)
Document = dict[str, object]


class Refused(Exception):
    """The verb can't do it, and this is why: one plain sentence."""


def verb(function: Callable[Concatenate[Path, P], Document | None]) -> Callable[..., None]:
    """Give a verb --data-dir and --json, print the document it returns, and turn a refusal into exit code 1.

    The function gets the data dir as its first argument, and its own options by name.
    """

    @click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="ROLLBOOK_DATA_DIR",
        default="var",
        show_default=True,
        help="Where the data and the embedded servers lie.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
    @functools.wraps(function)
    def wrapped(data_dir: Path, as_json: bool, *args: P.args, **options: P.kwargs) -> None:
        click.get_current_context().meta[__name__] = as_json
        with _refusing(options, as_json=as_json):
            document = function(data_dir, *args, **options)
        if document is not None:
            answer(document, as_json=as_json)

    return wrapped


@contextmanager
def _refusing(options: Mapping[str, object], *, as_json: bool) -> Iterator[None]:
    """What goes wrong in here is said in one sentence."""
    try:
        yield
    except (Refused, SettingsWrong) as refusal:
        refuse(str(refusal), as_json=as_json)
    except OperationalError:
        refuse("The database does not answer (any more).", as_json=as_json)
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:  # above it Python prints the message and its causes, which may quote a person
        log.debug("a verb broke down at %s", trouble.where(error))
        refuse(_breakdown(error, options), as_json=as_json)


def _breakdown(error: Exception, options: Mapping[str, object]) -> str:
    """One sentence of kind, place and ids: nothing of the message."""
    place = trouble.where(error).rpartition(" ")[2]
    ids = "".join(f", {name} {value}" for name, value in options.items() if isinstance(value, UUID))
    return f"That broke down: {trouble.why(error)} at {place}{ids}. Please tell support."


def wants_json() -> bool:
    """True where the running verb was given --json."""
    return bool(click.get_current_context().meta[__name__])


def answer(document: Document, *, as_json: bool) -> None:
    """Print the outcome of a verb."""
    if as_json:
        click.echo(json.dumps(document, default=str))
        return
    for name, value in document.items():
        click.echo(click.style(f"{name}: ", bold=True) + _readable(value))


def refuse(reason: str, *, as_json: bool) -> NoReturn:
    """Say why not, and end with exit code 1."""
    if as_json:
        click.echo(json.dumps({"error": reason}))
    click.echo(reason, err=True)
    sys.exit(1)


def _readable(value: object) -> str:
    if isinstance(value, list):
        return "".join(f"\n  {_readable(item)}" for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_readable(item)}" for name, item in value.items())
    return str(value)
