"""Who stands in one class, asked of servers that know different paths."""

from datetime import date

import pytest

from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.errors import IncompleteAnswer, Unreachable
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.reader import OneRosterReader
from webapp.providers.wire import Wire
from webapp.roster.records import Enrollment, Person, Role, School, Section

NESTED = "/schools/s%2F1/classes/c%7C1/enrollments"


def user(source_id: str, role: str) -> dict[str, object]:
    return {"sourcedId": source_id, "givenName": "A", "familyName": "B", "role": role, "orgs": [{"sourcedId": "s/1"}]}


def enrollment(person: str, role: str, section: str = "c|1", **more: object) -> dict[str, object]:
    user, class_ = {"sourcedId": person}, {"sourcedId": section}
    return {"sourcedId": f"{person} in {section}", "user": user, "class": class_, "role": role, **more}


def enrollments(*rows: dict[str, object]) -> Reply:
    return doc({"enrollments": rows}, X_Total_Count=str(len(rows)))


TRUE = enrollments(enrollment("t", "teacher", primary="true"), enrollment("p", "student"))


@pytest.fixture
def reader(script: Scripted, wire: Wire) -> OneRosterReader:
    """A reader of a school with one class of a teacher and a student, which tells no enrollments yet."""
    school = {"sourcedId": "s/1", "name": "Harbor High", "type": "school"}
    script.on("/orgs", doc({"orgs": [school]}, X_Total_Count="1"))
    script.on("/classes/c%7C1", doc({"class": {"sourcedId": "c|1", "title": "Chess", "school": {"sourcedId": "s/1"}}}))
    # Either list may hold people of the other.
    listed = doc({"users": [user("p", "student"), user("t", "teacher")]}, X_Total_Count="2")
    script.on("/classes/c%7C1/students", listed)
    script.on("/classes/c%7C1/teachers", doc({"users": [user("t", "teacher")]}, X_Total_Count="1"))
    feed = Feed(wire, lambda target: wire.get(f"{script.url}/{target}", {}))
    return OneRosterReader(feed, date(2026, 9, 15))


def read(reader: OneRosterReader, *sections: str) -> list[object]:
    return [record for page in reader.sections(sections) for record in page]


def stands(reader: OneRosterReader) -> set[tuple[str, Role, bool | None]]:
    found = read(reader, "c|1")
    assert {one.source_id for one in found if isinstance(one, Person)} == {"t", "p"}
    return {(one.person_source_id, one.role, one.primary) for one in found if isinstance(one, Enrollment)}


def test_the_school_tells_its_class_with_the_primary_teacher(script: Scripted, reader: OneRosterReader) -> None:
    script.on(NESTED, TRUE)
    assert stands(reader) == {("t", Role.TEACHER, True), ("p", Role.STUDENT, False)}


@pytest.mark.parametrize("answer", [status(404), status(400), enrollments()])
def test_where_it_does_not_a_filter_may(script: Scripted, reader: OneRosterReader, answer: Reply) -> None:
    script.on(NESTED, answer)
    script.on("/enrollments", TRUE)
    assert stands(reader) == {("t", Role.TEACHER, True), ("p", Role.STUDENT, False)}
    assert any("filter=class.sourcedId%3D%27c%7C1%27" in target for target in script.asked)


@pytest.mark.parametrize("answer", [status(404), status(400), enrollments(enrollment("x", "student", section="c|2"))])
def test_where_filters_are_unknown_or_ignored_the_lists_of_people_count_and_do_not_say_who_is_primary(
    script: Scripted, reader: OneRosterReader, answer: Reply
) -> None:
    script.on("/enrollments", answer)
    assert stands(reader) == {("t", Role.TEACHER, None), ("p", Role.STUDENT, None)}


def test_a_filter_that_is_ignored_is_not_read_to_its_end(script: Scripted, reader: OneRosterReader) -> None:
    pages = [doc({"enrollments": [enrollment(str(one), "student", "c|2")]}, X_Total_Count="9") for one in range(9)]
    script.on("/enrollments", *pages)
    stands(reader)
    assert len([target for target in script.asked if target.startswith("/enrollments")]) == 1


