"""Rows about students of several classes, large sections, names of every script, and odd but honest data."""

from collections.abc import Iterator

import pytest

from tests.certification_rows.customer import Customer, a_customer
from tests.factory import roster
from tests.providers.at_sandbox import At
from tests.views.desk import Desk
from webapp.settings import Settings
from webapp.simulator.seed import SIZES, Size
from webapp.store import seal

FULL = Size(schools=1, teachers=2, sections=20, students=4, sections_of_ten_students=20)
"""A school whose two teachers have ten sections each and more."""


@pytest.fixture
def full(settings: Settings) -> Iterator[At]:
    """A district of that school."""
    seal.use_keys(settings.token_keys)
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(SIZES, "full", FULL)
        yield At(settings.sandbox_url, settings, size="full")


def test_clever_row_22_a_student_of_several_teachers_is_one_account_in_all_her_classes(customer: Customer) -> None:
    customer.import_everything()
    assert customer.roster() == customer.truth()
    classes_of = {student: {one for one, who, _ in customer.roster() if who == student}
                  for _, student, role in customer.roster() if role == "student"}  # fmt: skip
    busiest = max(classes_of, key=lambda one: len(classes_of[one]))
    taught_by = {
        who for section, who, role in customer.roster() if role == "teacher" and section in classes_of[busiest]
    }
    assert len(classes_of[busiest]) > 1 and len(taught_by) > 1
    assert customer.rows("select count(*) from identity where subject = :one", one=busiest) == [(1,)]


def test_clever_row_22_a_student_sees_the_classes_of_all_her_teachers(desk: Desk) -> None:
    desk.import_class(desk.teacher("t1"), "Biology", teachers=["t1"], students=["s1"])
    desk.import_class(desk.teacher("t2"), "Drama", teachers=["t2"], students=["s1"])
    page = desk.browser(desk.account_of("s1")).get("/classes").text
    for word in ("Biology", "T1 Example", "Drama", "T2 Example"):
        assert word in page


@pytest.mark.parametrize("service", ["clever", "classlink"])
def test_clever_row_24_ten_sections_of_a_hundred_students_and_names_of_every_script_arrive_whole(
    full: At, service: str
) -> None:
    customer = a_customer(full, service, seats=5_000)
    teacher = full.person(service, "teacher")[customer.key]
    hers = {section for section, person, role in customer.truth() if (person, role) == (teacher, "teacher")}
    sections = [one for one in full.truth()["sections"] if one[customer.key] in hers]
    for section in sections:
        full.move("section_grows", section=section["clever_id"], to="101")
    full.move("section_renamed", section=sections[0]["clever_id"], name="生物 Βιολογία علم الأحياء 🧬")
    customer.import_all_of(customer.teachers[teacher])
    assert len(hers) >= 10
    assert customer.roster() == {one for one in customer.truth() if one[0] in hers}
    assert all(sum(one == section for one, _, role in customer.roster() if role == "student") > 100 for section in hers)
    true = customer.true_names()
    assert customer.names() == {one: true[one] for one in customer.names()} and len(customer.names()) > 1_000
    assert sum(not "".join(one).isascii() for one in customer.names().values()) > 100
    assert ("生物 Βιολογία علم الأحياء 🧬",) in customer.rows("select provider_name from school_class")


def test_classlink_row_17_co_teachers_several_schools_several_terms_and_homerooms_arrive_as_they_are(
    settings: Settings,
) -> None:
    seal.use_keys(settings.token_keys)
    demo = At(settings.sandbox_url, settings, size="demo")
    section = demo.truth()["sections"][0]
    for move in ("class_in_two_terms", "co_teacher_added", "second_primary_teacher", "student_from_elsewhere"):
        demo.move(move, section=section["clever_id"])
    customer = a_customer(demo, "classlink", seats=5_000)
    customer.import_everything()
    assert customer.roster() == customer.truth()
    terms = {one["sourced_id"]: one["terms"] for one in demo.truth()["sections"]}
    assert dict(customer.rows("select source_id, term_source_ids from section")) == terms
    assert len(terms[section["sourced_id"]]) == 2
    assert len({one for (one,) in customer.rows("select school_source_id from section")}) == 3
    homerooms = {one["sourced_id"] for one in demo.truth()["sections"] if one["homeroom"]}
    assert homerooms and homerooms <= {one for one, _, role in customer.roster() if role == "teacher"}
    assert sum(one == section["sourced_id"] for one, _, role in customer.roster() if role == "teacher") >= 3


def test_classlink_row_18_masked_values_are_kept_as_they_are_and_make_nobody_one_with_another(at: At) -> None:
    at.switch(oneroster_masks=True)
    customer = a_customer(at, "classlink")
    customer.import_everything()
    assert customer.roster() == customer.truth()
    assert {given for given, _ in customer.names().values()} >= {f"masked-givenName-{one}" for one in customer.teachers}
    at.switch(oneroster_masks=False)
    unmasked = customer.sync(1)
    assert unmasked.state == "held"  # everybody has another name: a person looks at that (REL-5)
    assert customer.approve(unmasked, 2).state == "done"
    assert customer.roster() == customer.truth()
    true = customer.true_names()
    assert customer.names() == {one: true[one] for one in customer.names()}


def test_classlink_row_18_equal_e_mails_and_odd_names_of_several_people_are_no_obstacle(desk: Desk) -> None:
    teacher, shared = desk.teacher(), desk.roster
    shared.add_section("Drama", teachers=["t2", "t3"], students=["s1"])
    desk.import_class(teacher, teachers=["t1", "t2", "t3"], students=["s1", "s2"])
    odd = {"t2": "****", "t3": "****", "s1": "<b>'; --", "s2": "\u202eX" + "x" * 300}
    for place, one in enumerate(shared.people):
        if name := odd.get(one.source_id):
            email = "" if one.source_id[0] == "s" else "masked@masked.example"
            shared.people[place] = type(one)(
                one.source_id, one.roles, name, name, email, school_source_ids=one.school_source_ids
            )
    desk.sync()
    assert len({desk.account_of(one) for one in ("t1", "t2", "t3", "s1", "s2")}) == 5
    assert roster(desk.house, "Biology") == {"teacher": ["t1", "t2", "t3"], "student": ["s1", "s2"]}
    card, folded = desk.browser(teacher).get("/classes"), desk.browser(desk.account_of("s1")).get("/classes")
    assert card.status_code == folded.status_code == 200
    assert "****" in card.text and "&lt;b&gt;" in folded.text and "<b>'" not in folded.text
