"""What a teacher is offered by a roster server that counts, and by one that does not."""

from datetime import date

import pytest

from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.bearer import Bearer
from webapp.providers.errors import Unreachable
from webapp.providers.oneroster.feed import Door, Feed
from webapp.providers.oneroster.reader import MOST_COUNTED, OneRosterReader
from webapp.providers.wire import Wire
from webapp.roster.records import School


@pytest.fixture
def reader(script: Scripted, wire: Wire) -> OneRosterReader:
    orgs = [{"sourcedId": "s", "name": "Harbor High", "type": "school"}, {"sourcedId": "d", "type": "district"}]
    script.on("/orgs", doc({"orgs": orgs}, X_Total_Count="2"))
    feed = Feed(wire, lambda: Door(script.url, Bearer(wire, "token", lambda: "token", None).get))
    return OneRosterReader(feed, date(2026, 9, 15))


def teaches(script: Scripted, *classes: dict[str, object]) -> None:
    script.on("/teachers/t%7C1/classes", doc({"classes": classes}, X_Total_Count=str(len(classes))))


def section(source_id: str, **more: object) -> dict[str, object]:
    return {"sourcedId": source_id, "title": source_id, "school": {"sourcedId": "s"}, **more}


def students(*roles: str) -> Reply:
    users = [{"sourcedId": f"p{number}", "role": role} for number, role in enumerate(roles)]
    return doc({"users": users}, X_Total_Count=str(len(users)))


def test_students_are_counted_and_teachers_in_their_list_are_not(script: Scripted, reader: OneRosterReader) -> None:
    teaches(script, section("a"), section("b"), section("c"), section("gone", status="tobedeleted"))
    script.on("/classes/a/students", students("student", "teacher", "student"))
    script.on("/classes/b/students", students())
    offers = reader.section_offers("t|1")
    assert [(offer.section.source_id, offer.students) for offer in offers] == [("a", 2), ("b", 0), ("c", None)]
    assert {offer.school for offer in offers} == {School("s", "Harbor High")}


def test_no_more_than_forty_heads_are_counted(script: Scripted, reader: OneRosterReader) -> None:
    teaches(script, *(section(f"c{place:02}") for place in range(45)))
    offers = reader.section_offers("t|1")
    assert len(offers) == 45
    assert len([target for target in script.asked if "/students" in target]) == MOST_COUNTED == 40


def test_terms_and_courses_that_are_not_shared_are_left_out(script: Scripted, reader: OneRosterReader) -> None:
    teaches(script, section("a", terms=[{"sourcedId": "now"}, {"sourcedId": "gone"}], course={"sourcedId": "gone"}))
    script.on("/academicSessions/now", doc({"academicSession": {"sourcedId": "now", "title": "Fall"}}))
    (offer,) = reader.section_offers("t|1")
    assert [term.name for term in offer.terms] == ["Fall"]
    assert offer.course is None


def test_trouble_is_no_empty_list(script: Scripted, reader: OneRosterReader) -> None:
    script.on("/teachers/t%7C1/classes", status(503))
    with pytest.raises(Unreachable):
        reader.section_offers("t|1")
