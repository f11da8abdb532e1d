"""Both readers against the sandbox: what they read is the district's truth, and a fault never shortens it."""

import pytest

from tests.providers.at_sandbox import At, enrolled, records
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, NotShared, Unreachable
from webapp.roster.records import Course, Enrollment, Person, Record, Role, School, Section, Term

both = pytest.mark.parametrize("service", ["clever", "classlink"])

WHERE = {
    "clever": ("/schools", "/terms", "/courses", "/sections", "role=student", "role=teacher"),
    "classlink": ("/orgs", "/academicSessions", "/courses", "/classes", "/enrollments", "/users"),
}


def of(kind: type[Record], found: list[Record]) -> list[Record]:
    return [record for record in found if isinstance(record, kind)]


def keys(kind: type[School | Term | Course | Section | Person], found: list[Record]) -> set[str]:
    return {record.source_id for record in found if isinstance(record, kind)}


@both
def test_the_whole_is_the_truth(at: At, service: str) -> None:
    found = records(at.reader(service).whole())
    truth, key = at.truth(), at.ids(service)
    for kind, name in ((School, "schools"), (Course, "courses"), (Section, "sections")):
        assert keys(kind, found) == {one[key] for one in truth[name]}
        assert len(of(kind, found)) == len(truth[name])
    for role in ("student", "teacher"):
        people = {one.source_id for one in found if isinstance(one, Person) and Role(role) in one.roles}
        assert people == {one[key] for one in truth["people"] if one["kind"] == role}
    assert len(of(Enrollment, found)) == len(truth["enrollments"])
    for section in truth["sections"]:
        assert enrolled(found, section[key]) == at.enrolled(service, section[key])


@both
def test_guardians_are_nobody_and_students_have_no_email(at: At, service: str) -> None:
    found = [one for one in records(at.reader(service).whole()) if isinstance(one, Person)]
    guardians = {one[at.ids(service)] for one in at.truth()["people"] if one["kind"] == "guardian"}
    assert guardians and not guardians & {one.source_id for one in found}
    assert {one.email for one in found if Role.STUDENT in one.roles} == {""}
    assert all(one.email for one in found if Role.TEACHER in one.roles)


@both
def test_sections_bring_all_they_need_and_nothing_else(at: At, service: str) -> None:
    section = at.truth()["sections"][0][at.ids(service)]
    found = records(at.reader(service).sections([section, section]))
    (only,) = of(Section, found)
    assert isinstance(only, Section) and only.source_id == section
    assert keys(School, found) == {only.school_source_id}
    assert keys(Course, found) == {only.course_source_id}
    assert keys(Term, found) == set(only.term_source_ids)
    assert enrolled(found, section) == at.enrolled(service, section)
    assert keys(Person, found) == {person for person, _ in at.enrolled(service, section)}


@both
def test_people_of_several_sections_come_once(at: At, service: str) -> None:
    sections = [one[at.ids(service)] for one in at.truth()["sections"]]
    found = records(at.reader(service).sections(sections))
    assert len(of(Person, found)) == len(keys(Person, found))
    assert all(enrolled(found, section) == at.enrolled(service, section) for section in sections)


@both
def test_REL_26_a_section_that_is_not_shared_is_not_among_them(at: At, service: str) -> None:
    section = at.truth()["sections"][0][at.ids(service)]
    found = records(at.reader(service).sections(["5f00000000000000000000ff", section, "no/such|{id} é"]))
    assert keys(Section, found) == {section}


@both
def test_a_teacher_is_offered_her_own_sections(at: At, service: str) -> None:
    key, teacher = at.ids(service), at.person(service, "teacher")
    own = {
        one[f"section_{key}"]
        for one in at.truth()["enrollments"]
        if one["person_sourced_id"] == teacher["sourced_id"] and one["role"] == "teacher"
    }
    offers = at.reader(service).section_offers(teacher[key])
    assert {offer.section.source_id for offer in offers} == own
    for offer in offers:
        students = [one for one in at.enrolled(service, offer.section.source_id) if one[1] == "student"]
        assert offer.students == len(students)
        assert offer.school and offer.course and offer.terms


@both
def test_somebody_unknown_is_offered_nothing(at: At, service: str) -> None:
    with pytest.raises(NotShared):
        at.reader(service).section_offers("5f00000000000000000000ff")


@both
def test_one_person_is_read_with_roles(at: At, service: str) -> None:
    for kind, role in (("student", Role.STUDENT), ("teacher", Role.TEACHER), ("district_admin", Role.DISTRICT_ADMIN)):
        truth = at.person(service, kind)
        person = at.reader(service).person(truth[at.ids(service)])
        assert (person.given_name, person.family_name, person.roles) == (truth["given"], truth["family"], (role,))


@both
@pytest.mark.parametrize("kind", ["guardian", "nobody"])
def test_a_person_without_a_role_is_not_shared(at: At, service: str, kind: str) -> None:
    source_id = "5f00000000000000000000ff" if kind == "nobody" else at.person(service, kind)[at.ids(service)]
    with pytest.raises(NotShared):
        at.reader(service).person(source_id)


@both
@pytest.mark.parametrize("cap", [1, 3])
def test_REL_1_a_server_that_caps_its_pages_shortens_nothing(at: At, service: str, cap: int) -> None:
    everything = set(records(at.reader(service).whole()))
    at.switch(clever_page_cap=cap, classlink_page_cap=cap)
    assert set(records(at.reader(service).whole())) == everything


