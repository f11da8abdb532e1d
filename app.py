"""The WSGI door, and `python app.py`, which is the command line `rollbook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """The web application, for a WSGI server's factory setting; its settings come from the environment."""
    from webapp.commands.web import load_app  # here, so that the command line does not import the pages

    return load_app(None)


if __name__ == "__main__":
    from webapp.commands.cli import main

    main()
