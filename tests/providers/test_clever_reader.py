"""Clever's less usual answers, scripted: access, errors, other people's records, and the teacher's list."""

import pytest

from tests.providers.clever_district import (
    NO_ROUTE,
    NOT_FOUND,
    bare_district,
    clever,
    listing,
    one,
    sections,
    tokens,
    user,
    whole,
)
from tests.providers.conftest import TINY
from tests.providers.scripted import Reply, Scripted, body, status
from webapp.providers.clever.reader import CleverReader
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, NotShared, ProviderError, Unreachable
from webapp.providers.service import Access
from webapp.roster.records import School, Section


@pytest.fixture
def reader(script: Scripted) -> CleverReader:
    return bare_district(script)


def test_contacts_are_never_asked_for(script: Scripted, reader: CleverReader) -> None:
    whole(reader)
    assert {target for target in script.asked if "users" in target} == {
        f"/v3.1/users?role={role}&limit=10000" for role in ("student", "teacher", "staff", "district_admin")
    }


def test_the_older_version_is_asked_where_the_settings_say_so(script: Scripted) -> None:
    reader = bare_district(script, "v3.0")
    whole(reader)
    reader.condition()
    reader.cursor()
    assert script.asked and all(target.startswith("/v3.0/") for target in script.asked)


def test_an_empty_section_without_teacher_school_term_and_course_is_read(
    script: Scripted, reader: CleverReader
) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", name="Chess", students=[]))
    assert sections(reader, "s1") == [Section("s1", "Chess", "")]
    assert script.asked == ["/v3.1/sections/s1"]


@pytest.mark.parametrize("gone", [NO_ROUTE, NOT_FOUND])
def test_REL_26_a_404_with_a_good_token_is_a_section_that_is_gone(
    script: Scripted, reader: CleverReader, gone: Reply
) -> None:
    script.on("/v3.1/sections/s1", gone)
    assert sections(reader, "s1") == []
    assert script.asked == ["/v3.1/sections/s1", "/v3.1/districts"]


