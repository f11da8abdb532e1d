"""Walking OneRoster's lists, page by page, when servers behave and when they do not."""

import re
from typing import Any

import pytest

from tests.providers.oneroster_list import listed
from tests.providers.scripted import Reply, Scripted, doc, status
from webapp.providers.drift import Drift, settled
from webapp.providers.errors import IncompleteAnswer, Unreachable
from webapp.providers.oneroster.feed import Feed
from webapp.providers.oneroster.records import Courses
from webapp.providers.wire import Wire


def rows(*ids: str) -> list[dict[str, Any]]:
    return [{"sourcedId": id_} for id_ in ids]


def page(*ids: str, total: int | None = None, count: int | None = None, revision: str = "") -> Reply:
    told = {"X_Total_Count": total, "X_Count": count, "X_Perm_Rev": revision or None}
    headers = {name: str(value) for name, value in told.items() if value is not None}
    return doc({"courses": rows(*ids)}, **headers)


@pytest.fixture
def feed(script: Scripted, wire: Wire) -> Feed:
    return Feed(wire, lambda target: wire.get(f"{script.url}/{target}", {}))


def walk(feed: Feed) -> list[str | int | None]:
    return [row.source_id for page in feed.every_to_the_end("courses", Courses) for row in page]


def look(feed: Feed) -> list[str | int | None]:
    return [row.source_id for page in feed.related("courses", Courses) for row in page]


def asked(script: Scripted, order: str = "&sort=sourcedId&orderBy=asc") -> list[tuple[int, int]]:
    found = [re.fullmatch(r"/courses\?limit=(\d+)&offset=(\d+)" + order, one) for one in script.asked]
    return [(int(one[1]), int(one[2])) for one in found if one]


def test_a_list_with_a_total_takes_one_request_and_one_more_to_prove_its_end(script: Scripted, feed: Feed) -> None:
    script.on("/courses", listed("courses", rows("a", "b")))
    assert look(feed) == ["a", "b"]
    assert asked(script) == [(10_000, 0)]
    assert walk(feed) == ["a", "b"]
    assert asked(script)[1:] == [(10_000, 0), (10_000, 1)]


@pytest.mark.parametrize("totals", [True, False])
def test_an_empty_list_is_empty_with_and_without_a_total(script: Scripted, feed: Feed, totals: bool) -> None:
    script.on("/courses", listed("courses", [], totals=totals))
    assert walk(feed) == look(feed) == []


@pytest.mark.parametrize("totals", [True, False])
@pytest.mark.parametrize("cap", [1, 2, 3, 5, 6, 100])
def test_REL_1_capped_pages_go_on_by_the_rows_received(script: Scripted, feed: Feed, cap: int, totals: bool) -> None:
    script.on("/courses", listed("courses", rows(*"abcdef"), cap=cap, totals=totals))
    assert walk(feed) == look(feed) == list("abcdef")


def test_REL_1_an_exact_multiple_of_the_limit_is_whole(script: Scripted, feed: Feed) -> None:
    ids = [f"{number:04}" for number in range(200)]
    script.on("/courses", listed("courses", rows(*ids), cap=100))
    assert walk(feed) == look(feed) == ids


