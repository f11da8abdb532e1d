"""**Why?**: the facts in order about a row of a roster, a whole roster, and an empty list of classes."""

import html
import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.factory import a_house
from tests.views.deciders import administrator, another_license, held_class
from tests.views.desk import Desk, Tab, a_desk
from tests.views.school import now
from tests.views.test_teacher_classes import leave_the_license, words
from webapp.providers.errors import Unreachable
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Connection, Enrollment, License, SchoolClass, SetAside


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


@pytest.fixture
def teacher(desk: Desk) -> UUID:
    """The teacher of Biology."""
    return desk.teacher()


@pytest.fixture
def class_id(desk: Desk, teacher: UUID) -> UUID:
    """Biology, with two students."""
    return desk.import_class(teacher, students=["s1", "s2"])


@pytest.fixture
def tab(desk: Desk, teacher: UUID) -> Tab:
    """Her browser."""
    return desk.browser(teacher)


def why(tab: Tab, class_id: UUID, account_id: UUID | str = "") -> str:
    """What the page says, as its reader sees it."""
    path = f"/classes/{class_id}/why" + (f"/{account_id}" if account_id else "")
    answer = tab.get(path)
    assert answer.status_code == 200, answer.status
    return html.unescape(words(answer.text))


def message(tab: Tab, path: str) -> str:
    """The text to paste for the district's IT."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", tab.get(path).text, re.DOTALL)
    return html.unescape(found.group(1)) if found else ""


def change(desk: Desk, sql: str) -> None:
    """Let something be true of the district."""
    with tenant(desk.house.district_id) as session:
        session.execute(text(sql))


def set_aside(desk: Desk, record: str, source_id: str, reason: str, *, section: str = "", odd: bool = False) -> None:
    """A sync could not use this record, or found it odd."""
    with tenant(desk.house.district_id) as session:
        session.add(
            SetAside(
                district_id=desk.house.district_id,
                connection_id=desk.house.connection_id,
                record=record,
                source_id=source_id,
                section_source_id=section,
                reason=reason,
                odd=odd,
                first_seen_at=now() - timedelta(days=2),
                last_seen_at=now(),
            )
        )


def test_each_row_of_a_roster_and_the_roster_itself_have_their_why(desk: Desk, tab: Tab, class_id: UUID) -> None:
    page = tab.get(f"/classes/{class_id}").text
    for subject in ("t1", "s1", "s2"):
        assert f'href="/classes/{class_id}/why/{desk.account_of(subject)}"' in page
    assert f'href="/classes/{class_id}/why"' in page


def test_a_row_that_simply_follows_the_service_says_what_it_said_when_and_who_put_it_there(
    desk: Desk, tab: Tab, class_id: UUID
) -> None:
    page = why(tab, class_id, desk.account_of("s1"))
    assert "S1 Example is here because Clever lists S1 Example in this section." in page
    said, rule, came = (page.index(part) for part in ("What Clever said", "The rule that decided", "How it came about"))
    assert said < rule < came
    assert "This class follows section “Biology” (id biology) of Clever. We last read that on" in page
    assert "joined by an import from Clever that T1 Example asked for" in page


def test_the_text_for_the_it_names_ids_of_this_pupil_and_nobody_else(desk: Desk, tab: Tab, class_id: UUID) -> None:
    text_ = message(tab, f"/classes/{class_id}/why/{desk.account_of('s1')}")
    assert "the Clever id s1" in text_ and "section biology of school school" in text_
    assert "s2" not in text_ and "Example" not in text_


def test_a_student_who_waits_for_a_seat_is_told_of_the_license(desk: Desk, tab: Tab, class_id: UUID) -> None:
    change(desk, "update enrollment set state = 'waiting' where role = 'student'")
    page = why(tab, class_id, desk.account_of("s1"))
    assert "S1 Example waits for a seat." in page and "All 500 student seats of the license “License” are taken" in page


@pytest.mark.parametrize(
    ("hand", "state", "verdict", "rule"),
    [
        ("added", "active", "was put here by hand, and stays.", "Syncs leave that alone until Clever agrees"),
        ("removed", "ended", "was taken off by hand", "Syncs do not bring them back until Clever agrees"),
    ],
)
def test_REL_16_a_hand_mark_is_named_as_the_rule(
    desk: Desk, tab: Tab, class_id: UUID, hand: str, state: str, verdict: str, rule: str
) -> None:
    change(desk, f"update enrollment set hand = '{hand}', state = '{state}' where role = 'student'")
    page = why(tab, class_id, desk.account_of("s1"))
    assert verdict in page and rule in page


def test_REL_7_a_row_whose_leaving_is_held_says_so(desk: Desk) -> None:
    held_class(desk)
    with tenant(desk.house.district_id) as session:
        found = session.query(SchoolClass).one().id
        teacher = session.query(Enrollment).filter_by(role="teacher").one().account_id
    tab = desk.browser(teacher)
    assert "Clever no longer lists S1 Example, but that waits for a decision." in why(tab, found, desk.account_of("s1"))
    assert "Clever lists S16 Example in this section" in why(tab, found, desk.account_of("s16"))


def test_REL_29_a_record_that_could_not_be_used_is_named_with_its_reason(desk: Desk, tab: Tab, class_id: UUID) -> None:
    set_aside(desk, "person", "s1", "has no name")
    page = why(tab, class_id, desk.account_of("s1"))
    assert "S1 Example stays, although Clever's record can't be used." in page
    assert "Its record of S1 Example has no name (since" in page
    assert "has no name" not in why(tab, class_id, desk.account_of("s2"))
    assert "The record has no name." in message(tab, f"/classes/{class_id}/why/{desk.account_of('s1')}")


def test_somebody_who_left_is_told_when_and_by_what(desk: Desk, tab: Tab, class_id: UUID) -> None:
    desk.roster.leave("biology", "s1")
    desk.sync()
    page = why(tab, class_id, desk.account_of("s1"))
    assert "Why is not S1 Example on this roster?" in page or "Why is S1 Example not on this roster?" in page
    assert re.search(r"S1 Example left on \w+ \d+\.", page) and "left by the automatic sync with Clever" in page


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("update school_class set state = 'frozen', state_reason = 'not_shared'", "no longer shares this class"),
        ("update school_class set state = 'archived', state_reason = 'term_ended'", "The term of this class has ended"),
        ("update connection set state = 'attention', state_reason = 'Clever says no.'", "Clever says no."),
        ("update connection set state = 'paused', state_reason = 'Until August.'", "Until August."),
        ("update license set ends_on = '2026-08-02'", "ended on August 2"),
    ],
    ids=["frozen", "archived", "attention", "paused", "license"],
)
def test_what_makes_a_whole_class_stand_still_is_the_rule(
    desk: Desk, tab: Tab, class_id: UUID, sql: str, rule: str
) -> None:
    change(desk, sql.replace("'2026-08-02'", f"'{date.today().year - 1}-08-02'"))
    assert rule in why(tab, class_id, desk.account_of("s1")) and rule in why(tab, class_id)


def test_REL_32_a_blackout_is_the_rule_while_it_lasts(desk: Desk, tab: Tab, class_id: UUID) -> None:
    with tenant(desk.house.district_id) as session:
        session.get_one(Connection, desk.house.connection_id).blackout_until = now().date() + timedelta(days=5)
    assert "Your district wants its classes left as they are until" in why(tab, class_id)


def test_an_empty_roster_says_what_the_service_brought_and_what_could_not_be_used(
    desk: Desk, teacher: UUID, tab: Tab
) -> None:
    class_id = desk.import_class(teacher, "Chemistry")
    assert "Clever lists no students in this section." in why(tab, class_id)
    set_aside(desk, "enrollment", "chemistry / p9", "names a person who is not shared", section="chemistry")
    set_aside(desk, "section", "chemistry", "has an odd period", odd=True)
    page = why(tab, class_id)
    assert "1 of Clever's records for this class could not be used." in page
    assert "A section record is odd, and was taken all the same: it has an odd period." in page
    it = message(tab, f"/classes/{class_id}/why")
    assert "Section chemistry of school school came from Clever with no students" in it and "p9" not in it


def test_my_classes_and_the_import_list_lead_to_the_facts(desk: Desk, tab: Tab) -> None:
    assert 'href="/classes/why"' in tab.get("/classes").text
    desk.roster.add_section("Biology")
    assert 'href="/classes/why"' in tab.get("/classes/add").text
    page = html.unescape(words(tab.get("/classes/why").text))
    assert "Your classes are ready to be added." in page and "1 section not imported yet" in page
    assert "You are on the license “License”." in page and "this login is linked to it" in page


def test_an_empty_list_of_classes_names_the_one_cause_and_a_text_to_send(desk: Desk, teacher: UUID, tab: Tab) -> None:
    page = html.unescape(words(tab.get("/classes/why").text))
    assert "Clever shares no sections with you as their teacher." in page
    assert "Could you check the sharing rules" in message(tab, "/classes/why")
    desk.roster.trouble = Unreachable("gone")
    assert "Clever does not answer at the moment." in html.unescape(words(tab.get("/classes/why").text))
    leave_the_license(desk, teacher)
    assert "You are not on a license yet." in words(tab.get("/classes/why").text)


def test_PRIV_5_only_teachers_of_the_class_and_admins_of_its_license_are_told(desk: Desk, class_id: UUID) -> None:
    pupil = desk.account_of("s1")
    path = f"/classes/{class_id}/why/{pupil}"
    assert desk.browser(administrator(desk.house)).get(path).status_code == 200
    annex = another_license(desk.house)
    other_admin = administrator(desk.house, "license_admin", annex)
    assert desk.browser(other_admin).get(path).status_code == 404
    assert desk.browser(desk.teacher("t2")).get(path).status_code == 404
    change(
        desk,
        f"insert into account_role (district_id, account_id, role) select district_id, id, 'student' "
        f"from account where id = '{pupil}'",
    )
    assert desk.browser(pupil).get(path).status_code == 403
    house = a_house()
    assert desk.browser(administrator(house), house=house).get(path).status_code == 404


def test_SEC_17_somebody_who_never_was_in_the_class_is_not_there(desk: Desk, tab: Tab, class_id: UUID) -> None:
    desk.import_class(desk.teacher("t2"), "Dance", teachers=["t2"], students=["d1"])
    for account_id in (desk.account_of("d1"), uuid4()):
        assert tab.get(f"/classes/{class_id}/why/{account_id}").status_code == 404
    assert tab.get(f"/classes/{uuid4()}/why").status_code == 404


def test_SEC_43_the_fragment_is_the_answer_without_the_page_around(desk: Desk, tab: Tab, class_id: UUID) -> None:
    part = tab.get(f"/classes/{class_id}/why", fragment=True).text
    assert "<html" not in part and 'id="why"' in part


def test_REL_29_the_license_page_lists_what_could_not_be_used_and_folds_what_is_only_odd(
    desk: Desk, class_id: UUID
) -> None:
    set_aside(desk, "person", "p1", "has no name")
    set_aside(desk, "enrollment", "biology / p1", "names a person who is not shared", section="biology")
    set_aside(desk, "section", "biology", "has an odd period", section="biology", odd=True)
    page = html.unescape(words(desk.browser(administrator(desk.house)).get("/license").text))
    assert "2 records of Clever could not be used" in page
    assert (
        "Person p1 has no name" in page and "Enrollment biology / p1 names a person who is not shared Biology" in page
    )
    assert "2 days ago" in page and "in your student information system, or what Clever shares of it" in page
    assert page.index("Odd, but used all the same") < page.index("has an odd period")


def test_PRIV_5_what_concerns_a_class_of_another_license_is_not_listed(desk: Desk, class_id: UUID) -> None:
    set_aside(desk, "enrollment", "biology / p1", "names a person who is not shared", section="biology")
    with tenant(desk.house.district_id) as session:
        session.query(License).one()
    other = administrator(desk.house, "license_admin", another_license(desk.house))
    assert "could not be used" not in desk.browser(other).get("/license").text
