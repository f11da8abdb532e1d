"""What leaves as a OneRoster package: this license's classes alone, under the provider's ids or our own."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from tests.factory import LATER, NOW, House, a_teacher, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.export_license import export_license
from webapp.providers.service import Service
from webapp.roster.records import Enrollment, Role
from webapp.store.database import tenant
from webapp.store.tables import License, SchoolClass

ODD_IDS = ["100%", "o'hara", '"quoted"', ":scope", "{x}", "a\\b", "tab\tid", "%(x)s", "ä", "a;\nb", "x" * 256]


def test_odd_source_ids_duplicate_rows_and_a_student_who_also_teaches_are_imported_once_and_stay(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path
):
    shared.add_section('50% "O\'Neil" \\ :now', teachers=["t1"], students=[*ODD_IDS, "helper"])
    section = shared.sections[-1].source_id
    shared.join(section, "helper", Role.TEACHER)
    shared.enrollments += [Enrollment(section, "100%", Role.STUDENT)] * 2
    imported(house, a_teacher(house), [section], services)
    counts = synced(house, services, LATER).counts
    assert (counts["added"], counts["updated"], counts["removed"], counts["held_back"]) == (0, 0, 0, 0)
    found = roster(house, shared.sections[-1].name)
    assert found == {"teacher": ["helper", "t1"], "student": sorted([*ODD_IDS, "helper"])}
    rows = _exported(house, tmp_path, "users")
    assert {row["sourcedId"] for row in rows} == {*ODD_IDS, "helper", "t1"}


def test_what_was_made_by_hand_is_exported_under_our_own_ids_with_empty_cells(house: House, tmp_path: Path):
    teacher = a_teacher(house, "t9", provider="password", kind="address")
    with tenant(house.district_id) as session:
        made = SchoolClass(license_id=house.license_id, provider_name="=Club", state="active", state_since=NOW)
        made.district_id, made.made_at = house.district_id, NOW
        session.add(made)
        session.flush()
        session.execute(
            text("""insert into enrollment (district_id, class_id, account_id, role, state, began_on, hand)
                    values (:district, :class, :teacher, 'teacher', 'active', '2026-10-05', 'added')"""),
            {"district": house.district_id, "class": made.id, "teacher": teacher},
        )
    (row,) = _exported(house, tmp_path, "classes")
    assert (row["sourcedId"], row["title"], row["termSourcedIds"]) == (f"rollbook-{made.id}", "'=Club", "")
    cells = [cell for name in ("classes", "users", "enrollments") for row in _exported(house, tmp_path, name)
             for cell in row.values()]  # fmt: skip
    assert "None" not in cells


def test_an_export_tells_nothing_of_another_licenses_classes(
    house: House, services: Mapping[str, Service], tmp_path: Path
):
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], services)
    with tenant(house.district_id) as session:
        other = License(name="Other", starts_on=date(2026, 8, 1), student_seats=50, made_at=NOW)
        other.district_id = house.district_id
        session.add(other)
        session.flush()
        session.execute(text("update license_member set license_id = :other"), {"other": other.id})
    imported(house, teacher, ["chemistry"], services, LATER)
    told = [row for row in _exported(house, tmp_path, "changes") if row["record"] in ("class", "enrollment")]
    assert {row["class_source_id"] for row in told} == {"biology"}
    assert [row["source_id"] for row in told if row["record"] == "class"] == ["biology"]


def test_who_left_in_the_evening_has_the_districts_own_day_as_end_date_and_the_others_have_none(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path
):
    imported(house, a_teacher(house), ["biology"], services)
    shared.leave("biology", "s1")
    synced(house, services, NOW + timedelta(hours=12))  # 2 in the morning of the 6th in UTC
    ends = {row["userSourcedId"]: row["endDate"] for row in _exported(house, tmp_path, "enrollments")}
    assert ends == dict.fromkeys([*PUPILS, "t1", "t2"], "") | {"s1": "2026-10-05"}


def _exported(house: House, out: Path, name: str) -> list[dict[str, str]]:
    export_license(house.license_id, out)
    with (out / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
