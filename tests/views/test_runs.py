"""What syncs changed, for those who answer for it, and taking a whole one back."""

import csv
import io
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.factory import a_house, roster
from tests.views.deciders import administrator, another_license, grown_old, operators_tab
from tests.views.desk import Desk, Tab, a_desk
from tests.views.school import meanwhile, rows
from tests.views.test_class_history import by_hand
from tests.views.test_teacher_classes import words
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import SchoolClass

PUPILS = ["s1", "s2", "s3"]


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


@pytest.fixture
def run(desk: Desk) -> UUID:
    """A sync by which one student left Biology, one joined, and one has another name."""
    desk.import_class(desk.teacher(), students=PUPILS)
    desk.roster.leave("biology", "s1")
    desk.roster.join("biology", "newcomer")
    desk.sync()
    return newest("sync")


@pytest.fixture
def admin(desk: Desk) -> Tab:
    """The browser of the district's only license admin."""
    return desk.browser(administrator(desk.house))


def newest(kind: str) -> UUID:
    """The newest run of this kind."""
    found = rows("select id from sync_run where kind = :kind order by id desc limit 1", kind=kind)[0][0]
    assert isinstance(found, UUID)
    return found


def undone(desk: Desk, tab: Tab, run_id: UUID) -> str:
    """The page of the undo that this person asked for, after a worker did it."""
    answer = tab.post(f"/runs/{run_id}/undo")
    assert answer.status_code == 303, answer.status
    desk.work()
    return tab.get(answer.location).text


def test_REL_14_recent_runs_say_when_by_whom_and_how_much_and_leave_out_those_that_found_nothing(
    desk: Desk, run: UUID, admin: Tab
) -> None:
    desk.sync()
    assert f'href="/connections/{desk.house.connection_id}/runs"' in admin.get("/license").text
    page = words(admin.get(f"/connections/{desk.house.connection_id}/runs").text)
    assert page.count("Sync with") == 1 and "by itself 1 joined, 1 left in 1 class." in page
    assert "Import from" in page and "by T1 Example 4 joined in 1 class, 1 person with another name or number." in page
    assert "Undone" not in page


def test_REL_14_a_runs_page_names_people_by_class_before_and_after(run: UUID, admin: Tab) -> None:
    page = words(admin.get(f"/runs/{run}").text)
    assert "Biology 1 joined, 1 left" in page
    assert "S1 Example Student in the class has left" in page
    assert "Newcomer Example Student not in the class in the class" in page
    assert "S2 Example" not in page and "Undo" in page