def test_an_empty_class_is_empty(script: Scripted, reader: OneRosterReader) -> None:
    for path in (NESTED, "/enrollments"):
        script.on(path, enrollments())
    for path in ("/classes/c%7C1/students", "/classes/c%7C1/teachers"):
        script.on(path, doc({"users": []}, X_Total_Count="0"))
    (only,) = (one for one in read(reader, "c|1") if isinstance(one, Section | Enrollment | Person))
    assert isinstance(only, Section)


def test_somebody_enrolled_whom_no_list_shows_is_not_invented(script: Scripted, reader: OneRosterReader) -> None:
    script.on(NESTED, enrollments(enrollment("p", "student"), enrollment("hidden", "student")))
    found = read(reader, "c|1")
    assert {one.person_source_id for one in found if isinstance(one, Enrollment)} == {"p", "hidden"}
    assert {one.source_id for one in found if isinstance(one, Person)} == {"p"}


def test_REL_2_somebody_enrolled_whom_a_short_list_lacks_is_asked_for_alone(
    script: Scripted, reader: OneRosterReader
) -> None:
    script.on(NESTED, TRUE)
    script.on("/classes/c%7C1/students", doc({"users": []}, X_Total_Count="0"))
    script.on("/users/p", doc({"user": user("p", "student")}))
    assert stands(reader) == {("t", Role.TEACHER, True), ("p", Role.STUDENT, False)}


def test_REL_26_lists_that_are_not_found_take_nobody_out_of_a_class_that_is(
    script: Scripted, reader: OneRosterReader
) -> None:
    script.on(NESTED, TRUE)
    for path in ("/classes/c%7C1/students", "/classes/c%7C1/teachers"):
        script.on(path, status(404))
    for one, role in (("p", "student"), ("t", "teacher")):
        script.on(f"/users/{one}", doc({"user": user(one, role)}))
    assert stands(reader) == {("t", Role.TEACHER, True), ("p", Role.STUDENT, False)}
    script.on(NESTED, status(404))
    with pytest.raises(IncompleteAnswer, match="who is in it"):
        read(reader, "c|1")


def test_somebody_who_is_not_shared_is_asked_for_once(script: Scripted, reader: OneRosterReader) -> None:
    script.on("/classes/c2", doc({"class": {"sourcedId": "c2", "title": "Go", "school": {"sourcedId": "s/1"}}}))
    script.on("/schools/s%2F1/classes/c2/enrollments", enrollments(enrollment("hidden", "student", section="c2")))
    script.on("/classes/c2/students", doc({"users": []}, X_Total_Count="0"))
    script.on(NESTED, enrollments(enrollment("p", "student"), enrollment("hidden", "student")))
    read(reader, "c|1", "c2")
    assert len([target for target in script.asked if target == "/users/hidden"]) == 1


def test_REL_1_rows_that_do_not_say_who_is_enrolled_make_no_smaller_class(
    script: Scripted, reader: OneRosterReader
) -> None:
    nobody: dict[str, object] = {"sourcedId": "e", "class": {"sourcedId": "c|1"}, "role": "student"}
    script.on(NESTED, enrollments(nobody, {**nobody, "sourcedId": "e2"}, enrollment("p", "student")))
    with pytest.raises(IncompleteAnswer, match="what they are there for"):
        read(reader, "c|1")


def test_a_deleted_class_is_not_shared(script: Scripted, reader: OneRosterReader) -> None:
    script.on("/classes/c%7C1", doc({"class": {"sourcedId": "c|1", "status": "tobedeleted"}}))
    assert not [one for one in read(reader, "c|1") if not isinstance(one, School)]


def test_REL_1_trouble_with_the_lists_makes_no_smaller_class(script: Scripted, reader: OneRosterReader) -> None:
    script.on(NESTED, TRUE)
    script.on("/classes/c%7C1/students", status(503))
    with pytest.raises(Unreachable):
        read(reader, "c|1")


def test_REL_26_when_nothing_answers_any_more_no_class_counts_as_gone(
    script: Scripted, reader: OneRosterReader
) -> None:
    script.on("/classes/c%7C1", status(404))
    script.on("/orgs", status(404))
    with pytest.raises(Unreachable):
        read(reader, "c|1")


def test_REL_26_nobody_counts_as_gone_where_the_server_does_not_even_answer_for_its_orgs(
    script: Scripted, reader: OneRosterReader
) -> None:
    script.on("/users/p", status(404))
    script.on("/orgs", status(404))
    with pytest.raises(IncompleteAnswer):
        reader.person("p")
