"""The district administrator's page: whether rostering is healthy, and what waits for a decision."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.store.database import tenant
from webapp.store.questions.holds import holds_waiting
from webapp.store.tables import License
from webapp.views.connection_words import healths, label_of
from webapp.views.house import house
from webapp.views.now import utc_now
from webapp.views.proposals import waiting
from webapp.views.session import me, my_district
from webapp.views.set_aside import as_file, set_aside_in
from webapp.views.sync_status import Clock
from webapp.views.times import ago

bp = Blueprint("district_admin", __name__, url_prefix="/district")


@bp.get("")
def show() -> str:
    """The district's connections, what a sync holds for her, and the records that could not be used."""
    now = utc_now()
    with tenant(my_district()) as session:
        return render_template(
            "district_admin/show.html",
            healths=healths(session, house().services, Clock(now, me().time_zone, house().settings.sync_hour)),
            holds=holds_waiting(session),
            same_person=waiting(session),
            aside=set_aside_in(session, _licenses(session)),
            label_of=lambda provider: label_of(provider, house().services),
            now=now,
            ago=ago,
        )


@bp.get("/set-aside.csv")
def set_aside_file() -> ResponseReturnValue:
    """The records that could not be used, in the whole district, as a file."""
    with tenant(my_district()) as session:
        licenses = _licenses(session)
    return as_file(my_district(), licenses, ("district", my_district()))


def _licenses(session: Session) -> list[UUID]:
    return list(session.scalars(select(License.id)))
