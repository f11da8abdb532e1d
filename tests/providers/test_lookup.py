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


def test_more_than_a_handful_is_looked_up_in_the_list_and_fewer_one_by_one() -> None:
    asked: list[str] = []

    def one(source_id: str) -> School:
        asked.append(source_id)
        return School(source_id, "")

    lookup: Lookup[School] = Lookup(one, lambda: [[School("a", ""), School("b", "")]], handful=1)
    assert [school.source_id for school in lookup.find("abc")] == ["a", "b"]
    assert asked == []
    assert [school.source_id for school in lookup.find("abd")] == ["a", "b", "d"]
    assert asked == ["d"]
