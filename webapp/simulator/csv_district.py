"""Makes a district out of a OneRoster 1.1 CSV folder, leniently, keeping its sourced ids as they are."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from webapp.simulator.doors import doors_of
from webapp.simulator.world import Course, District, Enrollment, Person, School, Section, Term, clever_id, utc_stamp

Row = dict[str, str]
KINDS = {"student": "student", "teacher": "teacher", "aide": "aide", "proctor": "proctor"}
GUARDIANS = ("guardian", "parent", "relative")
PRIVATE = {"birthDate": "born", "sex": "sex", "hispanicOrLatinoEthnicity": "hispanic", "cityOfBirth": "birth_city"}


def read_district(number: int, folder: Path, *, now: datetime | None = None) -> District:
    """The district that the folder's files describe."""
    orgs = list(rows(folder, "orgs.csv"))
    top = next((row for row in orgs if row.get("type") == "district"), {})
    district = District(
        number=number,
        seed=number,
        name=top.get("name") or folder.name,
        sourced_id=top.get("sourcedId", ""),
        clever_id=clever_id(number, 0),
        nces_id=top.get("identifier", ""),
        domain="district.example",
        opened=utc_stamp(now or datetime.now(UTC)),
        doors=doors_of(number),
    )
    for org in orgs:
        if org.get("type") == "school":
            add_school(district, org)
    for name, add in (
        ("academicSessions.csv", add_term),
        ("courses.csv", add_course),
        ("classes.csv", add_section),
        ("users.csv", add_person),
        ("demographics.csv", add_demographics),
        ("enrollments.csv", add_enrollment),
    ):
        for row in rows(folder, name):
            add(district, row)
    return district


def rows(folder: Path, name: str) -> Iterator[Row]:
    """The file's live rows, stripped; none if there is no such file."""
    path = folder / name
    text = decoded(path.read_bytes()) if path.exists() else ""
    for row in csv.DictReader(text.splitlines(keepends=True)):
        clean = {key.strip(): (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        if clean.get("sourcedId") and clean.get("status", "").lower() != "tobedeleted":
            yield clean


def decoded(content: bytes) -> str:
    """Text with or without byte-order mark; what is not UTF-8 is read as Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def stamp(district: District, row: Row) -> dict[str, Any]:
    """The ids and dates of a record made from a row."""
    return {
        "sourced_id": row["sourcedId"],
        "clever_id": district.next_ids()[0],
        "created": district.opened,
        "modified": row.get("dateLastModified") or district.opened,
    }


def listed(cell: str | None) -> list[str]:
    """The items of a cell that holds a list."""
    return [item.strip() for item in (cell or "").split(",") if item.strip()]


def add_school(district: District, row: Row) -> None:
    """A row of orgs.csv of type school."""
    number = row.get("metadata.schoolNumber", "") or row["sourcedId"]
    school = School(**stamp(district, row), name=row.get("name", ""), nces_id=row.get("identifier", ""), number=number)
    district.schools[school.sourced_id] = school


def add_term(district: District, row: Row) -> None:
    """A row of academicSessions.csv."""
    term = Term(
        **stamp(district, row),
        name=row.get("title", ""),
        kind=row.get("type") or "term",
        starts=row.get("startDate", ""),
        ends=row.get("endDate", ""),
        parent=row.get("parentSourcedId", ""),
        school_year=row.get("schoolYear", ""),
    )
    district.terms[term.sourced_id] = term


def add_course(district: District, row: Row) -> None:
    """A row of courses.csv."""
    course = Course(
        **stamp(district, row),
        name=row.get("title", ""),
        number=row.get("courseCode", ""),
        subject=row.get("subjects", ""),
        grades=listed(row.get("grades")),
        org=row.get("orgSourcedId", ""),
        school_year=row.get("schoolYearSourcedId", ""),
    )
    district.courses[course.sourced_id] = course


def add_section(district: District, row: Row) -> None:
    """A row of classes.csv."""
    section = Section(
        **stamp(district, row),
        name=row.get("title", ""),
        school=row.get("schoolSourcedId", ""),
        course=row.get("courseSourcedId", ""),
        terms=listed(row.get("termSourcedIds")),
        period=row.get("periods", ""),
        code=row.get("classCode", ""),
        subject=row.get("subjects", ""),
        grades=listed(row.get("grades")),
        homeroom=row.get("classType", "").lower() == "homeroom",
        room=row.get("location", ""),
    )
    district.sections[section.sourced_id] = section


def add_person(district: District, row: Row) -> None:
    """A row of users.csv; who administrates the district itself belongs to no school."""
    ids = stamp(district, row)
    schools = [org for org in listed(row.get("orgSourcedIds")) if org in district.schools]
    person = Person(
        **ids,
        classlink_id=district.number * 1_000_000 + district.ids_given,
        kind=kind_of(row.get("role", "").lower(), schools),
        given=row.get("givenName", ""),
        family=row.get("familyName", ""),
        middle=row.get("middleName", ""),
        email=row.get("email", ""),
        username=row.get("username", ""),
        number=row.get("identifier", ""),
        sis_id=row.get("identifier", "") or row["sourcedId"],
        grade=(listed(row.get("grades")) or [""])[0],
        schools=schools,
        guardians=listed(row.get("agentSourcedIds")),
        enabled=row.get("enabledUser", "true").lower() not in ("false", "0"),
        private={key: row.get(key, "") for key in ("password", "phone", "sms")},
    )
    district.people[person.sourced_id] = person


def kind_of(role: str, schools: list[str]) -> str:
    """The kind of person that a role word means."""
    if role in KINDS:
        return KINDS[role]
    if role in GUARDIANS:
        return "guardian"
    return "site_admin" if schools else "district_admin"


def add_demographics(district: District, row: Row) -> None:
    """A row of demographics.csv, kept with the person's other private details."""
    if person := district.people.get(row["sourcedId"]):
        person.private |= {ours: row[theirs] for theirs, ours in PRIVATE.items() if row.get(theirs)}


def add_enrollment(district: District, row: Row) -> None:
    """A row of enrollments.csv, unless its class or person is not in the folder."""
    section, person = row.get("classSourcedId", ""), row.get("userSourcedId", "")
    if section not in district.sections or person not in district.people:
        return
    district.enrollments[row["sourcedId"]] = Enrollment(
        sourced_id=row["sourcedId"],
        section=section,
        person=person,
        role=row.get("role", "").lower() or "student",
        primary=row.get("primary", "").lower() in ("true", "1"),
        begins=row.get("beginDate", ""),
        ends=row.get("endDate", ""),
        modified=row.get("dateLastModified") or district.opened,
    )
