"""The district administrator's page, and her way to it; and the files of records that could not be used."""

import csv
import io

import pytest
from sqlalchemy import text

from tests.views.deciders import administrator, another_license, held_class
from tests.views.desk import Desk, a_desk
from tests.views.school import School, meanwhile, rows
from tests.views.test_teacher_classes import words
from webapp.settings import Settings
from webapp.store.database import tenant


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


@pytest.mark.parametrize("service", ["clever", "classlink"])
def test_REL_8_an_invited_district_administrator_who_signs_in_by_the_service_reaches_what_waits(
    school: School, service: str
) -> None:
    person = school.person("district_admin", service)
    browser = school.browser()
    browser.be(service, person["clever_id"])
    token = school.invited("boss@school.example", "district_admin").token
    browser.follow(browser.post(f"/invitations/{token}/with/{service}"))
    meanwhile(
        "insert into sync_run (district_id, connection_id, kind, state, plan_hash, requested_at) "
        f"select district_id, id, 'sync', 'held', 'plan', now() from connection where provider = '{service}'"
    )
    [(run_id,)] = rows("select id from sync_run where state = 'held'")
    assert browser.get("/").location == "/district"
    assert f'href="/holds/{run_id}"' in browser.get("/district").text
    assert "Approve" in words(browser.get(f"/holds/{run_id}").text)


def test_REL_8_the_districts_page_leads_to_what_waits_and_to_what_syncs_changed(desk: Desk) -> None:
    boss = desk.browser(administrator(desk.house, "district_admin"))
    assert "Nothing waits for you" in words(boss.get("/district").text)
    run = held_class(desk)
    page = boss.get("/district").text
    assert f'href="/holds/{run.id}"' in page and "Nothing waits for you" not in page
    assert f'href="/connections/{desk.house.connection_id}/runs"' in page
    assert 'href="/district"' in boss.get(f"/holds/{run.id}").text


def aside(desk: Desk, record: str, source_id: str, *, section: str = "", odd: bool = False) -> None:
    """A record that a sync could not use."""
    with tenant(desk.house.district_id) as session:
        session.execute(
            text("""
insert into record_set_aside
    (district_id, connection_id, record, source_id, section_source_id, reason, odd, first_seen_at, last_seen_at)
values (:district, :connection, :record, :source_id, :section, 'has no name', :odd, '2026-10-05 14:00+00', now())"""),
            {
                "district": desk.house.district_id,
                "connection": desk.house.connection_id,
                "record": record,
                "source_id": source_id,
                "section": section,
                "odd": odd,
            },
        )


def test_REL_29_REL_45_records_set_aside_come_as_a_file_with_names_whose_cells_run_nowhere(desk: Desk) -> None:
    desk.import_class(desk.teacher(), students=["s1", "s2"])
    meanwhile("update account set given_name = '=S1' where given_name = 'S1'")
    aside(desk, "person", "s1")
    aside(desk, "enrollment", "biology / s2", section="biology")
    aside(desk, "enrollment", "biology / unknown", section="biology")
    aside(desk, "section", "biology", section="biology")
    aside(desk, "course", "@course")
    aside(desk, "person", "s2", odd=True)
    admin = desk.browser(administrator(desk.house))
    path = f"/license/{desk.house.license_id}/set-aside.csv"
    assert f'href="{path}"' in admin.get("/license").text
    answer = admin.get(path)
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = [tuple(line.values()) for line in csv.DictReader(io.StringIO(answer.text))]
    at = "2026-10-05T14:00:00+00:00"
    assert sorted(lines) == [
        ("Course", "'@course", "", "has no name", at),
        ("Enrollment", "biology / s2", "S2 Example", "has no name", at),
        ("Enrollment", "biology / unknown", "", "has no name", at),
        ("Person", "s1", "'=S1 Example", "has no name", at),
        ("Section", "biology", "Biology", "has no name", at),
    ]
    people = sorted(str(desk.account_of(one)) for one in ("s1", "s2"))
    assert rows("select detail from audit where action = 'set_aside.file'") == [({"accounts": people},)]


def test_REL_29_a_license_admin_downloads_what_concerns_her_license_and_the_district_all(desk: Desk) -> None:
    annex = another_license(desk.house)
    desk.import_class(desk.teacher(), students=["s1"])
    aside(desk, "section", "biology", section="biology")
    hers, theirs = administrator(desk.house), administrator(desk.house, license_id=annex)
    boss = desk.browser(administrator(desk.house, "district_admin"))
    assert "biology" in desk.browser(hers).get(f"/license/{desk.house.license_id}/set-aside.csv").text
    assert "biology" not in desk.browser(theirs).get(f"/license/{annex}/set-aside.csv").text
    assert desk.browser(theirs).get(f"/license/{desk.house.license_id}/set-aside.csv").status_code == 404
    assert "biology" in boss.get("/district/set-aside.csv").text
