"""What people read while a service does not stand by its data, or has been disconnected."""

import pytest
from sqlalchemy import text

from tests.factory import synced
from tests.views.desk import Desk, a_desk
from tests.views.school import now
from tests.views.test_teacher_classes import words
from webapp.actions.disconnect import disconnect
from webapp.providers.service import Condition
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Connection
from webapp.views.connection_words import healths
from webapp.views.sync_status import Clock

SENTENCE = "Clever itself is paused until August 12."


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return a_desk(settings)


def _advice(desk: Desk) -> tuple[str, str]:
    with tenant(desk.house.district_id) as session:
        [health] = healths(session, desk.services, Clock(now(), "America/New_York", 2))
    return health.word, health.advice


def test_REL_11_a_paused_class_says_quietly_why_and_when_it_was_last_in_order(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    synced(desk.house, desk.services, now())
    desk.roster.condition = Condition(settled=False, sentence=SENTENCE)
    desk.sync()
    page = words(desk.browser(teacher).get(f"/classes/{class_id}").text)
    assert f"{SENTENCE} While that lasts nobody is removed from this class. The last good sync was on" in page
    assert "Sync now" in page and 'class="notice' not in page
    assert _advice(desk)[0] == "Paused" and _advice(desk)[1].startswith(SENTENCE)


def test_a_class_is_not_called_synced_by_a_sync_that_its_service_did_not_stand_by(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    with tenant(desk.house.district_id) as session:
        session.execute(text("update sync_run set started_at = started_at - interval '3 hours'"))
    desk.roster.condition = Condition(settled=False, sentence=SENTENCE)
    desk.sync()
    assert "Last synced 3 hours ago" in words(desk.browser(teacher).get(f"/classes/{class_id}").text)


def test_what_a_settled_service_wants_people_to_know_is_a_note_for_the_license_admin_alone(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    desk.roster.condition = Condition(sentence="Students can sign in from September 1.")
    desk.sync()
    assert _advice(desk) == ("Connected", "Students can sign in from September 1.")
    assert "September 1" not in desk.browser(teacher).get(f"/classes/{class_id}").text


def test_PRIV_9_a_disconnected_class_says_so_and_keeps_its_roster(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=["s1"])
    with tenant(desk.house.district_id) as session:
        session.get_one(Connection, desk.house.connection_id).missing_since = now()
    assert disconnect(desk.house.district_id, desk.house.connection_id, "Your district left.", now=now())
    page = words(desk.browser(teacher).get(f"/classes/{class_id}").text)
    assert "Frozen. Clever is disconnected from us." in page and "S1" in page and "Sync now" not in page
    assert _advice(desk)[0] == "Disconnected" and _advice(desk)[1].startswith("Your district left.")
