"""Delete what has reached the end of its retention, as each table's docstring promises."""

from datetime import datetime, timedelta

from sqlalchemy import text

from webapp.settings import Settings
from webapp.store.database import directory

_LINES = (
    ("delete from sign_in_attempt where made_at < :before", timedelta(days=1)),
    ("delete from password_reset where expires_at < :before", timedelta(days=1)),
    ("delete from outbox where sent_at < :before", timedelta(days=7)),
    ("delete from sign_in where coalesce(ended_at, seen_at) < :before", timedelta(days=90)),
)


def purge(_settings: Settings, now: datetime) -> None:
    """Attempts, reset links, sent letters and ended sign-ins that are past their retention are gone."""
    with directory() as session:
        for statement, kept_for in _LINES:
            session.execute(text(statement), {"before": now - kept_for})
