"""Whose data are read, and which of them a district shares: the simulated ClassLink with several tenants."""

import pytest

from tests.providers.at_sandbox import QUICK, TODAY, At, enrolled, records
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer
from webapp.providers.service import Access, RosterReader
from webapp.providers.table import services
from webapp.roster.records import Enrollment, Person, Record, Section


def read(at: At) -> set[Record]:
    """The whole district, each record once."""
    found: list[Record] = []
    for page in at.reader("classlink").whole(found.clear):
        found += page
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize(
    "oddity",
    [
        {"classlink_more_tenants": 1_250},
        {"classlink_more_tenants": 13, "classlink_applications_cap": 9},
        {"classlink_more_tenants": 13, "classlink_applications_ignore_offset": True},
    ],
    ids=str,
)
def test_the_table_of_districts_is_whole_whatever_its_pages(at: At, oddity: dict[str, object]) -> None:
    service = services(at.settings, QUICK)["classlink"]
    known = {one.district for one in service.districts()}
    at.switch(**oddity)
    try:
        told = {one.district for one in service.districts()}
        assert service.district_token(at.district["classlink"])
    finally:
        at.switch(**{name: type(value)() for name, value in oddity.items()})
    assert len(told) == len(known) + int(str(oddity["classlink_more_tenants"]))


@pytest.mark.parametrize("service_says", ["401", "403"])
def test_REL_25_a_bearer_that_is_refused_and_not_rotated_is_withdrawn(at: At, service_says: str) -> None:
    reader = at.reader("classlink")
    at.switch(classlink_refuses=service_says)
    with pytest.raises(AccessWithdrawn, match=service_says):
        records(reader.whole())


def test_REL_25_a_district_that_left_the_table_is_withdrawn(at: At) -> None:
    at.switch(classlink_listed=False)
    with pytest.raises(AccessWithdrawn, match="not enabled"):
        at.services["classlink"].district_token(at.district["classlink"])
    assert at.district["classlink"] not in {one.district for one in at.services["classlink"].districts()}


def test_students_who_are_not_shared_are_named_but_not_invented(at: At) -> None:
    section = at.truth()["sections"][0]["sourced_id"]
    student = at.person("classlink", "student")["sourced_id"]
    at.switch(oneroster_hides_students_of=section, oneroster_hides_teacher=student, oneroster_dangling=True)
    whole = read(at)
    named = {one.person_source_id for one in whole if isinstance(one, Enrollment)}
    assert student in named
    assert student not in {one.source_id for one in whole if isinstance(one, Person)}
    assert [one for one in records(at.reader("classlink").sections([section])) if isinstance(one, Section)]


@pytest.mark.parametrize("cap", [0, 1, 4])
def test_REL_29_pages_that_name_only_what_is_not_shared_are_asked_about_and_believed(at: At, cap: int) -> None:
    hidden = at.truth()["sections"][0]
    school = hidden["school_sourced_id"] if "school_sourced_id" in hidden else at.truth()["schools"][0]["sourced_id"]
    at.switch(oneroster_hides_school=school, oneroster_dangling=True)
    everything = read(at)
    at.switch(classlink_page_cap=cap)
    assert read(at) == everything
    shared = {one.source_id for one in everything if isinstance(one, Section)}
    assert any(one.section_source_id not in shared for one in everything if isinstance(one, Enrollment))


@pytest.mark.parametrize("manner", ["absent", "tobedeleted", "enabledUser false"])
@pytest.mark.parametrize("move", ["student_leaves", "section_removed"])
def test_what_is_gone_is_gone_however_it_is_told(at: At, manner: str, move: str) -> None:
    at.switch(oneroster_deletes_as=manner)
    read(at)
    section = at.truth()["sections"][0]
    at.move(move, section=section["clever_id"])
    sections = [one["sourced_id"] for one in at.truth()["sections"]]
    whole = read(at)
    alone = set(records(at.reader("classlink").sections([section["sourced_id"], *sections])))
    for found in (whole, alone):
        assert {one.source_id for one in found if isinstance(one, Section)} == set(sections)
        for one in sections:
            assert enrolled(found, one) == at.enrolled("classlink", one)


@pytest.fixture
def twin(at: At) -> At:
    """Another tenant with the same sourced ids, but other people."""
    made = at.steer("POST", "/sandbox/districts", {"twin_of": at.number})
    twin = At(at.url, at.settings)
    twin.number = made["number"]
    twin.district = {"clever": made["clever_district"], "classlink": str(made["classlink_tenant"])}
    return twin


def test_tenants_with_equal_source_ids_are_told_apart(at: At, twin: At) -> None:
    """Read by one Service in turns, as a worker does."""
    service = at.services["classlink"]

    def reader(of: At) -> RosterReader:
        return service.reader(Access(of.district["classlink"]), today=TODAY)

    people = [{one for one in records(reader(of).whole()) if isinstance(one, Person)} for of in (at, twin, at, twin)]
    assert {one.source_id for one in people[0]} == {one.source_id for one in people[1]}
    assert people[0] == people[2] != people[1] == people[3]
    teacher = at.person("classlink", "teacher")["sourced_id"]
    assert reader(at).person(teacher) != reader(twin).person(teacher)


def test_one_districts_token_does_not_read_its_twin(at: At, twin: At) -> None:
    service = at.services["classlink"]
    told: list[str] = []
    foreign = Access(twin.district["classlink"], service.district_token(at.district["classlink"]))
    found = set(records(service.reader(foreign, today=TODAY, on_new_token=told.append).whole()))
    assert told == [service.district_token(twin.district["classlink"])]
    assert found == set(records(twin.reader("classlink").whole()))


@pytest.mark.parametrize("times", [1, None])
@pytest.mark.parametrize("cap", [0, 4])
@pytest.mark.parametrize("counts", ["", "absent"])
@pytest.mark.parametrize("path", ["/orgs?", "/classes?", "/enrollments?", "/users?"])
def test_REL_1_pages_of_another_district_are_not_believed(
    at: At, path: str, counts: str, cap: int, times: int | None
) -> None:
    other = At(at.url, at.settings, seed=8)
    for each in (at, other):
        each.switch(classlink_page_cap=cap, oneroster_revision="absent", oneroster_counts=counts)
    everything = read(at)
    assert everything.isdisjoint(read(other))
    at.fault("classlink", "other_district", path=path, times=times, district=other.number)
    try:
        found = read(at)
    except IncompleteAnswer:
        assert times is None
    else:
        assert found == everything
