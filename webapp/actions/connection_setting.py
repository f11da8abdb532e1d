"""What a district may set on its connection: one place that finds it, locks it, and writes the book."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from webapp.store.audit import note
from webapp.store.database import tenant
from webapp.store.tables import Connection


class SettingRefused(Exception):
    """This is not possible; the message is a plain sentence, and nothing was changed."""


@contextmanager
def setting(
    district_id: UUID, connection_id: UUID, action: str, *, now: datetime, account_id: UUID | None, **told: Any
) -> Iterator[tuple[Session, Connection]]:
    """The connection, locked; what is set on it within the `with` stands in the book as `action` with what is `told`.

    Raises SettingRefused where the district has no such connection.
    """
    with tenant(district_id) as session:
        connection = session.get(Connection, connection_id, with_for_update={"key_share": True})
        if connection is None:
            raise SettingRefused("There is no such connection.")
        yield session, connection
        about = ("connection", connection_id)
        note(session, action, at=now, district_id=district_id, account_id=account_id, about=about, **told)
