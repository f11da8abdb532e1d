"""The letters that a house with a sandbox would have sent, newest first. Not there in real deployments."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, render_template

from webapp.mail.post import OUTBOX
from webapp.views.house import house

bp = Blueprint("outbox", __name__)

NEWEST = 100


@dataclass(frozen=True)
class ShownLetter:
    """A letter as the page shows it."""

    to: str
    subject: str
    date: str
    text: str


@bp.get("/outbox")
def show() -> str:
    """The newest letters."""
    files = sorted((house().settings.data_dir / OUTBOX).glob("*.eml"), reverse=True)[:NEWEST]
    return render_template("outbox/show.html", letters=[_read(file) for file in files])


def _read(file: Path) -> ShownLetter:
    message = message_from_bytes(file.read_bytes(), EmailMessage, policy=default)
    body = message.get_body(("plain",))
    return ShownLetter(message["To"], message["Subject"], message["Date"], body.get_content() if body else "")
