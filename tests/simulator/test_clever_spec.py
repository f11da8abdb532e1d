"""Everything that the simulated Clever answers, held against Clever's official specifications."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulator.clever_deviations import DEVIATIONS, Deviation
from tests.simulator.clever_specs import VERSIONS, definitions, paths, validator
from tests.simulator.visitor import Caller, Shared
from webapp.simulator.server import Sandbox

Answer = tuple[str, str, str, dict[str, Any]]
"""The file, the path, the definition and the body."""

HAPPENED = (
    "student_joins", "student_leaves", "teacher_replaced", "section_renamed", "section_removed", "section_restored",
    "user_gets_new_id", "employees_merge", "employee_splits", "term_remade", "school_unshared", "school_reshared",
    "ext_touched", "rollover",
)  # fmt: skip


@pytest.fixture(scope="module")
def district(own_sandbox: Sandbox) -> Iterator[Shared]:
    """A made-up district of the size of the demo, in which much has happened already, plain otherwise."""
    caller = Caller(own_sandbox)
    shared = Shared(caller, caller.post("/sandbox/districts", seed=11, size="demo")["number"])
    caller.post(f"/sandbox/districts/{shared.number}/switches", clever_rate_limit=100_000)
    caller.move(shared.number, "person_gets_role", to="district_admin")
    for move in HAPPENED:
        caller.move(shared.number, move)
    yield shared
    caller.http.clear()


@pytest.fixture(scope="module")
def answers(district: Shared) -> list[Answer]:
    """Every documented address of both versions, asked about every sort of record."""
    return [one for version in VERSIONS for one in [*data_answers(district, version), *events(district, version)]]


def data_answers(district: Shared, version: str) -> Iterator[Answer]:
    """The Data API's answers."""
    ids = examples(district)
    for path, definition in paths(version).items():
        collection = path.split("/")[1]
        for clever_id in ids[collection] if "{id}" in path else ["none"]:
            yield asked(district, version, version, path.replace("{id}", clever_id), definition)
    for collection in ("courses", "schools", "sections", "terms", "users", "districts"):
        definition = paths(version)[f"/{collection}"]
        yield asked(district, version, version, f"/{collection}?count=true&limit=3", definition)


def events(district: Shared, version: str) -> Iterator[Answer]:
    """The Events API's answers; each event is of the definition that its type names."""
    file = f"{version}-events"
    page = asked(district, file, version, "/events?limit=10000", "EventsResponse")
    yield page
    for row in page[3]["data"]:
        yield file, "/events", str(row["data"]["type"]), row["data"]
    yield asked(district, file, version, f"/events/{page[3]['data'][0]['data']['id']}", "EventResponse")
    yield asked(district, file, version, "/events/none", "EventResponse")


def asked(district: Shared, file: str, version: str, path: str, definition: str) -> Answer:
    """One answer; where nothing is found, it is held against what the specification says of that."""
    answer = district.caller.ask("GET", f"/clever-api/{version}{path}", token=district.clever_token)
    assert answer.status in (200, 404), (path, answer.status)
    return file, path, definition if answer.status == 200 else "NotFound", answer.json()


def examples(district: Shared) -> dict[str, list[str]]:
    """Ids of every collection: somebody of each role, two of everything else, and one that is not there."""
    roles = ("student", "teacher", "staff", "district_admin", "contact")
    ids = {"users": [str(district.clever_all(f"users?role={role}")[0]["id"]) for role in roles]}
    for collection in ("schools", "courses", "terms", "districts", "sections"):
        ids[collection] = [one["id"] for one in district.clever_all(collection)[:2]]
    return {collection: [*known, "0" * 24] for collection, known in ids.items()} | {"resources": ["0" * 24]}


def complaints(answers: list[Answer], deviations: tuple[Deviation, ...], *, most: int = 20) -> list[str]:
    """What is not as the specifications, changed by these deviations, want it."""
    known = {file: definitions(file, deviations) for file in {answer[0] for answer in answers}}
    validators: dict[tuple[str, str], Any] = {}
    found: list[str] = []
    for file, path, definition, body in answers:
        if (file, definition) not in validators:
            validators[file, definition] = validator(known[file], definition)
        errors = validators[file, definition].iter_errors(body)
        found += [f"{file} {path} {one.json_path}: {one.message[:200]}" for one in errors]
        if len(found) >= most:
            break
    return found


def test_every_answer_is_as_the_official_specifications_want_it(answers: list[Answer]) -> None:
    assert not complaints(answers, DEVIATIONS)


@pytest.mark.parametrize("needless", DEVIATIONS, ids=lambda one: one.name)
def test_no_deviation_is_listed_that_is_not_there(answers: list[Answer], needless: Deviation) -> None:
    rest = tuple(one for one in DEVIATIONS if one is not needless)
    assert complaints(answers, rest, most=1), f"{needless.name} is not needed any more"


@pytest.mark.parametrize("version", VERSIONS)
def test_every_documented_address_is_answered(answers: list[Answer], version: str) -> None:
    good = {path for file, path, definition, _ in answers if file == version and definition != "NotFound"}
    shapes = {"/".join("{id}" if len(part) == 24 else part for part in path.split("/")) for path in good}
    # Nobody has resources, so that none can be looked at.
    assert {path for path in paths(version) if not path.startswith("/resources/")} <= shapes


def test_events_of_every_sort_were_among_them(answers: list[Answer]) -> None:
    kinds = {definition for file, path, definition, _ in answers if path == "/events"}
    assert kinds >= {
        f"{one}.{what}" for one in ("users", "sections", "schools", "terms") for what in ("created", "deleted")
    }
    assert kinds >= {"districts.updated", "users.updated", "sections.updated", "courses.created", "courses.deleted"}


def test_what_the_documents_guarantee_is_always_there(district: Shared) -> None:
    guaranteed = {
        "users": ("id", "district", "created", "last_modified", "name", "roles"),
        "sections": ("id", "district", "school", "created", "last_modified", "sis_id", "name", "students", "teachers"),
        "schools": ("id", "district", "name", "sis_id", "school_number", "created", "last_modified"),
        "courses": ("id", "district"),
        "terms": ("id", "district"),
        "districts": ("id", "name", "sis_type", "launch_date", "portal_url", "login_methods"),
    }
    for collection, keys in guaranteed.items():
        assert all(one.keys() >= set(keys) for one in district.clever_all(collection))
    for one in district.clever_all("users?role=staff"):
        assert not {"school", "sis_id"} & one["roles"]["staff"].keys()
    assert all(
        "schools" not in one["roles"]["district_admin"] for one in district.clever_all("users?role=district_admin")
    )
    assert all("first" not in one["name"] for one in district.clever_all("users?role=contact"))
