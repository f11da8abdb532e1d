"""What each letter says: one function per message, values in, a letter out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webapp.settings import Settings

TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True)
class Letter:
    """A letter ready to leave."""

    to: str
    subject: str
    html: str
    text: str


@dataclass(frozen=True)
class DigestLine:
    """One thing that waits: what it is, how long already, and its page."""

    words: str
    age: str
    link: str


def invitation(settings: Settings, to: str, *, inviter: str, role: str, license_name: str, link: str) -> Letter:
    """Somebody is asked in: who invites them to what, and the link of their set-up."""
    subject = f"You are invited to {settings.product_name}"
    words = {"inviter": inviter or settings.product_name, "role": role, "license_name": license_name, "link": link}
    return _written("invitation", settings, to, subject, **words)


def operator_setup(settings: Settings, to: str, *, link: str) -> Letter:
    """A new operator's link of set-up."""
    return _written("operator_setup", settings, to, f"Set up your {settings.product_name} operator account", link=link)


def password_reset(settings: Settings, to: str, *, link: str) -> Letter:
    """The link to choose a new password."""
    return _written("password_reset", settings, to, f"Choose a new password for {settings.product_name}", link=link)


def password_changed(settings: Settings, to: str) -> Letter:
    """A warning to the owner that the password is another one now."""
    return _written("password_changed", settings, to, f"Your {settings.product_name} password was changed")


def linked(settings: Settings, to: str) -> Letter:
    """A warning to the owner that a rostering service's user opens the account too."""
    return _written("linked", settings, to, f"There is a new way to log in to your {settings.product_name} account")


def hold(settings: Settings, to: str, *, service: str, district: str, what: str, reason: str, run: str) -> Letter:
    """A sync waits for a person's decision: where, how much of it, why, its page, and the number to name."""
    subject = f"{settings.product_name}: a roster change waits for you"
    words = {"service": service, "district": district, "what": what, "reason": reason, "run": run}
    words["link"] = f"{settings.public_url}/holds/{run}"
    return _written("hold", settings, to, subject, **words)


def attention(
    settings: Settings, to: str, *, service: str, happened: str, reason: str, advice: str, page: str
) -> Letter:
    """A run was given up: what happened, the reason that it left, and what to do. `page` shows how it stands."""
    subject = f"{settings.product_name}: syncing with {service} failed"
    words = {"service": service, "happened": happened, "reason": reason, "advice": advice}
    return _written("attention", settings, to, subject, link=settings.public_url + page, **words)


def no_good_sync(settings: Settings, to: str, *, lines: list[str]) -> Letter:
    """Some connections have had no good sync for a day and a half: which, and since when."""
    subject = f"{settings.product_name}: no good sync for 36 hours"
    return _written("no_good_sync", settings, to, subject, lines=lines, link=f"{settings.public_url}/operator")


def digest(settings: Settings, to: str, *, district: str, lines: Sequence[DigestLine]) -> Letter:
    """What still waits in a district, once a day at most."""
    count = f"{len(lines)} {'thing' if len(lines) == 1 else 'things'}"
    subject = f"{settings.product_name}: {count} {'waits' if len(lines) == 1 else 'wait'} for you"
    return _written("digest", settings, to, subject, district=district, lines=lines)


def disconnected(settings: Settings, to: str, *, service: str, district: str) -> Letter:
    """A district no longer shares with us: classes stand still, nothing is deleted, and who can mend it where."""
    subject = f"{settings.product_name}: {service} is disconnected"
    return _written("disconnected", settings, to, subject, service=service, district=district)


@cache
def _jinja() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda template: bool(template and template.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _written(name: str, settings: Settings, to: str, subject: str, **words: object) -> Letter:
    words |= {"product_name": settings.product_name, "support_email": settings.support_email, "subject": subject}
    words["public_url"] = settings.public_url
    html = css_inline.inline(
        _jinja().get_template(f"mail/{name}.html").render(words),
        extra_css=(TEMPLATES / "mail" / "letter.css").read_text(),
        load_remote_stylesheets=False,
    )
    return Letter(to, subject, html, _jinja().get_template(f"mail/{name}.txt").render(words))
