"""Send the letters that wait in the outbox."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update

from webapp.actions.write_letter import write_letter
from webapp.mail.post import NotSent, send
from webapp.settings import Settings
from webapp.store import database
from webapp.store.checkpoints import checkpoint
from webapp.store.tables import OutboxLetter

log = structlog.get_logger()

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
"""Waits double from the first to the longest while the mail server does not take a letter."""


def deliver_letters(settings: Settings, now: datetime) -> int:
    """Every letter that is due has left, or waits for its next try; how many left. Two may do this at once."""
    sent = 0
    while letter := _claim(now):
        sent += _deliver(letter, settings, now)
    return sent


def _claim(now: datetime) -> OutboxLetter | None:
    """The oldest letter that is due, from here on not due until its next try: nothing is kept open while it is sent."""
    with database.directory() as session:
        due = (OutboxLetter.sent_at.is_(None), or_(OutboxLetter.next_try_at.is_(None), OutboxLetter.next_try_at <= now))
        oldest = select(OutboxLetter).where(*due).order_by(OutboxLetter.id).limit(1)
        letter = session.scalar(oldest.with_for_update(skip_locked=True))
        if letter:
            letter.next_try_at = now + min(FIRST_WAIT * 2**letter.attempts, LONGEST_WAIT)
            letter.attempts += 1
            checkpoint("letters.claiming")
        return letter


def _deliver(letter: OutboxLetter, settings: Settings, now: datetime) -> bool:
    checkpoint("letters.claimed")
    words = write_letter(letter, settings)
    if words:
        try:
            send(words, settings, name=f"{letter.kind}-{letter.id}", now=now)
        except NotSent as error:
            log.warning(
                "letter not sent", letter_id=str(letter.id), kind=letter.kind, attempts=letter.attempts, why=str(error)
            )
            return False
    checkpoint("letters.sent")
    with database.directory() as session:
        done = update(OutboxLetter).where(OutboxLetter.id == letter.id)
        session.execute(done.values(sent_at=now, sealed_token=None, next_try_at=None))
        checkpoint("letters.before_noted")
    checkpoint("letters.noted")
    return words is not None
