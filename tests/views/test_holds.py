"""The page of a hold: what it shows to whom, and how it is decided."""

import csv
import io
import re
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.factory import a_house, worked
from tests.views.deciders import (
    PUPILS,
    administrator,
    another_license,
    grown_old,
    held_class,
    operators_tab,
)
from tests.views.desk import Desk, Tab, a_desk
from tests.views.school import now, rows
from tests.views.test_teacher_classes import words
from webapp.roster.records import Role
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import SchoolClass, SyncRun


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


@pytest.fixture
def run(desk: Desk) -> SyncRun:
    """A sync that would take fifteen of twenty students out of a class."""
    return held_class(desk)


@pytest.fixture
def admin(desk: Desk) -> Tab:
    """The browser of the district's only license admin."""
    return desk.browser(administrator(desk.house))


def plan_of(page: str) -> str:
    """The plan hash that the page carries."""
    found = re.search(r'name="plan" type="hidden" value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def decide(tab: Tab, run_id: UUID, verdict: str, plan: str) -> int:
    """Confirm a decision about this plan; the status of the answer."""
    return tab.post(f"/holds/{run_id}/{verdict}", {"plan": plan}).status_code


def state_of(desk: Desk, run_id: UUID) -> str:
    """What has become of the run."""
    with tenant(desk.house.district_id) as session:
        return session.get_one(SyncRun, run_id).state


def test_REL_8_a_hold_shows_counts_by_type_the_class_the_students_old_and_new_and_why(
    desk: Desk, run: SyncRun, admin: Tab
) -> None:
    page = words(admin.get(f"/holds/{run.id}").text)
    assert "Students in no class any more 20 15" in page
    assert "Teachers 1 0" in page and "Places in classes would end 21 15" in page and "Classes 1 0" in page
    assert "Biology" in page and "Maple School" in page and "15 of 20 students would leave" in page
    assert "S1 Example Student in the class would leave" in page and "S16 Example" not in page
    assert "would go" in page and "Approve" in page and "Discard" in page


def test_REL_8_the_license_page_leads_to_what_waits(desk: Desk, run: SyncRun, admin: Tab) -> None:
    assert f'href="/holds/{run.id}"' in admin.get("/license").text
    assert decide(admin, run.id, "discard", plan_of(admin.get(f"/holds/{run.id}").text)) == 303
    assert f'href="/holds/{run.id}"' not in admin.get("/license").text


def test_REL_8_REL_45_the_list_comes_as_a_file_whose_cells_run_nowhere(desk: Desk, run: SyncRun, admin: Tab) -> None:
    with tenant(desk.house.district_id) as session:
        session.execute(text("update account set given_name = '=1+1' where given_name = 'S1'"))
    answer = admin.get(f"/holds/{run.id}/list.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert sorted(line["source_id"] for line in lines) == sorted(PUPILS[:15])
    first = next(line for line in lines if line["source_id"] == "s1")
    assert (first["class"], first["given_name"], first["old"], first["new"]) == (
        "Biology",
        "'=1+1",
        "in the class",
        "would leave",
    )


def test_REL_8_approving_asks_once_more_and_then_exactly_that_happens(desk: Desk, run: SyncRun, admin: Tab) -> None:
    plan = plan_of(admin.get(f"/holds/{run.id}").text)
    asked = admin.get(f"/holds/{run.id}/approve?plan={plan}").text
    assert "15 places in classes will end; 15 students will be in no class any more." in words(asked)
    assert state_of(desk, run.id) == "held"
    assert decide(admin, run.id, "approve", plan_of(asked)) == 303
    assert "hx-trigger" in admin.get(f"/holds/{run.id}").text
    worked(desk.house, run.id, desk.services, now())
    page = words(admin.get(f"/holds/{run.id}").text)
    assert "Applied by Ada License_Admin. 15 records ended. It can be undone for 30 days." in page
    assert "Approve" not in page and "hx-trigger" not in page
    book = "select actor_account_id is not null from audit where action = 'hold.approve' and subject_id = :run"
    assert rows(book, run=str(run.id)) == [(True,)]


def test_REL_8_discarding_asks_once_more_and_leaves_everything(desk: Desk, run: SyncRun, admin: Tab) -> None:
    plan = plan_of(admin.get(f"/holds/{run.id}").text)
    assert "Nobody is removed." in admin.get(f"/holds/{run.id}/discard?plan={plan}").text
    assert decide(admin, run.id, "discard", plan) == 303
    assert "Discarded." in words(admin.get(f"/holds/{run.id}").text)
    assert rows("select count(*) from audit where action = 'hold.discard'") == [(1,)]


@pytest.mark.parametrize("verdict", ["approve", "discard"])
def test_REL_8_a_sign_in_older_than_fifteen_minutes_is_asked_for_again(
    desk: Desk, run: SyncRun, admin: Tab, verdict: str
) -> None:
    plan = plan_of(admin.get(f"/holds/{run.id}").text)
    grown_old(desk)
    for answer in (
        admin.get(f"/holds/{run.id}/{verdict}?plan={plan}"),
        admin.post(f"/holds/{run.id}/{verdict}", {"plan": plan}),
    ):
        assert answer.status_code == 303
        assert answer.location == f"/login?next=/holds/{run.id}"
    assert state_of(desk, run.id) == "held"
    assert admin.get(f"/holds/{run.id}").status_code == 200


@pytest.mark.parametrize("verdict", ["approve", "discard"])
def test_REL_9_a_decision_about_another_plan_than_the_one_that_waits_is_refused_with_the_new_preview(
    desk: Desk, run: SyncRun, admin: Tab, verdict: str
) -> None:
    shown = plan_of(admin.get(f"/holds/{run.id}").text)
    with tenant(desk.house.district_id) as session:
        session.get_one(SyncRun, run.id).plan_hash = "another"
    for plan in (shown, ""):
        assert decide(admin, run.id, verdict, plan) == 303
        assert admin.get(f"/holds/{run.id}/{verdict}?plan={plan}").location == f"/holds/{run.id}"
        assert "has changed since you opened this page" in admin.get(f"/holds/{run.id}").text
    assert state_of(desk, run.id) == "held"


def test_REL_10_a_hold_that_went_away_by_itself_says_so_and_one_that_was_replaced_leads_on(
    desk: Desk, run: SyncRun, admin: Tab
) -> None:
    desk.roster.leave("biology", "s16")
    desk.sync()
    page = admin.get(f"/holds/{run.id}").text
    newer = rows("select id from sync_run where state = 'held'")[0][0]
    assert newer != run.id and "This no longer waits." in words(page) and f'href="/holds/{newer}"' in page
    for pupil in PUPILS[:16]:
        desk.roster.join("biology", pupil)
    desk.sync()
    assert "so there is nothing left to decide" in admin.get(f"/holds/{newer}").text


def test_SEC_16_REL_8_who_sees_and_who_decides(desk: Desk, run: SyncRun) -> None:
    teacher, student = desk.teacher("t9"), desk.account_of("s1")
    with tenant(desk.house.district_id) as session:
        session.execute(
            text("insert into account_role (district_id, account_id, role) values (:district, :account, 'student')"),
            {"district": desk.house.district_id, "account": student},
        )
    statuses = {
        "license admin": desk.browser(administrator(desk.house)).get(f"/holds/{run.id}").status_code,
        "school admin": desk.browser(administrator(desk.house, "school_admin")).get(f"/holds/{run.id}").status_code,
        "teacher": desk.browser(teacher).get(f"/holds/{run.id}").status_code,
        "student": desk.browser(student).get(f"/holds/{run.id}").status_code,
        "operator": operators_tab(desk.app).get(f"/holds/{run.id}").status_code,
    }
    assert statuses == {"license admin": 200, "school admin": 403, "teacher": 403, "student": 403, "operator": 200}


def test_REL_8_where_the_district_has_administrators_they_decide_and_license_admins_look_on(
    desk: Desk, run: SyncRun, admin: Tab
) -> None:
    boss = desk.browser(administrator(desk.house, "district_admin"))
    looking = admin.get(f"/holds/{run.id}").text
    assert "S1" in looking and "Approve" not in words(looking)
    plan = plan_of(boss.get(f"/holds/{run.id}").text)
    assert decide(admin, run.id, "approve", plan) == 403
    assert decide(boss, run.id, "approve", plan) == 303 and state_of(desk, run.id) == "requested"


def test_REL_8_what_also_concerns_another_license_is_not_hers_to_decide_and_shows_only_her_part(desk: Desk) -> None:
    first = held_class(desk, "Biology")
    desk.import_class(desk.teacher("t2"), "Chemistry", teachers=["t2"], students=[f"c{n}" for n in range(20)])
    annex = another_license(desk.house)
    with tenant(desk.house.district_id) as session:
        session.query(SchoolClass).filter_by(provider_name="Chemistry").one().license_id = annex
    desk.roster.leave("chemistry", *[f"c{n}" for n in range(15)])
    desk.sync()
    [run] = rows("select id, plan_hash from sync_run where state = 'held' and id <> :first", first=first.id)
    hers = desk.browser(administrator(desk.house))
    page = words(hers.get(f"/holds/{run[0]}").text)
    assert "Biology" in page and "Chemistry" not in page and "C1 Example" not in page and "Approve" not in page
    assert "Students in no class any more 20 15" in page
    assert "Chemistry" not in hers.get(f"/holds/{run[0]}/list.csv").text
    assert decide(hers, run[0], "approve", run[1]) == 403
    assert "Chemistry" in operators_tab(desk.app).get(f"/holds/{run[0]}").text


def test_SEC_17_another_districts_hold_is_not_there(desk: Desk, run: SyncRun) -> None:
    stranger = desk.browser(administrator(other := a_house()), house=other)
    for run_id in (run.id, uuid4()):
        assert stranger.get(f"/holds/{run_id}").status_code == 404
        assert stranger.get(f"/holds/{run_id}/list.csv").status_code == 404
        assert decide(stranger, run_id, "approve", run.plan_hash or "") == 404
    assert state_of(desk, run.id) == "held"


def test_a_run_that_never_waited_has_no_such_page(desk: Desk, admin: Tab) -> None:
    desk.import_class(desk.teacher(), students=["s1"])
    [(run_id,)] = rows("select id from sync_run")
    assert admin.get(f"/holds/{run_id}").status_code == 404


def test_SEC_32_an_operator_sees_names_only_on_request_and_that_stands_in_the_districts_book(
    desk: Desk, run: SyncRun
) -> None:
    operator = operators_tab(desk.app)
    page = operator.get(f"/holds/{run.id}").text
    assert "15 of 20 students would leave" in page and "S1 <span" not in page and "Show the names" in page
    listed = operator.get(f"/holds/{run.id}/list.csv").text
    assert "s1," in listed and "Example" not in listed
    assert "S1 <span" in operator.post(f"/holds/{run.id}/names").text
    book = (
        "select count(*) from audit where action = 'hold.names' and actor_operator_id is not null and district_id = :it"
    )
    assert rows(book, it=desk.house.district_id) == [(1,)]


def test_an_operator_decides_too(desk: Desk, run: SyncRun) -> None:
    operator = operators_tab(desk.app)
    plan = plan_of(operator.get(f"/holds/{run.id}").text)
    assert decide(operator, run.id, "approve", plan) == 303
    assert state_of(desk, run.id) == "requested"
    book = "select actor_operator_id is not null, actor_account_id from audit where action = 'hold.approve'"
    assert rows(book) == [(True, None)]


def test_PRIV_6_who_read_whom_of_a_hold_stands_in_the_book_once_for_each_look(
    desk: Desk, run: SyncRun, admin: Tab
) -> None:
    people = sorted(str(desk.account_of(one)) for one in PUPILS[:15])
    for _ in range(2):
        admin.get(f"/holds/{run.id}")
        admin.get(f"/holds/{run.id}", fragment=True)
    admin.get(f"/holds/{run.id}/list.csv")
    operators_tab(desk.app).get(f"/holds/{run.id}")
    book = rows("select action, actor_account_id is not null, detail from audit where action like 'hold.%' order by id")
    assert book == [(why, True, {"accounts": people}) for why in ("hold.names", "hold.file")]


def test_REL_5_a_hold_of_the_whole_plan_says_that_nothing_was_applied_and_names_who_looks_exchanged(
    desk: Desk, admin: Tab
) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=PUPILS)
    desk.roster.people = [
        replace(one, given_name="Other") if Role.STUDENT in one.roles else one for one in desk.roster.people
    ]
    desk.sync()
    [(run_id, whole)] = rows("select id, whole_held from sync_run where state = 'held'")
    page = words(admin.get(f"/holds/{run_id}").text)
    assert whole and "we followed nothing of this sync" in page
    assert "People who look exchanged would have another name or number" in page and "S20 Example" in page
    assert "Nothing applied" in words(admin.get("/license").text)
    assert "another name or number" in admin.get(f"/holds/{run_id}/list.csv").text
    class_page = desk.browser(teacher).get(f"/classes/{class_id}").text
    assert 'class="fresh warn"' in class_page and "nothing of the last sync was followed" in words(class_page)
    plan = plan_of(admin.get(f"/holds/{run_id}").text)
    assert "The whole sync is applied" in admin.get(f"/holds/{run_id}/approve?plan={plan}").text
    assert decide(admin, run_id, "approve", plan) == 303
    worked(desk.house, run_id, desk.services, now())
    assert "Applied by" in words(admin.get(f"/holds/{run_id}").text)


def test_SEC_43_the_page_and_its_fragment_say_the_same(desk: Desk, run: SyncRun, admin: Tab) -> None:
    whole, part = admin.get(f"/holds/{run.id}").text, admin.get(f"/holds/{run.id}", fragment=True).text
    assert "<html" not in part and "15 of 20 students would leave" in part and "15 of 20 students would leave" in whole
