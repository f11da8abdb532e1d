"""**My Classes** of a teacher when her service has shut us out."""

from datetime import UTC, datetime, timedelta

from tests.factory import synced
from tests.views.desk import a_desk
from webapp.providers.errors import AccessWithdrawn
from webapp.settings import Settings


def test_my_classes_says_that_the_service_has_shut_us_out_until_it_lets_us_in_again(settings: Settings) -> None:
    desk = a_desk(settings)
    teacher = desk.teacher()
    desk.import_class(teacher, students=["s1"])
    told = "The connection to Clever needs attention"
    browser = desk.browser(teacher)
    assert told not in browser.get("/classes").text
    desk.roster.trouble = AccessWithdrawn("Clever says no.")
    desk.sync()
    assert told in browser.get("/classes").text
    desk.roster.trouble = None
    synced(desk.house, desk.services, datetime.now(UTC) + timedelta(hours=2))
    assert told not in browser.get("/classes").text
