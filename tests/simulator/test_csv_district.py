"""A district made out of a OneRoster 1.1 CSV folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.visitor import Caller, Shared
from webapp.simulator.server import Sandbox

FILES = Path(__file__).parent / "paper_district"


@pytest.fixture(params=["utf-8", "utf-8-sig", "cp1252"])
def paper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shared]:
    """The district of those files, in each of the encodings that one meets."""
    for path in FILES.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_text("utf-8").encode(request.param))
    sandbox = Sandbox.start(source=tmp_path)
    caller = Caller(sandbox)
    yield Shared(caller, 1)
    caller.http.clear()
    sandbox.stop()


def test_a_csv_folder_becomes_a_district_with_its_own_ids(paper: Shared) -> None:
    assert {one["sourcedId"] for one in paper.roster_all("users")} == {"T-1", "S-1", "A-1"}
    section = paper.roster("classes/k%7C1")["class"]
    assert (section["title"], section["terms"][0]["sourcedId"], section["grades"]) == ("Algebra 1", "t", ["09", "10"])
    assert [one["sourcedId"] for one in paper.roster_all("enrollments")] == ["e1", "e2"]
    assert paper.roster_all("orgs")[0]["identifier"] == "7654321"


def test_clever_tells_the_same_folder(paper: Shared) -> None:
    section = paper.clever_all("sections")[0]
    assert (section["name"], section["period"], section["subject"], section["grade"]) == ("Algebra 1", "2", "other", "")
    teacher = paper.clever(f"users/{section['teacher']}")["data"]
    assert (teacher["name"]["first"], teacher["roles"]["teacher"]["teacher_number"]) == ("Zoë", "900")
    assert [one["name"] for one in paper.clever_all("terms")] == ["Fall"]
    assert paper.clever_all("users?role=district_admin")[0]["name"]["last"] == "Min"


def test_a_csv_district_moves_on_like_any_other(paper: Shared) -> None:
    happened = paper.caller.move(1, "student_joins", name="Neu Kind")
    assert happened["person_sourced_id"] in {one["sourcedId"] for one in paper.roster_all("students")}
