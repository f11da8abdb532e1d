"""What pages of administrators and operators share: whose district it is; and what they read is written down."""

from collections.abc import Iterable
from uuid import UUID

from flask import abort, url_for

from webapp.actions.note_reading import Reader, note_reading
from webapp.store.database import directory
from webapp.store.questions.connections import district_of_connection, district_of_run
from webapp.views.now import utc_now
from webapp.views.session import me


def district_of(*, run: UUID | None = None, connection: UUID | None = None) -> UUID:
    """The district of whoever is signed in; an operator's is that of the run or the connection."""
    if district_id := me().district_id:
        return district_id
    with directory() as session:
        found = district_of_run(session, run) if run else None
        return found or (connection and district_of_connection(session, connection)) or abort(404)


def write_down(district_id: UUID, why: str, about: tuple[str, UUID], people: Iterable[UUID | None]) -> None:
    """That whoever is signed in read about these people stands in the district's book (safety.md PRIV-6)."""
    reader = Reader(me().account_id, me().operator_id)
    note_reading(district_id, reader, why, about, (one for one in people if one), now=utc_now())


def home() -> str:
    """The page from which they came, most likely."""
    if me().operator_id:
        return url_for("operator.show")
    if "district_admin" in me().roles:
        return url_for("district_admin.show")
    return url_for("license_admin.show") if "license_admin" in me().roles else url_for("my_classes.show")
