"""Every address of OneRoster 1.1's OpenAPI file, and whether the simulated server's answers are as the file wants."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.simulator.oneroster_deviations import DEVIATIONS, NOT_SERVED, Deviation
from tests.simulator.visitor import Caller, Shared
from webapp.simulator.server import Sandbox
from webapp.simulator.world import Term

FILE = json.loads((Path(__file__).parent / "specs" / "oneroster" / "openapi-1.1.json").read_text())
OBJECTS = ("AcademicSession", "Class", "Course", "Demographic", "Enrollment", "Org", "User")
ERROR = "imsx_StatusInfo.Type"
FORMATS = FormatChecker(formats=["date"])
ROSTER = [path for path, does in FILE["paths"].items() if "get" in does and not set(path.split("/")) & set(NOT_SERVED)]
OTHERS = [path for path, does in FILE["paths"].items() if "get" in does and path not in ROSTER]


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value: object) -> bool:
    """Whether a text is a moment with its zone."""
    return not isinstance(value, str) or (value.endswith("Z") and bool(datetime.fromisoformat(value)))


@FORMATS.checks("uri")
def is_address(value: object) -> bool:
    """Whether a text is a whole address."""
    return not isinstance(value, str) or value.startswith("https://")


@dataclass(frozen=True)
class Seen:
    """An answer, and the schema that the file has for it."""

    path: str
    schema: str
    body: Any


@pytest.fixture(scope="module")
def district() -> Iterator[Shared]:
    """A made-up district of its own, with a grading period besides."""
    sandbox = Sandbox.start()
    district = sandbox.stage.districts[0]
    term = next(one for one in district.terms.values() if one.kind == "term")
    period = {"sourced_id": "period 1/{a}", "clever_id": "", "created": term.created, "modified": term.modified}
    of_term = {"parent": term.sourced_id, "school_year": term.school_year, "starts": term.starts, "ends": term.ends}
    district.terms[period["sourced_id"]] = Term(**period, **of_term, name="Quarter 1", kind="gradingPeriod")
    district.touched()
    yield Shared(Caller(sandbox), 1)
    sandbox.stop()


@pytest.fixture(scope="module")
def seen(district: Shared) -> list[Seen]:
    """The answers to every address, page by page where there are pages, and refusals of every sort."""
    return [*refusals(district), *(one for path in ROSTER for one in answers(district, path))]


def answers(district: Shared, path: str) -> Iterator[Seen]:
    """What stands below one of the file's addresses."""
    schema = schema_of(path, "200")
    for address in addresses(district, path):
        offset, total = 0, 1
        while offset < total:
            answer = district.roster_answer(f"{address}?limit=2500&offset={offset}")
            assert answer.status == 200, (address, answer.data)
            yield Seen(path, schema, answer.json())
            total = int(answer.headers.get("x-total-count", "0"))
            offset += 2500


def addresses(district: Shared, path: str) -> list[str]:
    """The address with the ids of some records in it: the first ones, and the last."""
    parts = path.strip("/").split("/")
    if len(parts) == 1:
        return parts
    parents = [one["sourcedId"] for one in district.roster_all(parts[0])]
    found = []
    for parent in {*parents[:3], parents[-1]}:
        if len(parts) < 5:
            found.append("/".join([parts[0], quote(parent, safe=""), *parts[2:]]))
            continue
        section = district.roster_all(f"{parts[0]}/{quote(parent, safe='')}/{parts[2]}")[0]["sourcedId"]
        found.append("/".join([parts[0], quote(parent, safe=""), parts[2], quote(section, safe=""), parts[4]]))
    return found


def refusals(district: Shared) -> Iterator[Seen]:
    """Refusals, each for a reason of its own."""
    asked = {
        "classes/nothing": 404,
        "users?filter=nothing%3D'x'": 400,
        "users?filter=role": 400,
        "users?fields=": 400,
        "users?limit=0": 400,
        **{path.strip("/").split("/")[0]: 404 for path in OTHERS if path.count("/") == 1},
    }
    for path, status in asked.items():
        answer = district.roster_answer(path)
        assert answer.status == status, path
        yield Seen(path, ERROR, answer.json())
    for value, status in (("401", 401), ("403", 403)):
        district.caller.post("/sandbox/districts/1/switches", classlink_refuses=value)
        answer = district.roster_answer("users")
        assert answer.status == status
        yield Seen("users", ERROR, answer.json())
    district.caller.post("/sandbox/districts/1/switches", classlink_refuses="")


def schema_of(path: str, status: str) -> str:
    """The name of the schema that the file has for an answer."""
    content = FILE["paths"][path]["get"]["responses"][status]["content"]["application/json"]
    return str(content["schema"]["$ref"]).rpartition("/")[2]


def document(deviations: tuple[Deviation, ...]) -> dict[str, Any]:
    """The file's schemas, closed against fields that it does not have, with these deviations written in."""
    schemas = copy.deepcopy(FILE["components"]["schemas"])
    for name in OBJECTS:
        schemas[f"{name}.Type"]["unevaluatedProperties"] = False
    for one in deviations:
        for name in one.schemas:
            assert one.properties.keys() <= schemas[name]["properties"].keys()
            schemas[name]["properties"] |= one.properties
    return {"components": {"schemas": schemas}}


def complaints(seen: list[Seen], deviations: tuple[Deviation, ...]) -> Iterator[str]:
    """What the file finds wrong with the answers."""
    whole = document(deviations)
    validators = {
        name: Draft202012Validator(whole | {"$ref": f"#/components/schemas/{name}"}, format_checker=FORMATS)
        for name in {one.schema for one in seen}
    }
    for one in seen:
        for error in validators[one.schema].iter_errors(one.body):
            yield f"{one.path}: {error.message[:200]}"


def test_every_answer_is_as_the_file_wants_it_but_for_the_listed_deviations(seen: list[Seen]) -> None:
    assert list(complaints(seen, DEVIATIONS)) == []


@pytest.mark.parametrize("row", DEVIATIONS, ids=lambda row: row.name)
def test_no_deviation_is_listed_that_is_not_there(seen: list[Seen], row: Deviation) -> None:
    without = tuple(one for one in DEVIATIONS if one is not row)
    assert next(complaints(seen, without), None)
    assert row.reason


def test_every_object_type_and_every_address_was_among_them(seen: list[Seen]) -> None:
    assert {one.path for one in seen} >= set(ROSTER)
    filled = {one.path for one in seen for rows in one.body.values() if rows}
    assert filled >= set(ROSTER)


def test_each_list_tells_its_total_as_the_file_wants(district: Shared) -> None:
    """The file has the header for single records too, where there is nothing to count."""
    for path in (one for one in ROSTER if not one.endswith("}")):
        assert "X-Total-Count" in FILE["paths"][path]["get"]["responses"]["200"]["headers"]
        assert district.roster_answer(addresses(district, path)[0]).headers["X-Total-Count"].isdigit()


def test_both_spellings_of_ascending_sort_upwards(district: Shared) -> None:
    """The file misspells `asc` as `acs`."""
    for word in ("asc", "acs", "dsc"):
        ids = [one["sourcedId"] for one in district.roster(f"users?sort=sourcedId&orderBy={word}")["users"]]
        assert ids == sorted(ids)


def test_dates_are_days(district: Shared) -> None:
    for term in district.roster_all("academicSessions"):
        assert date.fromisoformat(term["startDate"]) < date.fromisoformat(term["endDate"])
        assert len(term["schoolYear"]) == 4
