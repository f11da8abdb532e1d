"""What a teacher is offered by roster servers that count, that filter, and by those that do neither."""

import re
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest

from tests.providers.oneroster_list import listed
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.errors import IncompleteAnswer, NotShared, Unreachable
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.offers import MOST_COUNTED
from webapp.providers.oneroster.reader import OneRosterReader
from webapp.providers.wire import Wire
from webapp.roster.records import School

TAUGHT = "/teachers/t%7C1/classes"


@pytest.fixture
def reader(script: Scripted, wire: Wire) -> OneRosterReader:
    orgs = [{"sourcedId": "s", "name": "Harbor High", "type": "school"}, {"sourcedId": "d", "type": "district"}]
    script.on("/orgs", listed("orgs", orgs))
    feed = Feed(wire, lambda target: wire.get(f"{script.url}/{target}", {}))
    return OneRosterReader(feed, date(2026, 9, 15))


def classes(*rows: dict[str, Any]) -> Reply:
    return listed("classes", rows)


def section(source_id: str, **more: object) -> dict[str, Any]:
    return {"sourcedId": source_id, "title": source_id, "school": {"sourcedId": "s"}, **more}


def students(*roles: str) -> Reply:
    return listed("users", [{"sourcedId": f"p{number}", "role": role} for number, role in enumerate(roles)])


def enrolled(class_: str, *people: str, role: str = "student", **more: object) -> list[dict[str, Any]]:
    return [
        {
            "sourcedId": f"{one} {class_}",
            "user": {"sourcedId": one},
            "class": {"sourcedId": class_},
            "role": role,
            **more,
        }
        for one in people
    ]


def counts(reader: OneRosterReader) -> list[tuple[str, int | None]]:
    return [(offer.section.source_id, offer.students) for offer in reader.section_offers("t|1")]


def asked(script: Scripted, word: str) -> list[str]:
    return [unquote(target) for target in script.asked if word in target]


def test_one_request_counts_all_classes_of_a_server_that_filters(script: Scripted, reader: OneRosterReader) -> None:
    script.on(TAUGHT, classes(section("a"), section("b"), section("gone", status="tobedeleted")))
    rows = [*enrolled("a", "p1", "p2"), *enrolled("a", "t|1", role="teacher"), *enrolled("b", "t|1", role="teacher")]
    rows += [*enrolled("a", "p3", endDate="2026-09-15"), *enrolled("a", "p4", status="tobedeleted")]
    script.on("/enrollments", listed("enrollments", rows))
    assert counts(reader) == [("a", 2), ("b", 0)]
    assert len(script.asked) == 3
    assert "filter=class.sourcedId='a' OR class.sourcedId='b'" in asked(script, "/enrollments")[0]


def test_a_class_that_the_filter_overlooked_is_counted_alone(script: Scripted, reader: OneRosterReader) -> None:
    """The standard allows two conditions; a server may read no more."""
    script.on(TAUGHT, classes(section("a"), section("b"), section("it's")))
    script.on("/enrollments", listed("enrollments", enrolled("a", "p1")))
    script.on("/classes/b/students", students("student", "student"))
    script.on("/classes/it%27s/students", students("student"))
    assert counts(reader) == [("a", 1), ("b", 2), ("it's", 1)]


@pytest.mark.parametrize(
    "answer", [status(404), status(400), listed("enrollments", []), listed("enrollments", enrolled("other", "p1"))]
)
def test_where_filters_are_unknown_or_ignored_each_class_is_counted_alone(
    script: Scripted, reader: OneRosterReader, answer: Reply
) -> None:
    script.on(TAUGHT, classes(section("a"), section("b"), section("c")))
    script.on("/enrollments", answer)
    script.on("/classes/a/students", students("student", "teacher", "student"))
    script.on("/classes/b/students", students())
    assert counts(reader) == [("a", 2), ("b", 0), ("c", None)]


def test_an_ignored_filter_costs_no_page_of_ten_thousand(script: Scripted, reader: OneRosterReader) -> None:
    script.on(TAUGHT, classes(section("a")))
    script.on("/enrollments", listed("enrollments", enrolled("other", *(f"p{one}" for one in range(5000)))))
    counts(reader)
    assert len(asked(script, "/enrollments")) == 1
    assert "limit=1000&" in asked(script, "/enrollments")[0]


def test_no_more_than_forty_heads_are_counted_alone(script: Scripted, reader: OneRosterReader) -> None:
    script.on(TAUGHT, classes(*(section(f"c{place:02}") for place in range(45))))
    assert len(counts(reader)) == 45
    assert len(asked(script, "/students")) == MOST_COUNTED == 40