@both
@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("fault", ["html", "no_list", "drop", "status"])
def test_REL_1_no_fault_makes_a_shorter_roster(at: At, service: str, fault: str, place: int) -> None:
    reader = at.reader(service)
    at.fault(service, fault, path=WHERE[service][place])
    with pytest.raises(Unreachable):
        records(reader.whole(lambda: None))


CUT = [(service, where) for service, places in WHERE.items() for where in places if where != "/schools"]
"""Not Clever's list of schools: the tiny district has one only, and a Clever list that loses its only record cannot be
told from an empty one. The guard holds what would become empty (REL-4)."""


@pytest.mark.parametrize(("service", "where"), CUT)
def test_REL_1_pages_that_always_lack_a_record_are_incomplete(at: At, service: str, where: str) -> None:
    reader = at.reader(service)
    at.fault(service, "cut_page", path=where)
    with pytest.raises(IncompleteAnswer):
        records(reader.whole(lambda: None))


@pytest.mark.parametrize(("service", "where"), CUT)
def test_REL_1_a_page_that_lacks_a_record_once_is_made_good(at: At, service: str, where: str) -> None:
    everything = set(records(at.reader(service).whole()))
    at.fault(service, "cut_page", path=where, times=1)
    found: list[Record] = []
    for page in at.reader(service).whole(found.clear):
        found += page
    assert set(found) == everything
    assert len(found) == len(everything)


@both
@pytest.mark.parametrize("fault", ["html", "no_list", "drop", "status"])
def test_REL_1_no_fault_makes_sections_shorter(at: At, service: str, fault: str) -> None:
    sections = [one[at.ids(service)] for one in at.truth()["sections"]]
    teacher = at.person(service, "teacher")[at.ids(service)]
    reader = at.reader(service)
    at.fault(service, fault)
    with pytest.raises(Unreachable):
        records(reader.sections(sections))
    with pytest.raises(Unreachable):
        reader.section_offers(teacher)


@both
def test_REL_24_trouble_that_passes_is_waited_out(at: At, service: str) -> None:
    everything = set(records(at.reader(service).whole()))
    reader = at.reader(service)
    at.fault(service, "status", status=503, times=2, path=WHERE[service][3])
    assert set(records(reader.whole())) == everything


@both
def test_REL_24_a_long_rate_limit_is_told_with_its_end(at: At, service: str) -> None:
    reader = at.reader(service)
    at.fault(service, "status", status=429, reset_in=120, path=WHERE[service][3])
    with pytest.raises(Unreachable) as caught:
        records(reader.whole())
    assert caught.value.retry_at


@both
def test_REL_25_refused_access_is_withdrawn_access(at: At, service: str) -> None:
    reader = at.reader(service)
    at.switch(clever_connected=False, classlink_enabled=False)
    with pytest.raises(AccessWithdrawn):
        records(reader.whole())
    with pytest.raises(AccessWithdrawn):
        at.services[service].district_token(at.district[service])


@both
def test_a_rotated_token_is_found_once_and_told(at: At, service: str) -> None:
    told: list[str] = []
    reader = at.reader(service, told=told.append)
    at.switch(rotate_clever_token=True, rotate_classlink_bearer=True)
    assert records(reader.whole())
    assert told == [at.services[service].district_token(at.district[service])]


@both
def test_without_a_token_the_service_is_asked_for_it(at: At, service: str) -> None:
    told: list[str] = []
    assert records(at.reader(service, token="", told=told.append).whole())
    assert told == [at.services[service].district_token(at.district[service])]


@both
def test_a_district_that_nobody_knows_has_no_token(at: At, service: str) -> None:
    with pytest.raises(AccessWithdrawn):
        at.services[service].district_token("424242")


@both
def test_two_districts_do_not_mix(at: At, service: str) -> None:
    other = At(at.url, at.settings)
    mine, theirs = at.truth()["sections"][0], other.truth()["sections"][0]
    at.move("student_joins", section=mine["clever_id"])
    assert enrolled(records(other.reader(service).whole()), theirs[at.ids(service)]) == other.enrolled(
        service, theirs[at.ids(service)]
    )


@both
def test_moves_show_up(at: At, service: str) -> None:
    section = at.truth()["sections"][0]
    for move in ("student_joins", "student_leaves", "co_teacher_added", "section_renamed", "section_emptied"):
        at.move(move, section=section["clever_id"])
        found = records(at.reader(service).sections([section[at.ids(service)]]))
        assert enrolled(found, section[at.ids(service)]) == at.enrolled(service, section[at.ids(service)])
        assert [one.name for one in found if isinstance(one, Section)] == [at.truth()["sections"][0]["name"]]


@both
def test_requests_are_counted_as_they_are_sent(at: At, service: str) -> None:
    reader = at.reader(service)
    at.steer("DELETE", "/sandbox/requests")
    records(reader.whole())
    assert reader.requests == at.steer("GET", "/sandbox/requests")[service]


def test_REL_28_drift_without_anybody_to_forget_is_incomplete(at: At) -> None:
    at.fault("classlink", "cut_page", path="/enrollments", times=1)
    with pytest.raises(IncompleteAnswer):
        records(at.reader("classlink").whole())
