"""Walking Clever's lists, page by page, when they behave and when they do not."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.providers.scripted import Reply, Scripted, body, doc, status
from webapp.providers.answers import decode
from webapp.providers.clever.listing import pages, pages_to_the_end
from webapp.providers.clever.records import Listing, SchoolRow
from webapp.providers.drift import Drift
from webapp.providers.errors import IncompleteAnswer, Unreachable
from webapp.providers.links import joined
from webapp.providers.wire import Wire

FIRST = "/v3.1/schools?limit=10000"


def page(*ids: str, next_: str = "") -> Reply:
    links = [{"rel": "self", "uri": FIRST}, {"rel": "prev", "uri": "/v3.1/schools?ending_before=0"}]
    links += [{"rel": "next", "uri": next_}] if next_ else []
    return doc({"data": [{"data": {"id": id_}, "uri": f"/v3.1/schools/{id_}"} for id_ in ids], "links": links})


@pytest.fixture
def walk(script: Scripted, wire: Wire) -> Callable[[], list[str]]:
    def walked(through: Callable[..., object] = pages) -> list[str]:
        def ask(url: str) -> Listing[SchoolRow]:
            return decode(wire, wire.get(url, {}), Listing[SchoolRow])

        found = through(ask, partial(joined, script.url), f"{script.url}/v3.1/schools", wire.limits.pages)
        return [row.id for rows in found for row in rows]  # type: ignore[attr-defined]

    return walked


def after(id_: str, limit: int = 10_000) -> str:
    return f"/v3.1/schools?limit={limit}&starting_after={id_}"


def proof(id_: str) -> str:
    return f"/v3.1/schools?starting_after={id_}&limit=1"


def test_an_empty_list_is_empty(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page())
    assert walk() == walk(pages_to_the_end) == []


def test_next_is_followed_to_the_end(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", "b", next_=after("b")))
    script.on(after("b"), page("c", next_=after("c")))
    script.on(after("c"), page())
    assert walk() == ["a", "b", "c"]


def test_a_page_that_lost_its_end_loses_nobody(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", next_=after("b") + "&extra=1"))
    script.on(after("a") + "&extra=1", page("b", "c"))
    assert walk() == ["a", "b", "c"]


def bent(target: str) -> str:
    """The same address with its parameters the other way round."""
    path, _, query = target.partition("?")
    return f"{path}?{'&'.join(reversed(query.split('&')))}"


@pytest.mark.parametrize("whole_address", [False, True])
def test_next_may_be_a_path_or_an_address_and_order_its_keys_as_it_likes(
    script: Scripted, walk: Callable[..., list[str]], whole_address: bool
) -> None:
    link = bent(after("b"))
    script.on(FIRST, page("a", "b", next_=(script.url if whole_address else "") + link))
    script.on(link, page("c"))
    assert walk() == ["a", "b", "c"]


def test_prev_is_never_followed(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a"))
    assert walk() == ["a"] and script.asked == [FIRST]


@pytest.mark.parametrize("links", ['"links": null', '"links": []', '"other": 1'])
def test_a_list_without_links_has_one_page(script: Scripted, walk: Callable[..., list[str]], links: str) -> None:
    script.on(FIRST, body(b'{%s, "data": [{"uri": "", "data": {"name": "A", "id": "a"}}]}' % links.encode()))
    assert walk() == ["a"]


def test_a_record_that_was_deleted_between_two_pages_bounds_the_next_one_all_the_same(
    script: Scripted, walk: Callable[..., list[str]]
) -> None:
    script.on(FIRST, page("a", "b", next_=after("b")))
    script.on(after("b"), page("d"))
    script.on(proof("b"), page("d"))
    assert walk(pages_to_the_end) == ["a", "b", "d"]


def test_one_record_twice_in_a_page_counts_once(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", "a", "b", "a"))
    assert walk() == ["a", "b"]


def test_REL_28_one_record_twice_with_different_values_is_drift(
    script: Scripted, walk: Callable[..., list[str]]
) -> None:
    rows = [{"data": {"id": "a", "name": name}} for name in ("East", "West")]
    script.on(FIRST, doc({"data": rows}))
    with pytest.raises(Drift):
        walk()


def test_an_empty_page_in_the_middle_is_not_the_end(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", next_=after("a")))
    script.on(after("a"), page(next_=after("a") + "&again=1"))
    script.on(after("a") + "&again=1", page("b"))
    assert walk() == ["a", "b"]


def test_the_end_is_proven_by_the_last_record(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", "b"))
    script.on(proof("a"), page("b"))
    assert walk(pages_to_the_end) == ["a", "b"]


def test_REL_1_a_last_page_that_lost_its_end_is_made_good(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", "b"))
    script.on(proof("a"), page("b", next_=after("b", limit=1)))
    script.on("/v3.1/schools?starting_after=b&limit=10000", page("c"))
    script.on(proof("b"), page("c"))
    assert walk(pages_to_the_end) == ["a", "b", "c"]


@pytest.mark.parametrize("there", [[], ["c"], ["a"]])
def test_REL_28_another_last_record_is_drift(
    script: Scripted, walk: Callable[..., list[str]], there: list[str]
) -> None:
    script.on(FIRST, page("a", "b"))
    script.on(proof("a"), page(*there))
    with pytest.raises(Drift):
        walk(pages_to_the_end)


@pytest.mark.parametrize("second", [["b", "c"], ["a"], ["d", "c"]])
def test_REL_28_ids_that_do_not_ascend_are_drift(
    script: Scripted, walk: Callable[..., list[str]], second: list[str]
) -> None:
    script.on(FIRST, page("a", "b", next_=after("b")))
    script.on(after("b"), page(*second))
    with pytest.raises(Drift):
        walk()


def test_REL_1_a_next_that_was_followed_before_is_drift(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", next_=after("a")))
    script.on(after("a"), page(next_=after("a")))
    with pytest.raises(Drift):
        walk()


def test_REL_27_a_list_without_end_is_incomplete(script: Scripted, walk: Callable[..., list[str]]) -> None:
    endless = iter(range(1, 1000))
    script.on("/v3.1/schools", *(page(f"{one:03}", next_=f"{FIRST}&page={one}") for one in endless))
    with pytest.raises(IncompleteAnswer, match="does not end"):
        walk()


def test_REL_27_a_next_on_another_host_is_refused(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on(FIRST, page("a", next_="https://elsewhere.example/v3.1/schools?starting_after=a"))
    with pytest.raises(IncompleteAnswer):
        walk()


@pytest.mark.parametrize("code", [413, 502])
def test_pages_that_are_too_heavy_are_asked_for_in_smaller_ones(
    script: Scripted, walk: Callable[..., list[str]], code: int
) -> None:
    script.on(FIRST, status(code))
    script.on("/v3.1/schools?limit=1000", page("a", next_=after("a", limit=1000)))
    script.on(after("a", limit=1000), status(code))
    script.on(after("a", limit=100), page("b"))
    assert walk() == ["a", "b"]


def test_a_service_that_fails_at_every_size_is_unreachable(script: Scripted, walk: Callable[..., list[str]]) -> None:
    script.on("/v3.1/schools", status(502))
    with pytest.raises(Unreachable):
        walk()
