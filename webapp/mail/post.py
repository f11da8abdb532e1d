"""How letters leave: by SMTP, or as files in the data dir's outbox where no mail server is set."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from webapp.mail.letters import Letter
from webapp.settings import Settings

SMTP_SECONDS = 20
OUTBOX = "outbox"


class NotSent(Exception):
    """The mail server did not take the letter; trying later may help."""


def send(letter: Letter, settings: Settings, *, name: str, now: datetime) -> None:
    """The letter has left. Raises NotSent."""
    message = _message(letter, settings, now)
    if settings.mail_url:
        _by_smtp(message, settings.mail_url)
        return
    folder = settings.data_dir / OUTBOX
    folder.mkdir(parents=True, exist_ok=True)
    _write_whole(folder / f"{now:%Y%m%dT%H%M%S.%f}-{name}.eml", message)


def _message(letter: Letter, settings: Settings, now: datetime) -> EmailMessage:
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage()
    message["From"] = settings.mail_from or f"{settings.product_name} <no-reply@{host}>"
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _by_smtp(message: EmailMessage, mail_url: str) -> None:
    where = urlsplit(mail_url)
    try:
        with smtplib.SMTP(where.hostname or "localhost", where.port or 587, timeout=SMTP_SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            if where.username:
                server.login(unquote(where.username), unquote(where.password or ""))
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise NotSent(f"The mail server did not take the letter ({type(error).__name__}).") from error


def _write_whole(path: Path, message: EmailMessage) -> None:
    # Readers of the folder never meet half a letter.
    half = path.with_suffix(".part")
    half.write_bytes(message.as_bytes())
    half.rename(path)
