"""Clever's less usual answers, scripted."""

from collections.abc import Mapping

import pytest

from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, body, doc, status
from webapp.providers.clever.reader import CleverReader
from webapp.providers.clever.service import Clever
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, ProviderError, Unreachable
from webapp.providers.service import Access
from webapp.roster.records import Enrollment, Person, Record, Role, School, Section
from webapp.settings import Settings

NO_ROUTE = status(404, b"<html>Not found</html>", Content_Type="text/html")


def listing(*rows: Mapping[str, object]) -> Reply:
    return doc({"data": [{"data": row} for row in rows], "links": []})


def one(**row: object) -> Reply:
    return doc({"data": row, "links": []})


def user(id_: str, *roles: str) -> dict[str, object]:
    return {"id": id_, "name": {"first": "A", "last": "B"}, "roles": {role: {} for role in roles}}


@pytest.fixture
def reader(script: Scripted) -> CleverReader:
    """A reader of a district that has nothing but itself."""
    for collection in ("schools", "terms", "courses", "sections", "users"):
        script.on(f"/v3.1/{collection}", listing())
    script.on("/v3.1/districts", listing({"id": "d"}))
    settings = Settings(
        _env_file=None,
        clever_client_id="c",
        clever_client_secret="s",
        clever_api_url=script.url,
        clever_oauth_url=script.url,
    )
    return Clever(settings, TINY).reader(Access("d", "token"))


def whole(reader: CleverReader) -> list[Record]:
    return [record for page in reader.whole() for record in page]


def test_one_who_has_several_roles_comes_once_with_all(script: Scripted, reader: CleverReader) -> None:
    both = listing(user("u1", "teacher", "staff", "district_admin"))
    for role in ("teacher", "staff", "district_admin"):
        script.on(f"/v3.1/users?role={role}&limit=10000", both)
        script.on(f"/v3.1/users?role={role}&limit=1", both)
    (person,) = whole(reader)
    assert isinstance(person, Person)
    assert person.roles == (Role.TEACHER, Role.STAFF, Role.DISTRICT_ADMIN)


def test_contacts_are_never_asked_for(script: Scripted, reader: CleverReader) -> None:
    whole(reader)
    assert {target for target in script.asked if "users" in target} == {
        f"/v3.1/users?role={role}&limit=10000" for role in ("student", "teacher", "staff", "district_admin")
    }


def test_a_named_person_whom_clever_does_not_tell_of_is_not_invented(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", school="", teacher="t", students=["p", "hidden"]))
    script.on("/v3.1/sections/s1/users?role=teacher&limit=10000", listing(user("t", "teacher")))
    script.on("/v3.1/sections/s1/users?role=student&limit=10000", listing(user("p", "student"), user("q", "student")))
    found = [record for page in reader.sections(["s1"]) for record in page]
    assert {record.source_id for record in found if isinstance(record, Person)} == {"t", "p"}
    assert len([record for record in found if isinstance(record, Enrollment)]) == 3


def test_an_empty_section_without_teacher_school_term_and_course_is_read(
    script: Scripted, reader: CleverReader
) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", name="Chess", students=[]))
    assert [record for page in reader.sections(["s1"]) for record in page] == [Section("s1", "Chess", "")]
    assert script.asked == ["/v3.1/sections/s1"]


def test_REL_26_a_404_with_a_good_token_is_a_section_that_is_gone(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", NO_ROUTE)
    assert [record for page in reader.sections(["s1"]) for record in page] == []
    assert script.asked == ["/v3.1/sections/s1", "/v3.1/districts"]


@pytest.mark.parametrize(("district", "error"), [(status(401), AccessWithdrawn), (NO_ROUTE, IncompleteAnswer)])
def test_REL_26_a_404_with_a_bad_token_is_no_section_that_is_gone(
    script: Scripted, reader: CleverReader, district: Reply, error: type[ProviderError]
) -> None:
    script.on("/v3.1/sections/s1", NO_ROUTE)
    script.on("/v3.1/districts", district)
    script.on("/oauth/tokens", status(401))
    with pytest.raises(error):
        list(reader.sections(["s1"]))


def test_REL_1_a_collection_that_is_not_found_is_no_empty_one(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/terms", NO_ROUTE)
    with pytest.raises(IncompleteAnswer):
        whole(reader)


def test_REL_1_a_good_answer_in_html_is_no_empty_one(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/terms", body(b"<h1>Back soon</h1>", kind="text/html"))
    with pytest.raises(IncompleteAnswer):
        whole(reader)


def offered(script: Scripted, *schools: str) -> None:
    rows = [{"id": f"s{place}", "name": "", "school": school, "teacher": "t"} for place, school in enumerate(schools)]
    other = {"id": "s9", "name": "", "school": "x", "teacher": "somebody else"}
    script.on("/v3.1/users/t/sections", listing(*rows, other))


def test_only_sections_that_name_her_are_offered(script: Scripted, reader: CleverReader) -> None:
    offered(script, "a", "a", "b", "gone")
    for school in ("a", "b"):
        script.on(f"/v3.1/schools/{school}", one(id=school, name=school.upper()))
    offers = reader.section_offers("t")
    assert [offer.school for offer in offers] == [School("a", "A"), School("a", "A"), School("b", "B"), None]
    assert script.asked.count("/v3.1/schools/a") == 1


def test_many_schools_are_asked_for_at_once(script: Scripted, reader: CleverReader) -> None:
    offered(script, "a", "b", "c", "d")
    script.on("/v3.1/schools", listing(*({"id": school, "name": school} for school in "abc")))
    script.on("/v3.1/schools?starting_after=b&limit=1", listing({"id": "c"}))
    assert [offer.school and offer.school.name for offer in reader.section_offers("t")] == ["a", "b", "c", None]
    assert not any(target.startswith("/v3.1/schools/") for target in script.asked)


def test_somebody_who_waits_is_not_kept_waiting_by_many_tries(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/users/t/sections", status(503))
    with pytest.raises(Unreachable):
        reader.section_offers("t")
    assert len(script.asked) == 2
    script.on("/v3.1/sections", status(503))
    with pytest.raises(Unreachable):
        whole(reader)
    assert script.asked.count("/v3.1/sections?limit=10000") == TINY.tries
