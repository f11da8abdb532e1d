"""The sandbox gives a district as the CSV package that a school system would export."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from tests.simulator.visitor import Shared
from webapp.actions.export_license import HEADERS
from webapp.simulator.csv_district import read_district

OF_1_1 = {"academicSessions", "orgs", "courses", "classes", "users", "enrollments", "demographics"}
OF_1_2 = OF_1_1 | {"roles", "userProfiles"}
MANIFEST_ROWS = {"1.1": 13, "1.2": 21}
"""How many files the standard has."""


def unzipped(shared: Shared, version: str) -> dict[str, list[dict[str, str]]]:
    """The rows of each file."""
    answer = shared.caller.ask("GET", f"/sandbox/districts/{shared.number}/oneroster-{version}.zip")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


@pytest.mark.parametrize(("version", "names"), [("1.1", OF_1_1), ("1.2", OF_1_2)])
def test_the_manifest_has_a_line_for_every_file_of_the_standard(tiny: Shared, version: str, names: set[str]) -> None:
    files = unzipped(tiny, version)
    told = {row["propertyName"]: row["value"] for row in files.pop("manifest")}
    assert files.keys() == names
    assert (told["manifest.version"], told["oneroster.version"]) == ("1.0", version)
    kinds = {name.removeprefix("file."): kind for name, kind in told.items() if name.startswith("file.")}
    assert {name for name, kind in kinds.items() if kind == "bulk"} == names
    assert set(kinds.values()) == {"bulk", "absent"} and len(kinds) == MANIFEST_ROWS[version]
    assert list(told)[-2:] == ["source.systemName", "source.systemCode"]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_a_bulk_package_says_nothing_of_states_and_changes(tiny: Shared, version: str) -> None:
    files = unzipped(tiny, version)
    del files["manifest"]
    for name, rows in files.items():
        assert list(rows[0])[:3] == ["sourcedId", "status", "dateLastModified"], name
        assert {(row["status"], row["dateLastModified"]) for row in rows} == {("", "")}
        assert all(row["sourcedId"] for row in rows)


def test_the_columns_of_1_1_are_those_of_our_own_export(tiny: Shared) -> None:
    files = unzipped(tiny, "1.1")
    assert {name: ",".join(files[name][0]) for name in OF_1_1 - {"demographics"}} == {
        name: header for name, header in HEADERS.items() if name != "changes"
    }


def test_in_1_2_roles_stand_in_a_file_of_their_own(tiny: Shared) -> None:
    files = unzipped(tiny, "1.2")
    assert not {"role", "orgSourcedIds"} & files["users"][0].keys()
    held = {row["userSourcedId"]: row["role"] for row in files["roles"]}
    assert held.keys() == {row["sourcedId"] for row in files["users"]}
    assert {"student", "teacher", "siteAdministrator", "districtAdministrator", "aide", "guardian"} == set(
        held.values()
    )


def test_a_district_grows_again_out_of_its_package(tiny: Shared, tmp_path: Path) -> None:
    url = f"/sandbox/districts/{tiny.number}/oneroster-1.1.zip"
    with zipfile.ZipFile(io.BytesIO(tiny.caller.ask("GET", url).data)) as archive:
        archive.extractall(tmp_path)
    read, truth = read_district(9, tmp_path), tiny.truth()
    for kind in ("schools", "terms", "courses", "sections", "people", "enrollments"):
        assert getattr(read, kind).keys() == {one["sourced_id"] for one in truth[kind]}, kind
    names = {one["sourced_id"]: (one["name"], one["email"], one["number"], one["grade"]) for one in truth["people"]}
    assert {key: (one.name, one.email, one.number, one.grade) for key, one in read.people.items()} == names


def test_there_is_no_package_of_a_district_that_is_not_there(tiny: Shared) -> None:
    for path in ("999/oneroster-1.1.zip", f"{tiny.number}/oneroster-1.0.zip"):
        assert tiny.caller.ask("GET", f"/sandbox/districts/{path}").status == 404
