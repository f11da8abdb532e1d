"""Delete what has reached the end of its retention, as each table's docstring promises."""

from datetime import datetime, timedelta

from sqlalchemy import select, text

from webapp.settings import Settings
from webapp.store.database import directory, tenant
from webapp.store.questions.undoing import UNDO_FOR
from webapp.store.tables import District

_LINES = (
    ("delete from sign_in_attempt where made_at < :before", timedelta(days=1)),
    ("delete from password_reset where expires_at < :before", timedelta(days=1)),
    ("delete from outbox where sent_at < :before", timedelta(days=7)),
    ("delete from sign_in where coalesce(ended_at, seen_at) < :before", timedelta(days=90)),
)

# The names of the fields stay, so that the journal still tells what kind of change it was.
_BLANK = """
update change set before = (select jsonb_object_agg(key, null) from jsonb_each(before)),
                  after = (select jsonb_object_agg(key, null) from jsonb_each(after))
where record = 'account' and at < :before and (jsonb_strip_nulls(before) <> '{}' or jsonb_strip_nulls(after) <> '{}')
"""


def purge(_settings: Settings, now: datetime) -> None:
    """What is past its retention is gone: attempts, reset links, letters, sign-ins, person values of the journal."""
    with directory() as session:
        for statement, kept_for in _LINES:
            session.execute(text(statement), {"before": now - kept_for})
        districts = session.scalars(select(District.id)).all()
    for district_id in districts:
        with tenant(district_id) as session:
            session.execute(text(_BLANK), {"before": now - UNDO_FOR})
