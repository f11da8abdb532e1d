"""One district through every service gives equal records, but for the source ids."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.providers.at_sandbox import TODAY, At, records
from webapp.providers.oneroster_csv.reader import PackageReader
from webapp.roster.records import Course, Enrollment, Person, Record, Role, School, Section, Term

IN_CLASSES = {Role.STUDENT, Role.TEACHER}
WAYS = ("Clever", "OneRoster 1.1 over REST", "OneRoster 1.1 CSV", "OneRoster 1.2 CSV")
ID_KEYS = {"Clever": "clever_id"}
"""Under which key the truth holds the ids of a way; all but Clever's are sourced ids."""


def names(at: At, way: str) -> dict[str, str]:
    """One name for each record, whatever the service calls it: its ids at both."""
    key = ID_KEYS.get(way, "sourced_id")
    told: list[dict[str, Any]] = [one for kind in at.truth().values() for one in kind if one["clever_id"]]
    return {one[key]: f"{one['clever_id']} {one['sourced_id']}" for one in told}


def renamed(record: Record, name: dict[str, str]) -> Record:
    """The record with every source id exchanged for that name."""
    match record:
        case Enrollment():
            section, person = name[record.section_source_id], name[record.person_source_id]
            return replace(record, section_source_id=section, person_source_id=person)
        case Section():
            return replace(
                record,
                source_id=name[record.source_id],
                school_source_id=name[record.school_source_id],
                course_source_id=name[record.course_source_id],
                term_source_ids=tuple(name[term] for term in record.term_source_ids),
            )
        case Person():
            schools = tuple(name[school] for school in record.school_source_ids)
            return replace(record, source_id=name[record.source_id], school_source_ids=schools)
        case School() | Term() | Course():
            return replace(record, source_id=name[record.source_id])


def whole(at: At, way: str, folder: Path) -> Iterable[Sequence[Record]]:
    """The pages of the district as read that way; a package is saved into the folder first."""
    if way == "Clever":
        return at.reader("clever").whole()
    if way == "OneRoster 1.1 over REST":
        return at.reader("classlink").whole()
    path = folder / "package.zip"
    version = way.split()[1]
    path.write_bytes(urllib3.request("GET", f"{at.url}/sandbox/districts/{at.number}/oneroster-{version}.zip").data)
    return PackageReader(path, TODAY).whole()


def read(at: At, way: str, folder: Path) -> list[Record]:
    """All that matters for classes, with neutral ids.

    Not compared: staff (Clever calls principals, aides and clerks all `staff`, OneRoster does not roster aides), and
    terms that no section names (OneRoster's are not taken over).
    """
    found = records(whole(at, way, folder))
    terms = {term for one in found if isinstance(one, Section) for term in one.term_source_ids}
    kept = [
        one
        for one in found
        if not (isinstance(one, Person) and not IN_CLASSES & set(one.roles))
        and not (isinstance(one, Term) and one.source_id not in terms)
    ]
    name = names(at, way)
    return sorted((renamed(one, name) for one in kept), key=str)


def all_are_equal(at: At, folder: Path) -> list[Record]:
    """The roster, once every way has given the same."""
    rosters = {way: read(at, way, folder) for way in WAYS}
    for way in WAYS[1:]:
        assert rosters[way] == rosters["Clever"], way
    return rosters["Clever"]


def test_every_way_gives_equal_records_but_for_source_ids(at: At, tmp_path: Path) -> None:
    found = all_are_equal(at, tmp_path)
    assert {type(one) for one in found} == {School, Term, Course, Section, Person, Enrollment}
    assert len([one for one in found if isinstance(one, Enrollment)]) == len(at.truth()["enrollments"])


def test_they_stay_equal_as_time_moves_on(at: At, tmp_path: Path) -> None:
    section = at.truth()["sections"][1]["clever_id"]
    moves = ("student_joins", "student_leaves", "student_moves", "teacher_replaced", "co_teacher_added")
    seen = [all_are_equal(at, tmp_path)]
    for move in (*moves, "section_renamed"):
        at.move(move, section=section)
        seen.append(all_are_equal(at, tmp_path))
        assert seen[-1] != seen[-2], move


def test_a_demo_district_is_equal_too(at: At, tmp_path: Path) -> None:
    demo = At(at.url, at.settings, size="demo")
    found = all_are_equal(demo, tmp_path)
    assert len([one for one in found if isinstance(one, Section)]) == 60


@pytest.mark.parametrize("way", WAYS)
def test_no_way_brings_in_what_a_roster_does_not_need(at: At, tmp_path: Path, way: str) -> None:
    assert "canary" not in str(records(whole(at, way, tmp_path))).lower()
