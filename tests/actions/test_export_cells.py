"""No cell of an export begins like a formula (REL-45)."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.factory import House, a_teacher, imported
from tests.shared_roster import SharedRoster
from webapp.actions.export_license import FORMULA, export_license
from webapp.providers.service import Service


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_REL_45_a_name_that_begins_like_a_formula_gets_an_apostrophe(
    house: House, services: Mapping[str, Service], shared: SharedRoster, tmp_path: Path, name: str
):
    shared.rename("biology", name)
    imported(house, a_teacher(house), ["biology"], services)
    cells = []
    for path in export_license(house.license_id, tmp_path):
        with path.open(encoding="utf-8", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
