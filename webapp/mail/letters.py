"""What each letter says: one function per kind, from its ids to a subject and words. Rendered only when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from webapp.mail.outbox import link_token
from webapp.settings import Settings
from webapp.store import database
from webapp.store.questions.invitations import invitation_page
from webapp.store.tables import Account, Connection, Invitation, Operator, OutboxLetter, PasswordReset, SyncRun

TEMPLATES = Path(__file__).parents[2] / "templates"
ROLE_WORDS = {
    "teacher": "a teacher",
    "license_admin": "a license admin",
    "school_admin": "a school administrator",
    "district_admin": "a district administrator",
}
SERVICE_WORDS = {"clever": "Clever", "classlink": "ClassLink", "csv": "your files"}


@dataclass(frozen=True)
class Letter:
    """A letter ready to leave."""

    to: str
    subject: str
    html: str
    text: str


def render(letter: OutboxLetter, settings: Settings) -> Letter | None:
    """The letter in words; None where there is nobody (any more) to send it to."""
    return KINDS[letter.kind](letter, settings)


def _invitation(letter: OutboxLetter, settings: Settings) -> Letter | None:
    invitation_id = UUID(letter.ids["invitation_id"])
    with database.tenant(_district(letter)) as session:
        invitation = session.get(Invitation, invitation_id)
        if invitation is None or invitation.revoked_at or invitation.accepted_at:
            return None
        page = invitation_page(session, invitation_id)
    link = f"{settings.public_url}/invitations/{link_token(letter)}"
    return _written(
        "invitation",
        settings,
        page.address,
        f"You are invited to {settings.product_name}",
        page=page,
        role=ROLE_WORDS[page.role],
        link=link,
    )


def _operator_setup(letter: OutboxLetter, settings: Settings) -> Letter | None:
    operator = _operator(letter.ids["operator_id"])
    link = f"{settings.public_url}/invitations/{link_token(letter)}"
    subject = f"Set up your {settings.product_name} operator account"
    return _written("operator_setup", settings, operator.email, subject, link=link) if operator else None


def _password_reset(letter: OutboxLetter, settings: Settings) -> Letter | None:
    with database.directory() as session:
        reset = session.get(PasswordReset, UUID(letter.ids["reset_id"]))
    if reset is None or reset.used_at or not (reset.account_id or reset.operator_id):
        return None
    address = _address(letter, reset.account_id, reset.operator_id)
    link = f"{settings.public_url}/password/reset/{link_token(letter)}"
    subject = f"Choose a new password for {settings.product_name}"
    return _written("password_reset", settings, address, subject, link=link) if address else None


def _password_changed(letter: OutboxLetter, settings: Settings) -> Letter | None:
    account, operator = letter.ids.get("account_id"), letter.ids.get("operator_id")
    address = _address(letter, UUID(account) if account else None, UUID(operator) if operator else None)
    subject = f"Your {settings.product_name} password was changed"
    return _written("password_changed", settings, address, subject) if address else None


def _linked(letter: OutboxLetter, settings: Settings) -> Letter | None:
    address = _address(letter, UUID(letter.ids["account_id"]), None)
    subject = f"There is a new way to log in to your {settings.product_name} account"
    return _written("linked", settings, address, subject) if address else None


def _hold(letter: OutboxLetter, settings: Settings) -> Letter | None:
    """A sync waits for a person: ids are `run_id` and the `account_id` of whoever shall decide."""
    address = _address(letter, UUID(letter.ids["account_id"]), None)
    with database.tenant(_district(letter)) as session:
        row = session.execute(
            select(SyncRun.reason, SyncRun.state, Connection.provider)
            .join(Connection, Connection.id == SyncRun.connection_id)
            .where(SyncRun.id == UUID(letter.ids["run_id"]))
        ).one_or_none()
    if not address or row is None or row.state != "held":
        return None
    service = SERVICE_WORDS[row.provider]
    subject = f"{settings.product_name}: a roster change waits for you"
    return _written("hold", settings, address, subject, service=service, reason=row.reason)


KINDS: dict[str, Callable[[OutboxLetter, Settings], Letter | None]] = {
    "invitation": _invitation,
    "operator_setup": _operator_setup,
    "password_reset": _password_reset,
    "password_changed": _password_changed,
    "linked": _linked,
    "hold": _hold,
}


def _written(name: str, settings: Settings, to: str, subject: str, **words: Any) -> Letter:
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda template: bool(template and template.endswith(".html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words |= {"product_name": settings.product_name, "support_email": settings.support_email, "subject": subject}
    words["public_url"] = settings.public_url
    html = css_inline.inline(
        jinja.get_template(f"mail/{name}.html").render(words),
        extra_css=(TEMPLATES / "mail" / "letter.css").read_text(),
        load_remote_stylesheets=False,
    )
    return Letter(to, subject, html, jinja.get_template(f"mail/{name}.txt").render(words))


def _district(letter: OutboxLetter) -> UUID:
    assert letter.district_id is not None
    return letter.district_id


def _address(letter: OutboxLetter, account_id: UUID | None, operator_id: UUID | None) -> str | None:
    if operator_id:
        operator = _operator(str(operator_id))
        return operator.email if operator else None
    with database.tenant(_district(letter)) as session:
        return session.scalar(select(Account.email).where(Account.id == account_id, Account.disabled_at.is_(None)))


def _operator(operator_id: str) -> Operator | None:
    with database.directory() as session:
        operator = session.get(Operator, UUID(operator_id))
    return operator if operator and operator.disabled_at is None else None