def test_a_request_counts_no_more_classes_than_an_address_can_name(script: Scripted, reader: OneRosterReader) -> None:
    ids = [f"{place:02}-0123456789abcdef0123456789abcdef" for place in range(45)]
    script.on(TAUGHT, classes(*(section(id_) for id_ in ids)))
    batches = [
        listed("enrollments", [row for id_ in batch for row in enrolled(id_, "p")])
        for batch in (ids[:20], ids[20:40], ids[40:])
    ]
    script.on("/enrollments", *batches)
    assert {students for _, students in counts(reader)} == {1}
    assert len(asked(script, "/enrollments")) == 3
    assert max(map(len, script.asked)) < 4_000


def test_terms_are_listed_and_those_that_are_not_shared_left_out(script: Scripted, reader: OneRosterReader) -> None:
    script.on(
        TAUGHT, classes(section("a", terms=[{"sourcedId": "now"}, {"sourcedId": "x"}], course={"sourcedId": "x"}))
    )
    script.on("/academicSessions", listed("academicSessions", [{"sourcedId": "now", "title": "Fall"}]))
    (offer,) = reader.section_offers("t|1")
    assert [term.name for term in offer.terms] == ["Fall"]
    assert offer.course is None
    assert offer.school == School("s", "Harbor High")


@pytest.mark.parametrize("answer", [status(404), status(400), classes()])
def test_a_server_that_does_not_know_teachers_may_know_their_enrollments(
    script: Scripted, reader: OneRosterReader, answer: Reply
) -> None:
    script.on(TAUGHT, answer)
    hers = [*enrolled("a", "t|1", role="teacher"), *enrolled("b", "t|1", role="student")]
    hers += enrolled("old", "t|1", role="teacher", endDate="2026-06-01")
    script.on("/enrollments", listed("enrollments", [*hers, *enrolled("hidden", "t|1", role="teacher")]))
    script.on("/classes/a", doc({"class": section("a")}))
    assert [class_ for class_, _ in counts(reader)] == ["a"]
    assert "filter=user.sourcedId='t|1'" in asked(script, "/enrollments")[0]


def test_a_server_that_does_not_filter_may_know_the_classes_of_users(script: Scripted, reader: OneRosterReader) -> None:
    script.on(TAUGHT, status(404))
    script.on("/users/t%7C1", doc({"user": {"sourcedId": "t|1", "role": "teacher"}}))
    script.on("/users/t%7C1/classes", classes(section("a")))
    assert counts(reader) == [("a", None)]


@pytest.mark.parametrize("roles", [["student"], ["teacher", "student"], ["administrator"], []])
def test_classes_in_which_somebody_may_be_a_student_are_not_offered(
    script: Scripted, reader: OneRosterReader, roles: list[str]
) -> None:
    script.on("/users/t%7C1", doc({"user": {"sourcedId": "t|1", "roles": [{"role": role} for role in roles]}}))
    script.on("/users/t%7C1/classes", classes(section("a")))
    assert counts(reader) == []


def test_REL_26_somebody_whom_nobody_knows_is_not_shared(script: Scripted, reader: OneRosterReader) -> None:
    with pytest.raises(NotShared):
        reader.section_offers("t|1")


def test_a_server_that_tells_nobodys_classes_is_trouble_and_no_empty_list(
    script: Scripted, reader: OneRosterReader
) -> None:
    script.on("/users/t%7C1", doc({"user": {"sourcedId": "t|1", "role": "teacher"}}))
    with pytest.raises(IncompleteAnswer):
        reader.section_offers("t|1")


@pytest.mark.parametrize("where", [TAUGHT, "/orgs", "/enrollments"])
def test_REL_1_trouble_is_no_empty_list(script: Scripted, reader: OneRosterReader, where: str) -> None:
    script.on(TAUGHT, classes(section("a")))
    script.on(where, status(503))
    with pytest.raises(Unreachable):
        reader.section_offers("t|1")


def test_six_classes_with_their_names_and_counts_take_few_requests(script: Scripted, reader: OneRosterReader) -> None:
    around: dict[str, Any] = {"terms": [{"sourcedId": "now"}, {"sourcedId": "year"}]}
    script.on(TAUGHT, classes(*(section(c, course={"sourcedId": c}, **around) for c in "abcdef")))
    script.on("/academicSessions", listed("academicSessions", [{"sourcedId": "now"}, {"sourcedId": "year"}]))
    script.on("/courses", listed("courses", [{"sourcedId": c} for c in "abcdef"]))
    script.on("/enrollments", listed("enrollments", [row for c in "abcdef" for row in enrolled(c, "p1", "p2")]))
    offers = reader.section_offers("t|1")
    assert all(offer.course and len(offer.terms) == 2 and offer.students == 2 for offer in offers)
    assert [re.sub(r"[?].*", "", target) for target in script.asked] == [
        "/orgs",
        TAUGHT,
        "/academicSessions",
        "/courses",
        "/enrollments",
    ]
    assert reader.requests == 5
