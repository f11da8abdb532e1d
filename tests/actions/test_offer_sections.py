"""What stands in a teacher's way: one cause at a time, told in words that fit it."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from tests.factory import LATER, NOW, House, a_house, a_teacher, imported, synced
from tests.shared_roster import SharedRoster
from webapp.actions.offer_sections import CannotImport, offer_sections
from webapp.actions.request_import import ChooseLicense, NothingTicked, request_import
from webapp.providers.errors import AccessWithdrawn, Unreachable
from webapp.providers.service import Service
from webapp.roster.records import Term
from webapp.store import seal
from webapp.store.database import tenant
from webapp.store.tables import License, LicenseMember


def _obstacle(house: House, teacher: UUID, services: Mapping[str, Service]) -> CannotImport:
    with pytest.raises(CannotImport) as found:
        offer_sections(house.district_id, teacher, services=services, now=NOW)
    return found.value


def _change(house: House, statement: str) -> None:
    with tenant(house.district_id) as session:
        session.execute(text(statement))


def test_somebody_on_no_license_is_sent_to_the_license_admin(house: House, services: Mapping[str, Service]):
    assert _obstacle(house, uuid4(), services).cause == "not_a_member"


def test_an_ended_license_is_named_with_its_last_day(services: Mapping[str, Service], database_url: str):
    house = a_house(ends_on=date(2026, 10, 4))
    found = _obstacle(house, a_teacher(house), services)
    assert found.cause == "license_ended" and "2026-10-04" in found.sentence


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ("update connection set state = 'closed'", "no_connection"),
        ("update connection set method = 'all_sections'", "method"),
        ("update identity set valid_to = valid_from", "not_linked"),
    ],
)
def test_what_the_district_or_the_login_lacks_is_the_cause(
    house: House, services: Mapping[str, Service], change: str, cause: str
):
    teacher = a_teacher(house)
    _change(house, change)
    assert _obstacle(house, teacher, services).cause == cause


def test_a_teacher_with_no_section_is_told_whom_to_write_to(house: House, services: Mapping[str, Service]):
    found = _obstacle(house, a_teacher(house, "t9"), services)
    assert found.cause == "no_sections" and "Clever" in found.message


def test_a_school_that_the_license_does_not_cover_is_the_cause(services: Mapping[str, Service], database_url: str):
    house = a_house(schools=["another-school"])
    assert _obstacle(house, a_teacher(house), services).cause == "not_covered"


def test_a_service_that_is_down_and_one_that_refuses_us_are_told_apart(
    house: House, services: Mapping[str, Service], shared: SharedRoster
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    synced(house, services, LATER)
    shared.trouble = Unreachable("no answer")
    down = _obstacle(house, teacher, services)
    shared.trouble = AccessWithdrawn("switched off")
    refused = _obstacle(house, teacher, services)
    assert down.cause == refused.cause == "provider_down"
    assert "Try again" in down.advice and "switch this application on" in refused.advice
    assert "October 5, 2026 at 11:00 AM" in down.sentence  # in New York, as the district counts


def test_a_section_that_became_a_class_is_offered_no_more_and_says_by_whom(
    house: House, services: Mapping[str, Service]
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    offered = offer_sections(house.district_id, teacher, services=services, now=LATER)
    assert {one.offer.section.name: (one.state, one.imported_by) for one in offered} == {
        "Biology": ("imported", "T1 Example"),
        "Chemistry": ("importable", None),
    }


def test_sections_of_another_term_are_not_current(house: House, services: Mapping[str, Service], shared: SharedRoster):
    shared.terms.append(Term("spring", "Spring", date(2027, 1, 4), date(2027, 6, 1)))
    shared.add_section("Spring class")
    offered = offer_sections(house.district_id, a_teacher(house), services=services, now=NOW)
    assert not [one for one in offered if one.current]


def test_nothing_ticked_asks_for_nothing(house: House, services: Mapping[str, Service]):
    with pytest.raises(NothingTicked):
        request_import(house.district_id, a_teacher(house), [], services=services, now=NOW)


def test_two_licenses_for_one_school_are_for_the_teacher_to_pick_from(house: House, services: Mapping[str, Service]):
    teacher = a_teacher(house)
    with tenant(house.district_id) as session:
        second = License(
            district_id=house.district_id,
            name="Second",
            starts_on=date(2026, 8, 1),
            ends_on=(NOW + timedelta(days=99)).date(),
            student_seats=5,
            made_at=NOW,
        )
        session.add(second)
        session.flush()
        session.add(
            LicenseMember(
                district_id=house.district_id, license_id=second.id, account_id=teacher, role="teacher", joined_at=NOW
            )
        )
    with pytest.raises(ChooseLicense) as choice:
        request_import(house.district_id, teacher, ["biology"], services=services, now=NOW)
    assert [name for _id, name in choice.value.licenses] == ["License", "Second"]
    run = request_import(
        house.district_id, teacher, ["biology"], services=services, now=NOW, license_id=choice.value.licenses[1][0]
    )
    assert run


def test_SEC_27_a_token_that_our_keys_do_not_open_is_asked_for_again(house: House, services: Mapping[str, Service]):
    teacher = a_teacher(house)
    _change(house, "update connection set sealed_token = 'copied from another district'")
    seal.use_keys(Fernet.generate_key().decode())
    assert offer_sections(house.district_id, teacher, services=services, now=NOW)