def test_REL_1_without_a_total_only_an_empty_page_ends(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b"), page("c"), page("d", "e"), page(), page("e"))
    assert look(feed) == ["a", "b", "c", "d", "e"]


def test_REL_1_an_empty_page_by_mistake_is_found_out(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b"), page(), page("c"))
    with pytest.raises(Drift):
        walk(feed)
    script.on("/courses", page("a", "b", total=3), page(total=3), page("c", total=3))
    with pytest.raises(Drift):
        walk(feed)


def test_REL_1_a_page_in_the_middle_that_lost_a_row_is_found_out(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "c", total=4), page("c", "d", total=4), page("d", total=4), page(total=4))
    with pytest.raises(Drift):
        walk(feed)


def test_REL_1_a_page_that_lost_its_end_loses_nothing(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b", total=3), page("c", total=3))
    assert walk(feed) == ["a", "b", "c"]


@pytest.mark.parametrize("cap", [2, 100])
def test_REL_1_a_total_that_counts_only_the_page_hides_nothing(script: Scripted, feed: Feed, cap: int) -> None:
    ids = [f"{number:03}" for number in range(cap + 1)]
    script.on("/courses", listed("courses", rows(*ids), cap=cap, X_Total_Count=str(cap)))
    with pytest.raises(Drift):
        walk(feed)


def test_REL_1_a_round_page_that_claims_to_be_all_is_asked_to_go_on(script: Scripted, feed: Feed) -> None:
    ids = [f"{number:03}" for number in range(101)]
    script.on("/courses", listed("courses", rows(*ids), cap=100, X_Total_Count="100"))
    with pytest.raises(Drift):
        look(feed)


@pytest.mark.parametrize(
    "replies",
    [
        [page("a", "b", total=3), page(total=3)],
        [page("a", "b", total=3), page("c", total=4)],
        [page("a", "b", total=1)],
        [page("a", "b", total=4), page("b", "c", total=4), page(total=4)],
        [page("a", "a", total=2)],
        [page("a", total=2, count=2)],
        [page("a", "b", total=2, count=1)],
        [page("a", "b"), page("b", "c")],
        [page("a", "b"), page("a", "b")],
        [page("a", "b", total=2), page("c", total=2)],
        [page("a", "b", total=2), page("b", "c", total=2)],
        [page("a", "b", total=2), page(total=2)],
        [page("a", "b"), page(), page("x")],
    ],
)
def test_REL_28_counts_and_ids_that_contradict_each_other_are_drift(
    script: Scripted, feed: Feed, replies: list[Reply]
) -> None:
    script.on("/courses", *replies)
    with pytest.raises(Drift):
        walk(feed)


@pytest.mark.parametrize(
    "replies",
    [
        [page("a", "b", "b", total=2), page("b", total=2)],
        [page("a", "b", total=3), page("b", "c", total=3), page("c", total=3)],
        [page("a", "b", "b"), page(), page("b")],
    ],
)
def test_REL_28_a_record_that_comes_twice_word_for_word_is_one(
    script: Scripted, feed: Feed, replies: list[Reply]
) -> None:
    script.on("/courses", *replies)
    found = walk(feed)
    assert found == sorted({str(one) for one in found})


def test_REL_28_a_page_with_a_row_twice_hides_no_other(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", "b", "b", total=4), page("c", total=4), page("d", total=4))
    assert walk(feed) == ["a", "b", "c", "d"]
    assert [offset for _, offset in asked(script)] == [0, 2, 3, 3]


def test_REL_28_two_records_of_one_id_are_drift(script: Scripted, feed: Feed) -> None:
    twins = [{"sourcedId": "a", "title": "Art"}, {"sourcedId": "a", "title": "Band"}]
    script.on("/courses", listed("courses", twins, X_Total_Count="1"))
    with pytest.raises(Drift):
        walk(feed)
    script.on("/courses", listed("courses", twins, cap=1))
    with pytest.raises(Drift):
        walk(feed)


def test_REL_29_a_record_without_an_id_is_counted_and_costs_nobody_else(script: Scripted, feed: Feed) -> None:
    odd: list[dict[str, Any]] = [{"sourcedId": ""}, {"title": "Nameless"}, {"sourcedId": None}]
    script.on("/courses", listed("courses", [*rows(*"abcd"), *odd]))
    assert walk(feed) == ["a", "b", "c", "d", "", None, None]


def test_REL_1_a_page_of_records_without_ids_is_no_page(script: Scripted, feed: Feed) -> None:
    script.on("/courses", listed("courses", [{"title": "Nameless"}] * 3))
    with pytest.raises(IncompleteAnswer, match="without their ids"):
        walk(feed)


def test_REL_28_a_new_revision_in_the_middle_is_drift(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", total=2, revision="1"), page("b", total=2, revision="2"))
    with pytest.raises(Drift):
        walk(feed)


def test_REL_28_a_new_pull_may_have_a_new_revision(script: Scripted, feed: Feed) -> None:
    def pull() -> list[str | int | None]:
        feed.begin()
        return walk(feed)

    script.on("/courses", page("a", total=2, revision="1"), page("b", total=2, revision="2"), page("c", total=1))
    assert settled(pull) == ["c"]


def test_REL_28_three_disturbed_pulls_are_incomplete(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", total=2, count=2))
    with pytest.raises(IncompleteAnswer):
        settled(lambda: walk(feed))
    assert len(script.asked) == 3


@pytest.mark.parametrize("heavy", [502, 504])
def test_pages_that_are_too_heavy_are_asked_for_in_smaller_ones(script: Scripted, feed: Feed, heavy: int) -> None:
    script.on("/courses", page("a", total=2), *[status(heavy)] * 3, page("b", total=2), page(total=2))
    assert walk(feed) == ["a", "b"]
    assert asked(script)[-2:] == [(1_000, 1), (1_000, 2)]


def test_a_page_that_is_always_too_heavy_is_trouble(script: Scripted, feed: Feed) -> None:
    script.on("/courses", page("a", total=2), status(502))
    with pytest.raises(Unreachable):
        walk(feed)
    assert [limit for limit, _ in asked(script)] == [10_000] * 4 + [1_000] * 3 + [100] * 3


def test_a_server_that_knows_no_order_is_asked_without_from_then_on(script: Scripted, feed: Feed) -> None:
    for path in ("/courses?limit=10000&offset=0", "/courses?limit=10000&offset=1"):
        script.on(path, listed("courses", rows("b", "a")))
    script.on("/courses", status(400))
    assert walk(feed) == walk(feed) == ["b", "a"]
    assert asked(script) == [(10_000, 0)]
    assert asked(script, order="") == [(10_000, 0), (10_000, 1)] * 2


def test_REL_1_without_an_order_several_pages_need_a_total(script: Scripted, feed: Feed) -> None:
    for offset in (0, 2):
        script.on(f"/courses?limit=10000&offset={offset}", listed("courses", rows("b", "a", "c"), cap=2))
    script.on("/courses", status(400))
    assert walk(feed) == ["b", "a", "c"]
    for offset in (0, 2, 3):
        target = f"/courses?limit=10000&offset={offset}"
        script.on(target, listed("courses", rows("b", "a", "c"), cap=2, totals=False))
    with pytest.raises(IncompleteAnswer, match="order"):
        walk(feed)


def test_a_limit_that_is_refused_is_lowered(script: Scripted, feed: Feed) -> None:
    for path in ("/courses?limit=1000&offset=0", "/courses?limit=1000&offset=1"):
        script.on(path + "&sort=sourcedId&orderBy=asc", listed("courses", rows("a", "b")))
    script.on("/courses", status(400))
    assert walk(feed) == walk(feed) == ["a", "b"]
    assert asked(script) == [(10_000, 0), (1_000, 0), (1_000, 1), (1_000, 0), (1_000, 1)]


@pytest.mark.parametrize("behind", [400, 404, 416])
def test_a_server_may_refuse_an_offset_behind_the_end(script: Scripted, feed: Feed, behind: int) -> None:
    script.on("/courses", page("a", total=1), status(behind))
    assert walk(feed) == ["a"]


def test_REL_27_a_list_without_end_is_incomplete(script: Scripted, feed: Feed) -> None:
    script.on("/courses", *(page(str(one)) for one in range(1000)))
    with pytest.raises(IncompleteAnswer, match="does not end"):
        walk(feed)


@pytest.mark.parametrize(
    "answer", [status(404), doc({}), doc({"status": "failure"}), doc({"courses": None}), doc({"courses": {}})]
)
def test_REL_1_a_collection_that_is_not_there_is_no_empty_one(script: Scripted, feed: Feed, answer: Reply) -> None:
    script.on("/courses", answer)
    with pytest.raises(IncompleteAnswer):
        walk(feed)


def test_links_to_a_next_page_are_not_followed(script: Scripted, feed: Feed) -> None:
    script.on("/courses", listed("courses", rows("a"), Link='<https://elsewhere.example/courses>; rel="next"'))
    assert walk(feed) == ["a"]
