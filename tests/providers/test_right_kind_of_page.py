"""A page that could be read is believed only where it is of the right kind and holds its list (REL-1)."""

import pytest

from tests.providers.clever_district import bare_district, whole
from tests.providers.scripted import Scripted, body, doc
from webapp.providers.answers import decode
from webapp.providers.errors import IncompleteAnswer
from webapp.providers.wire import Wire


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "text/csv"])
def test_REL_1_json_that_is_called_something_else_is_no_page(script: Scripted, wire: Wire, kind: str) -> None:
    script.on("/list", body(b'{"data": []}', kind=kind))
    with pytest.raises(IncompleteAnswer):
        decode(wire, wire.get(f"{script.url}/list", {}), dict[str, list[int]])


@pytest.mark.parametrize("told", [{}, {"links": []}, {"data": None}, {"rows": []}, {"error": "try again"}])
def test_REL_1_a_page_of_clevers_without_its_list_is_no_empty_one(script: Scripted, told: object) -> None:
    reader = bare_district(script)
    script.on("/v3.1/sections", doc(told))
    with pytest.raises(IncompleteAnswer):
        whole(reader)