def test_REL_26_a_section_that_goes_between_two_requests_is_gone(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", students=["p"]), NOT_FOUND)
    script.on("/v3.1/sections/s1/users", NOT_FOUND)
    assert sections(reader, "s1") == []


def test_REL_1_a_section_without_its_list_of_people_is_not_gone(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", students=["p"]))
    script.on("/v3.1/sections/s1/users", NOT_FOUND)
    with pytest.raises(IncompleteAnswer):
        sections(reader, "s1")


@pytest.mark.parametrize(("district", "error"), [(status(401), AccessWithdrawn), (NO_ROUTE, IncompleteAnswer)])
def test_REL_26_a_404_with_a_bad_token_is_no_section_that_is_gone(
    script: Scripted, reader: CleverReader, district: Reply, error: type[ProviderError]
) -> None:
    script.on("/v3.1/sections/s1", NO_ROUTE)
    script.on("/v3.1/districts", district)
    with pytest.raises(error):
        sections(reader, "s1")


@pytest.mark.parametrize("refusal", [status(401), status(403), NO_ROUTE, NOT_FOUND])
def test_REL_25_a_district_that_is_gone_from_the_list_has_withdrawn_however_its_token_is_refused(
    script: Scripted, reader: CleverReader, refusal: Reply
) -> None:
    for path in ("schools", "districts", "sections/s1", "users/t", "users/t/sections"):
        script.on(f"/v3.1/{path}", refusal)
    script.on("/oauth/tokens", tokens())
    for ask in (whole, lambda one: sections(one, "s1"), lambda one: one.section_offers("t"), CleverReader.condition):
        with pytest.raises(AccessWithdrawn):
            ask(reader)
    with pytest.raises(AccessWithdrawn):
        reader.person("t")


def test_a_replaced_token_that_meets_404_is_looked_up_as_well(script: Scripted, reader: CleverReader) -> None:
    told: list[str] = []
    script.on("/oauth/tokens", tokens({"owner": {"type": "district", "id": "d"}, "access_token": "new"}))
    script.on("/v3.1/users/t", NOT_FOUND, one(**user("t", "teacher")))
    script.on("/v3.1/districts", NOT_FOUND)
    reader = clever(script).reader(Access("d", "old"), on_new_token=told.append)
    assert reader.person("t").source_id == "t"
    assert told == ["new"]
    assert script.headers[-1]["Authorization"] == "Bearer new"


def test_a_persons_own_token_reads_no_roster_and_removes_nobody(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections", NO_ROUTE)
    script.on("/v3.1/districts", NO_ROUTE)
    with pytest.raises(IncompleteAnswer):
        whole(reader)


@pytest.mark.parametrize("refusal", [NO_ROUTE, NOT_FOUND])
def test_REL_1_a_collection_that_is_not_found_is_no_empty_one(
    script: Scripted, reader: CleverReader, refusal: Reply
) -> None:
    script.on("/v3.1/terms", refusal)
    with pytest.raises(IncompleteAnswer):
        whole(reader)


def test_REL_1_a_good_answer_in_html_is_no_empty_one(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/terms", body(b"<h1>Back soon</h1>", kind="text/html"))
    with pytest.raises(IncompleteAnswer):
        whole(reader)


@pytest.mark.parametrize("code", [400, 501])
def test_REL_24_what_clever_does_not_support_is_not_asked_again(
    script: Scripted, reader: CleverReader, code: int
) -> None:
    script.on("/v3.1/terms", status(code, b'{"message": "no"}'))
    with pytest.raises(Unreachable):
        whole(reader)
    assert len([target for target in script.asked if "terms" in target]) == 1


@pytest.mark.parametrize("collection", ["schools", "terms", "courses", "sections", "users"])
def test_REL_1_records_of_another_district_are_never_believed(
    script: Scripted, reader: CleverReader, collection: str
) -> None:
    rows = [{"id": "a", "name": "" if collection == "users" else "X", "district": whose} for whose in ("d", "")]
    script.on(f"/v3.1/{collection}", listing(rows[0], {"id": "b", "district": "another"}))
    with pytest.raises(IncompleteAnswer, match="another district"):
        whole(reader)
    for row in rows:
        script.on(f"/v3.1/{collection}", listing(row))
        assert whole(reader) is not None


def test_REL_1_one_record_of_another_district_is_never_believed(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", one(id="s1", district="another", students=[]))
    script.on("/v3.1/users/t", one(**user("t", "teacher"), district="another"))
    with pytest.raises(IncompleteAnswer):
        sections(reader, "s1")
    with pytest.raises(IncompleteAnswer):
        reader.person("t")


def test_REL_1_another_record_than_the_one_asked_for_is_never_believed(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/sections/s1", one(id="s2", students=[]))
    with pytest.raises(IncompleteAnswer):
        sections(reader, "s1")


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


def test_a_teachers_terms_cost_one_request_together(script: Scripted, reader: CleverReader) -> None:
    rows = [{"id": f"s{term}", "term_id": term, "teacher": "t"} for term in "abc"]
    script.on("/v3.1/users/t/sections", listing(*rows))
    script.on("/v3.1/terms", listing(*({"id": term, "name": term} for term in "ab")))
    script.on("/v3.1/terms/c", one(id="c", name="c"))
    assert [offer.terms[0].name for offer in reader.section_offers("t")] == ["a", "b", "c"]
    assert [target for target in script.asked if "terms" in target] == ["/v3.1/terms?limit=10000", "/v3.1/terms/c"]


def test_a_teacher_without_terms_in_her_district_is_offered_her_sections(
    script: Scripted, reader: CleverReader
) -> None:
    script.on("/v3.1/users/t/sections", listing({"id": "s", "term_id": "a", "teacher": "t"}))
    script.on("/v3.1/terms", NOT_FOUND)
    assert [offer.terms for offer in reader.section_offers("t")] == [()]


def test_one_whom_clever_does_not_share_is_offered_nothing(script: Scripted, reader: CleverReader) -> None:
    with pytest.raises(NotShared):
        reader.section_offers("t")


def test_somebody_who_waits_is_not_kept_waiting_by_many_tries(script: Scripted, reader: CleverReader) -> None:
    script.on("/v3.1/users/t/sections", status(503))
    with pytest.raises(Unreachable):
        reader.section_offers("t")
    assert len(script.asked) == 2
    script.on("/v3.1/sections", status(503))
    with pytest.raises(Unreachable):
        whole(reader)
    assert script.asked.count("/v3.1/sections?limit=10000") == TINY.tries