def test_REL_14_REL_45_the_list_comes_as_a_file_whose_cells_run_nowhere(desk: Desk, run: UUID, admin: Tab) -> None:
    with tenant(desk.house.district_id) as session:
        session.execute(text("update account set given_name = '=1+1' where given_name = 'S1'"))
    answer = admin.get(f"/runs/{run}/list.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    lines = {line["source_id"]: line for line in csv.DictReader(io.StringIO(answer.text))}
    assert set(lines) == {"s1", "newcomer"}
    assert (lines["s1"]["class"], lines["s1"]["given_name"], lines["s1"]["after"]) == ("Biology", "'=1+1", "has left")


def test_REL_14_a_whole_run_is_previewed_undone_and_the_undo_can_be_undone(desk: Desk, run: UUID, admin: Tab) -> None:
    asked = words(admin.get(f"/runs/{run}/undo").text)
    assert "Biology 1 back, 1 out" in asked
    assert "Back into the class (1): S1 Example" in asked and "Out of the class (1): Newcomer Example" in asked
    assert roster(desk.house, "Biology")["student"] == ["newcomer", "s2", "s3"]
    answer = admin.post(f"/runs/{run}/undo")
    undo = answer.location.rpartition("/")[2]
    assert "hx-trigger" in admin.get(answer.location).text and "Being undone" not in answer.text
    assert "This is being undone." in words(admin.get(f"/runs/{run}").text)
    desk.work()
    page = admin.get(answer.location).text
    assert "Undone. 1 put back, 1 taken out in 1 class." in words(page) and "hx-trigger" not in page
    assert roster(desk.house, "Biology")["student"] == PUPILS
    assert "This was undone." in words(admin.get(f"/runs/{run}").text)
    listed = words(admin.get(f"/connections/{desk.house.connection_id}/runs").text)
    assert "Undone" in listed and "It took back an earlier sync" in listed
    again = undone(desk, admin, UUID(undo))
    assert "Undone. 1 put back, 1 taken out in 1 class." in words(again)
    assert roster(desk.house, "Biology")["student"] == ["newcomer", "s2", "s3"]
    book = "select count(*) from audit where action = 'undo' and actor_account_id is not null"
    assert rows(book) == [(2,)]


def test_REL_14_what_somebody_changed_since_is_told_before_and_listed_after(desk: Desk, run: UUID, admin: Tab) -> None:
    class_id = rows("select id from school_class")[0][0]
    by_hand(desk, class_id, "s1")
    asked = words(admin.get(f"/runs/{run}/undo").text)
    assert "1 out, 1 left alone" in asked
    assert "Left as they are, because they were changed since (1): S1 Example" in asked
    page = words(undone(desk, admin, run))
    assert "1 record was left as it was" in page
    assert "S1 Example in Biology: somebody changed it since" in page


def test_REL_14_where_a_run_cannot_be_undone_its_page_says_why_and_a_press_is_refused_with_the_same_words(
    desk: Desk, run: UUID, admin: Tab
) -> None:
    desk.sync()
    nothing = newest("sync")
    undone(desk, admin, run)
    assert "That sync changed nothing here" in words(admin.get(f"/runs/{nothing}").text)
    with tenant(desk.house.district_id) as session:
        session.execute(
            text("update sync_run set finished_at = finished_at - interval '31 days' where kind = 'import'")
        )
    for run_id, why in (
        (nothing, "changed nothing here"),
        (run, "That was undone already."),
        (newest("import"), "within the last 30 days"),
    ):
        assert admin.post(f"/runs/{run_id}/undo").location == f"/runs/{run_id}"
        assert why in words(admin.get(f"/runs/{run_id}").text)
        assert admin.get(f"/runs/{run_id}/undo").location == f"/runs/{run_id}"
    assert rows("select count(*) from sync_run where kind = 'undo'") == [(1,)]


def test_REL_8_REL_14_an_undo_needs_a_sign_in_of_the_last_fifteen_minutes(desk: Desk, run: UUID, admin: Tab) -> None:
    grown_old(desk)
    for answer in (admin.get(f"/runs/{run}/undo"), admin.post(f"/runs/{run}/undo")):
        assert answer.location == f"/login?next=/runs/{run}/undo"
    assert admin.get(f"/runs/{run}").status_code == 200
    assert rows("select count(*) from sync_run where kind = 'undo'") == [(0,)]


def test_SEC_16_REL_14_who_sees_runs_and_who_undoes_them(desk: Desk, run: UUID, admin: Tab) -> None:
    boss = desk.browser(administrator(desk.house, "district_admin"))
    others = {role: desk.browser(administrator(desk.house, role)) for role in ("school_admin", "teacher")}
    for path in (f"/runs/{run}", f"/connections/{desk.house.connection_id}/runs", f"/runs/{run}/list.csv"):
        assert [tab.get(path).status_code for tab in (boss, admin)] == [200, 200]
        assert [tab.get(path).status_code for tab in others.values()] == [403, 403]
    assert "district's administrators can undo this" in words(admin.get(f"/runs/{run}").text)
    assert admin.post(f"/runs/{run}/undo").status_code == 403
    assert boss.post(f"/runs/{run}/undo").status_code == 303


def test_REL_14_a_run_that_also_concerns_another_license_shows_her_part_and_is_not_hers_to_undo(desk: Desk) -> None:
    desk.import_class(desk.teacher("t1"), "Biology", students=PUPILS)
    desk.import_class(desk.teacher("t2"), "Chemistry", teachers=["t2"], students=["c1", "c2"])
    annex = another_license(desk.house)
    with tenant(desk.house.district_id) as session:
        session.query(SchoolClass).filter_by(provider_name="Chemistry").one().license_id = annex
    desk.roster.leave("biology", "s1")
    desk.roster.leave("chemistry", "c1")
    desk.sync()
    run, hers = newest("sync"), desk.browser(administrator(desk.house))
    page = words(hers.get(f"/runs/{run}").text)
    assert "S1 Example" in page and "C1 Example" not in page and "1 left in 1 class." in page
    assert "c1" not in hers.get(f"/runs/{run}/list.csv").text
    assert hers.get(f"/runs/{run}/undo").status_code == 403
    [(theirs,)] = rows("select run_id from change h join school_class c on c.id = h.class_id "
                       "where c.provider_name = 'Chemistry' and h.record = 'class' and h.what = 'added'")  # fmt: skip
    assert hers.get(f"/runs/{theirs}").status_code == 404
    assert words(hers.get(f"/connections/{desk.house.connection_id}/runs").text).count("Import from") == 1


def test_SEC_17_another_districts_runs_are_not_there(desk: Desk, run: UUID) -> None:
    stranger = desk.browser(administrator(other := a_house()), house=other)
    for run_id in (run, uuid4()):
        for path in (f"/runs/{run_id}", f"/runs/{run_id}/list.csv", f"/runs/{run_id}/undo"):
            assert stranger.get(path).status_code == 404
        assert stranger.post(f"/runs/{run_id}/undo").status_code == 404
    for connection_id in (desk.house.connection_id, uuid4()):
        assert stranger.get(f"/connections/{connection_id}/runs").status_code == 404
    assert rows("select count(*) from sync_run where kind = 'undo'") == [(0,)]


def test_SEC_32_PRIV_6_an_operator_reads_numbers_and_names_only_on_request_which_stands_in_the_book(
    desk: Desk, run: UUID
) -> None:
    operator = operators_tab(desk.app)
    assert "Import from" in operator.get(f"/connections/{desk.house.connection_id}/runs").text
    page = words(operator.get(f"/runs/{run}").text)
    assert "Biology 1 joined, 1 left" in page and "S1 Example" not in page and "Show the names" in page
    assert "S1 Example" not in words(operator.get(f"/runs/{run}/undo").text)
    assert "Example" not in operator.get(f"/runs/{run}/list.csv").text
    assert "S1 Example" in words(operator.post(f"/runs/{run}/names").text)
    told = [row[0] for row in rows("select action from audit where actor_operator_id is not null "
                                   "and district_id = :it order by id", it=desk.house.district_id)]  # fmt: skip
    assert told == ["run.file", "run.names"]
    assert operator.post(f"/runs/{run}/undo").status_code == 303
    assert rows("select count(*) from audit where action = 'undo' and actor_operator_id is not null") == [(1,)]


def test_PRIV_6_who_read_whom_on_which_page_stands_in_the_book_once_for_each_look(
    desk: Desk, run: UUID, admin: Tab
) -> None:
    people = sorted(str(desk.account_of(one)) for one in ("s1", "newcomer"))
    for _ in range(2):
        admin.get(f"/runs/{run}")
        admin.get(f"/runs/{run}", fragment=True)
    admin.get(f"/runs/{run}/undo")
    admin.get(f"/runs/{run}/list.csv")
    book = rows("select action, subject_id, detail from audit where action like 'run.%' order by id")
    assert book == [(why, str(run), {"accounts": people}) for why in ("run.names", "run.preview", "run.file")]
    meanwhile("update audit set at = at - interval '11 minutes'")
    admin.get(f"/runs/{run}")
    assert rows("select count(*) from audit where action = 'run.names'") == [(2,)]


def test_SEC_43_the_page_and_its_fragment_say_the_same(run: UUID, admin: Tab) -> None:
    whole, part = admin.get(f"/runs/{run}").text, admin.get(f"/runs/{run}", fragment=True).text
    assert "<html" not in part and "S1 <span" in part and "S1 <span" in whole
