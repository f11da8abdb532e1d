"""The license admin reads when classes go to the archive."""

import pytest

from tests.views.school import School, now, rows
from tests.views.test_license_admin import admin_of, words
from webapp.actions.set_archive_after import set_archive_after


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (14, "Classes go to the archive 14 days after their term's end."),
        (1, "Classes go to the archive 1 day after their term's end."),
        (0, "Classes go to the archive as soon as their term is over."),
    ],
)
def test_the_page_tells_when_classes_go_to_the_archive(school: School, days: int, told: str) -> None:
    connection = rows("select id from connection where provider = 'clever'")[0][0]
    set_archive_after(school.district_id, connection, days, now=now())
    assert told in words(admin_of(school).get("/license").text).replace("&#39;", "'")
