"""**Add from Rostering Service**: what is offered, what stands in the way, and how an import is told."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.shared_roster import SharedRoster
from tests.views.desk import Desk, Tab, a_desk
from webapp.providers.errors import Unreachable
from webapp.roster.records import School, Section, SectionOffer, Term
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import Identity, License, LicenseMember, LicenseSchool, SchoolClass, SyncRun
from webapp.views.import_list import _labels


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def test_the_list_offers_every_section_of_hers_and_no_other(desk: Desk) -> None:
    desk.roster.add_section("Biology")
    desk.roster.add_section("Chemistry")
    desk.roster.add_section("Dance", teachers=["t2"])
    page = desk.browser(desk.teacher()).get("/classes/add").text
    assert tick_boxes(page) == ["Biology", "Chemistry"]
    assert "+Add Classes" in page


def test_namesakes_are_told_apart_by_period_then_term_then_school() -> None:
    def offer(number: str, period: str, term: str, school: str) -> SectionOffer:
        terms = (Term(term, term),) if term else ()
        return SectionOffer(Section(number, "Biology", "s", period=period), School("s", school), terms, None, None)

    offers = [
        offer("1", "1", "Fall", "North"),
        offer("2", "2", "Fall", "North"),
        offer("3", "2", "Spring", "North"),
        offer("4", "2", "Spring", "South"),
    ]
    assert _labels(offers) == [
        "Biology, Period 1",
        "Biology, Period 2, Fall",
        "Biology, Period 2, Spring, North",
        "Biology, Period 2, Spring, South",
    ]
    assert _labels(offers[:1]) == ["Biology"]


class TermByTerm(SharedRoster):
    """A service that tells for each section which terms it has."""

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """The sections that name this teacher, with their own terms."""
        return [
            replace(offer, terms=tuple(term for term in self.terms if term.source_id in offer.section.term_source_ids))
            for offer in super().section_offers(person_source_id)
        ]


def test_sections_of_other_terms_are_folded_below(settings: Settings) -> None:
    desk = a_desk(settings, TermByTerm())
    desk.roster.add_section("Biology")
    desk.roster.terms.append(Term("old", "Spring 2020", date(2020, 1, 10), date(2020, 6, 10)))
    desk.roster.add_section("Chemistry")
    page = desk.browser(desk.teacher()).get("/classes/add").text
    now, folded = page.split("<details")
    assert "Biology" in now and "Chemistry" not in now
    assert "Chemistry" in folded and "Spring 2020" in folded


def test_an_imported_section_is_disabled_and_links_to_its_class(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher)
    page = desk.browser(teacher).get("/classes/add").text
    assert re.search(r"<input[^>]*disabled", page)
    assert f'href="/classes/{class_id}">Already imported</a>' in page
    assert "+Add Classes" not in page and "nothing left to add" in page


def test_a_co_teacher_reads_who_imported_it(desk: Desk) -> None:
    co_teacher = desk.teacher("t2")
    desk.import_class(desk.teacher(), teachers=["t1", "t2"])
    page = desk.browser(co_teacher).get("/classes/add").text
    assert re.search(r"Already imported</a>: imported by T1 Example on \w+ \d+", page)


def test_a_section_in_a_school_that_the_license_does_not_cover_says_so(desk: Desk) -> None:
    teacher = desk.teacher()
    desk.roster.add_section("Biology")
    cover_only(desk, "another-school")
    page = desk.browser(teacher).get("/classes/add").text
    assert "None of your sections is in a school that your license covers." in page


def test_ticked_sections_become_classes_while_a_progress_bar_tells_how_far_it_is(desk: Desk) -> None:
    desk.roster.add_section("Biology", students=["s1", "s2"])
    desk.roster.add_section("Chemistry", students=["s3"])
    browser = desk.browser(desk.teacher())
    progress = press_add(browser, "biology", "chemistry")
    page = browser.get(progress).text
    assert "<progress" in page and 'hx-trigger="every 1s"' in page and '<meta http-equiv="refresh"' in page
    desk.work()
    end = browser.get(progress, fragment=True).text
    assert "Your classes are here" in end and "Their students came along" in end
    assert "<html" not in end and "hx-trigger" not in end
    assert len(re.findall(r'<a href="/classes/[0-9a-f-]{36}">', end)) == 2 and 'href="/classes">My Classes' in end


def test_students_for_whom_no_seat_is_free_are_told_of_on_every_page(desk: Desk) -> None:
    desk.roster.add_section("Biology", students=["s1", "s2", "s3"])
    browser = desk.browser(desk.teacher())
    with tenant(desk.house.district_id) as session:
        session.get_one(License, desk.house.license_id).student_seats = 1
    progress = press_add(browser, "biology")
    desk.work()
    for path in (progress, "/classes"):
        page = browser.get(path).text
        assert "2 waiting for a seat" in page
    assert "no seat left" in browser.get(progress).text


def test_the_last_fragment_of_an_import_polls_no_more_when_the_service_fails(desk: Desk) -> None:
    desk.roster.add_section("Biology")
    browser = desk.browser(desk.teacher())
    progress = press_add(browser, "biology")
    desk.roster.trouble = Unreachable("Clever does not answer.")
    desk.work()
    waiting = browser.get(progress, fragment=True).text
    assert "Clever does not answer. We try again by ourselves" in waiting and 'hx-trigger="every 5s"' in waiting
    set_state(desk, "failed")
    ended = browser.get(progress, fragment=True).text
    assert "That did not work" in ended and "Nothing was changed" in ended and "hx-trigger" not in ended


def test_an_import_is_shown_to_nobody_else(desk: Desk) -> None:
    desk.roster.add_section("Biology")
    progress = press_add(desk.browser(desk.teacher()), "biology")
    assert desk.browser(desk.teacher("t2")).get(progress).status_code == 404


@pytest.mark.parametrize("forged", ["dance", "no-such-section"])
def test_a_forged_section_is_refused_on_a_plain_page_and_nothing_is_written(desk: Desk, forged: str) -> None:
    desk.roster.add_section("Biology")
    desk.roster.add_section("Dance", teachers=["t2"])
    answer = desk.browser(desk.teacher()).post("/classes/add", {"section": ["biology", forged]})
    assert answer.status_code == 403 and "Nothing was imported" in answer.text
    with tenant(desk.house.district_id) as session:
        assert session.scalars(select(SyncRun)).all() == [] and session.scalars(select(SchoolClass)).all() == []


def test_nothing_ticked_is_answered_on_the_list_itself_and_on_no_later_page(desk: Desk) -> None:
    desk.roster.add_section("Biology")
    browser = desk.browser(desk.teacher())
    answer = browser.post("/classes/add")
    assert answer.status_code == 422 and tick_boxes(answer.text) == ["Biology"]
    assert "Tick at least one section first." in answer.text
    assert "Tick at least" not in browser.get("/nowhere").text + browser.get("/classes/add").text


def test_with_two_licenses_she_picks_one(desk: Desk) -> None:
    desk.roster.add_section("Biology")
    teacher = desk.teacher()
    second = another_license(desk, teacher)
    browser = desk.browser(teacher)
    page = browser.post("/classes/add", {"section": "biology"}).text
    assert (
        "Which license?" in page
        and f'value="{second}"' in page
        and 'name="section" type="hidden" value="biology"' in page
    )
    assert browser.post("/classes/add", {"section": "biology", "license": second}).status_code == 303


def test_a_login_that_is_not_linked_gets_the_button_that_links_it(desk: Desk) -> None:
    teacher = desk.teacher()
    unlink(desk)
    page = desk.browser(teacher).get("/classes/add").text
    assert "This login is not linked to Clever yet." in page
    assert 'action="/account/link/clever"' in page and "Log in with Clever" in page


def test_a_service_that_is_down_is_said_to_be_with_a_message_to_send(desk: Desk) -> None:
    desk.roster.add_section("Biology")
    desk.roster.trouble = Unreachable("no answer")
    page = desk.browser(desk.teacher()).get("/classes/add").text
    assert "Clever does not answer at the moment." in page and "Try again" in page
    assert "<textarea" in page and "Could you check that the application is still shared?" in page


def test_a_teacher_of_no_section_reads_the_cause_and_whom_to_ask(desk: Desk) -> None:
    desk.roster.add_section("Dance", teachers=["t2"])
    page = desk.browser(desk.teacher()).get("/classes/add").text
    assert "Clever shares no sections with you as their teacher." in page and "rostering team" in page


def tick_boxes(page: str) -> list[str]:
    """What screen readers call the tick boxes of a page."""
    return re.findall(r'name="section" type="checkbox"[^>]*aria-label="([^"]*)"', page)


def press_add(browser: Tab, *sections: str) -> str:
    """Tick, press **+Add Classes**, and return the address of the progress page."""
    answer = browser.post("/classes/add", {"section": list(sections)})
    assert answer.status_code == 303
    return str(answer.location)


def cover_only(desk: Desk, school: str) -> None:
    """The shared school is another one than the license names."""
    desk.roster.schools = [replace(desk.roster.schools[0], source_id="school", nces_id="")]
    with tenant(desk.house.district_id) as session:
        row = LicenseSchool(license_id=desk.house.license_id, given_id=school)
        row.district_id = desk.house.district_id
        session.add(row)


def another_license(desk: Desk, teacher: object) -> str:
    """A second license of the district that this teacher belongs to."""
    with tenant(desk.house.district_id) as session:
        first = session.get_one(License, desk.house.license_id)
        second = License(
            district_id=first.district_id, name="Art", starts_on=first.starts_on, student_seats=9, made_at=first.made_at
        )
        session.add(second)
        session.flush()
        session.add(
            LicenseMember(
                district_id=first.district_id,
                license_id=second.id,
                account_id=teacher,
                role="teacher",
                joined_at=first.made_at,
            )
        )
        return str(second.id)


def unlink(desk: Desk) -> None:
    """Nobody of this district has a service identity any more."""
    with tenant(desk.house.district_id) as session:
        for identity in session.scalars(select(Identity)):
            session.delete(identity)


def set_state(desk: Desk, state: str) -> None:
    """Put the district's one run into a state."""
    with tenant(desk.house.district_id) as session:
        session.scalars(select(SyncRun)).one().state = state
