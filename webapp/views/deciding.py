"""What pages of administrators and operators share: whose district it is, who decides, and what they read."""

from collections.abc import Iterable
from uuid import UUID

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from webapp.actions.note_reading import note_reading
from webapp.store.audit import Actor
from webapp.store.database import directory
from webapp.store.questions.connections import district_of_connection, district_of_run
from webapp.store.questions.sight import Sight
from webapp.views.log_in import ask_for_a_fresh_login
from webapp.views.now import utc_now
from webapp.views.session import me, signed_in_lately


def district_of(*, run: UUID | None = None, connection: UUID | None = None) -> UUID:
    """The district of whoever is signed in; an operator's is that of the run or the connection."""
    if district_id := me().district_id:
        return district_id
    with directory() as session:
        found = district_of_run(session, run) if run else None
        return found or (connection and district_of_connection(session, connection)) or abort(404)


def actor() -> Actor:
    """Whoever is signed in, for the district's book."""
    return Actor(me().account_id, me().operator_id)


def must_log_in_again(sight: Sight, shown: str) -> ResponseReturnValue | None:
    """What to answer instead, before somebody decides: they must have signed in lately (REL-8); 403 where they may not.

    `shown` is the path of the page to which they come back.
    """
    if not sight.decides:
        abort(403)
    return None if signed_in_lately() else ask_for_a_fresh_login(shown)


def write_down(district_id: UUID, why: str, about: tuple[str, UUID], people: Iterable[UUID | None]) -> None:
    """That whoever is signed in read about these people stands in the district's book (safety.md PRIV-6)."""
    note_reading(district_id, actor(), why, about, (one for one in people if one), now=utc_now())


def home() -> str:
    """The page from which they came, most likely."""
    if me().operator_id:
        return url_for("operator.show")
    if "district_admin" in me().roles:
        return url_for("district_admin.show")
    return url_for("license_admin.show") if "license_admin" in me().roles else url_for("my_classes.show")
