"""Finding what other records name."""

import pytest

from webapp.providers.drift import Drift
from webapp.providers.lookup import Lookup
from webapp.roster.records import School


def test_a_disturbed_list_is_asked_again_and_nothing_counts_as_missing() -> None:
    disturbances = [Drift("moved")]

    def every() -> list[list[School]]:
        if disturbances:
            raise disturbances.pop()
        return [[School("a", "A")], [School("b", "B"), School("c", "C")]]

    lookup: Lookup[School] = Lookup(lambda _: None, every)
    with pytest.raises(Drift):
        lookup.find("abcd")
    assert [school.source_id for school in lookup.find("dcba")] == ["c", "b", "a"]
