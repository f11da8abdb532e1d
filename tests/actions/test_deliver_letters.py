"""Letters leave: as files, by SMTP, later if need be, each once."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text

from tests.factory import NOW
from tests.product import free_port
from webapp.actions.create_license import Created, LicenseOrder, create_license
from webapp.actions.deliver_letters import FIRST_WAIT, LONGEST_WAIT, deliver_letters
from webapp.actions.invite import invite, revoke
from webapp.actions.operators import add_operator
from webapp.actions.reset_password import ask_reset
from webapp.settings import Settings
from webapp.store import database, seal


class Postbox:
    """A mail server's own side."""

    def __init__(self, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self.letters: list[EmailMessage] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "451 not now"
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, EmailMessage, policy=default))
        return "250 taken"


@pytest.fixture
def house(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with an outbox of its own."""
    database.connect(settings.database_url, pool_size=3)
    seal.use_keys(settings.token_keys)
    return settings.model_copy(update={"data_dir": tmp_path, "support_email": "help@rollbook.example"})


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A mail server on this machine."""
    port = free_port()
    box = Postbox(port)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


def a_license() -> Created:
    """A license; its admin's invitation waits as the first letter."""
    return create_license(LicenseOrder("Maple Schools", 100, "admin@school.example"), now=NOW)


def letters(house: Settings) -> list[EmailMessage]:
    """The files in the outbox, oldest first."""
    files = sorted((house.data_dir / "outbox").glob("*.eml"))
    return [message_from_bytes(file.read_bytes(), EmailMessage, policy=default) for file in files]


def waiting() -> list[tuple[str, int, object, object]]:
    """The outbox table."""
    with database.engine().connect() as connection:
        rows = connection.execute(text("select kind, attempts, sent_at, sealed_token from outbox order by id"))
        return [tuple(row) for row in rows]


def body(letter: EmailMessage, kind: str) -> str:
    """One of the letter's two forms."""
    part = letter.get_body((kind,))
    assert part
    return str(part.get_content())


def test_an_invitation_leaves_as_a_file_with_text_and_html_and_its_token_is_erased(house: Settings) -> None:
    made = a_license()
    assert deliver_letters(house, NOW) == 1
    (letter,) = letters(house)
    link = f"{house.public_url}/invitations/{made.invitation.token}"
    assert letter["To"] == "admin@school.example"
    assert link in body(letter, "plain") and link in body(letter, "html")
    assert "license admin" in body(letter, "plain") and "Maple Schools" in body(letter, "html")
    assert waiting() == [("invitation", 1, NOW, None)]


def test_PRIV_4_letters_have_no_remote_parts_and_no_person_in_the_subject(house: Settings) -> None:
    made = a_license()
    invite(made.district_id, made.license_id, "nora@school.example", "teacher", now=NOW)
    add_operator("op@rollbook.example", now=NOW)
    deliver_letters(house, NOW)
    for letter in letters(house):
        page = body(letter, "html")
        assert "<img" not in page and "<link" not in page and "src=" not in page and "url(" not in page
        assert "style=" in page
        assert "@" not in letter["Subject"] and "Maple" not in letter["Subject"]


def test_SEC_22_names_are_data_in_letters_too(house: Settings) -> None:
    create_license(LicenseOrder("<b>Maple</b> & Sons", 100, "admin@school.example"), now=NOW)
    deliver_letters(house, NOW)
    page = body(letters(house)[0], "html")
    assert "<b>Maple</b>" not in page and "&lt;b&gt;Maple" in page


def test_letters_that_leave_together_are_files_of_their_own_in_order(house: Settings) -> None:
    made = a_license()
    for number in range(3):
        invite(made.district_id, made.license_id, f"t{number}@school.example", "teacher", now=NOW)
    assert deliver_letters(house, NOW) == 4
    assert [letter["To"] for letter in letters(house)] == ["admin@school.example"] + [
        f"t{number}@school.example" for number in range(3)
    ]


def test_each_letter_leaves_once(house: Settings) -> None:
    a_license()
    assert [deliver_letters(house, NOW), deliver_letters(house, NOW + timedelta(days=1))] == [1, 0]
    assert len(letters(house)) == 1


def test_a_letter_that_lost_its_reason_is_not_sent(house: Settings) -> None:
    made = a_license()
    revoke(made.district_id, made.invitation.invitation_id, made_by=None, now=NOW)
    ask_reset("nobody@school.example", now=NOW)
    assert deliver_letters(house, NOW) == 0
    assert letters(house) == []
    assert [(kind, token) for kind, _, sent, token in waiting() if sent] == [
        ("invitation", None),
        ("password_reset", None),
    ]


def test_letters_leave_by_smtp(house: Settings, postbox: Postbox) -> None:
    a_license()
    mailing = house.model_copy(update={"mail_url": postbox.url, "mail_from": "Rollbook <post@rollbook.example>"})
    assert deliver_letters(mailing, NOW) == 1
    assert postbox.letters[0]["From"] == "Rollbook <post@rollbook.example>"
    assert "/invitations/" in body(postbox.letters[0], "plain")


def test_a_letter_that_is_not_taken_is_tried_again_after_growing_waits(house: Settings, postbox: Postbox) -> None:
    a_license()
    mailing = house.model_copy(update={"mail_url": postbox.url})
    postbox.refuses = True
    now = NOW
    for attempt in range(12):
        assert deliver_letters(mailing, now) == 0
        wait = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT)
        assert deliver_letters(mailing, now + wait - timedelta(seconds=1)) == 0
        assert waiting()[0][1] == attempt + 1
        now += wait
    postbox.refuses = False
    assert deliver_letters(mailing, now) == 1
    assert waiting()[0][3] is None


def test_a_mail_server_that_is_away_is_waited_for(house: Settings) -> None:
    a_license()
    away = house.model_copy(update={"mail_url": "smtp://127.0.0.1:9"})
    assert deliver_letters(away, NOW) == 0
    assert deliver_letters(house, NOW + FIRST_WAIT) == 1
