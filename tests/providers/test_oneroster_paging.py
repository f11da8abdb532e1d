"""Walking OneRoster's collections, page by page, when they behave and when they do not."""

import re

import pytest

from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.bearer import Bearer
from webapp.providers.drift import Drift, settled
from webapp.providers.errors import IncompleteAnswer
from webapp.providers.oneroster.feed import Door, Feed
from webapp.providers.oneroster.records import Courses
from webapp.providers.wire import Wire


def page(*ids: str, total: int | None = None, count: int | None = None, revision: str = "") -> Reply:
    told = {"X_Total_Count": total, "X_Count": count, "X_Perm_Rev": revision or None}
    headers = {name: str(value) for name, value in told.items() if value is not None}
    return doc({"courses": [{"sourcedId": id_} for id_ in ids]}, **headers)


@pytest.fixture
def feed(script: Scripted, wire: Wire) -> Feed:
    return Feed(wire, lambda: Door(script.url, Bearer(wire, "token", lambda: "token", None).get))


def walk(feed: Feed) -> list[str | int]:
    return [row.source_id for rows in feed.every("courses", Courses) for row in rows]


def asked(script: Scripted) -> list[tuple[int, int]]:
    found = [
        re.fullmatch(r"/courses\?limit=(\d+)&offset=(\d+)&sort=sourcedId&orderBy=asc", one) for one in script.asked
    ]
    return [(int(one[1]), int(one[2])) for one in found if one]


def test_a_list_with_a_total_takes_one_request(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b", total=2, count=2))
    assert walk(feed) == ["a", "b"]
    assert asked(script) == [(10_000, 0)]


def test_an_empty_list_is_empty_with_and_without_a_total(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page(total=0), page())
    assert walk(feed) == walk(feed) == []


def test_REL_1_capped_pages_go_on_by_the_rows_received(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b", total=5), page("c", "d", total=5), page("e", total=5))
    assert walk(feed) == ["a", "b", "c", "d", "e"]
    assert asked(script) == [(10_000, 0), (10_000, 2), (10_000, 4)]


def test_REL_1_without_a_total_only_an_empty_or_shorter_page_ends(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b"), page("c", "d"), page())
    assert walk(feed) == ["a", "b", "c", "d"]
    script.on("/courses", page("a", "b"), page("c"))
    assert walk(feed) == ["a", "b", "c"]
    script.on("/courses", page("a"), page())
    assert walk(feed) == ["a"]


@pytest.mark.parametrize(
    "replies",
    [
        [page("a", "b", total=3), page(total=3)],
        [page("a", "b", total=3), page("c", total=4)],
        [page("a", "b", total=1)],
        [page("a", "b", total=4), page("b", "c", total=4)],
        [page("a", "a", total=2)],
        [page("a", total=2, count=2)],
        [page("a", "b"), page("b", "c")],
    ],
)
def test_REL_28_counts_and_ids_that_contradict_each_other_are_drift(
    script: Scripted, feed: Feed, replies: list[Reply]
) -> None:
    script.on("/courses", *replies)
    with pytest.raises(Drift):
        walk(feed)


def test_REL_28_a_new_revision_in_the_middle_is_drift(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", total=2, revision="1"), page("b", total=2, revision="2"))
    with pytest.raises(Drift):
        walk(feed)


def test_REL_28_a_new_pull_may_have_a_new_revision(script: Scripted, feed: Feed) -> None:
    def pull() -> list[str | int]:
        feed.begin()
        return walk(feed)

    script.on("/courses", page("a", total=2, revision="1"), page("b", total=2, revision="2"), page("c", total=1))
    assert settled(pull) == ["c"]


def test_REL_28_three_disturbed_pulls_are_incomplete(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "a", total=2))
    with pytest.raises(IncompleteAnswer):
        settled(lambda: walk(feed))
    assert len(script.asked) == 3


def test_pages_that_are_too_heavy_are_asked_for_in_smaller_ones(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", total=2), *[status(502)] * 3, page("b", total=2))
    assert walk(feed) == ["a", "b"]
    assert asked(script)[-2:] == [(10_000, 1), (1_000, 1)]


def test_REL_27_a_list_without_end_is_incomplete(script: Scripted, feed: Feed) -> None:
    script.on("/courses", *(page(str(one)) for one in range(1000)))
    with pytest.raises(IncompleteAnswer, match="does not end"):
        walk(feed)


def test_REL_1_a_collection_that_is_not_found_is_no_empty_one(script: Scripted, feed: Feed) -> None:
    with pytest.raises(IncompleteAnswer):
        walk(feed)
